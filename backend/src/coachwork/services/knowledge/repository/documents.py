"""Documents in their table: each change is one write that fails if somebody else wrote first.

With a document is written, in one transaction, what must agree with it: the claim of its file's hash, the tally of its
owner, and that its collection is there.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import UUID

from coachwork.chassis.documents.port import ABSENT, Check, Delete, Expected, Key, NotAsExpected, Put, Table, Write
from coachwork.chassis.documents.port import Document as Stored
from coachwork.services.knowledge.domain.documents import Claim, Document, Stats, claim_of, stats_of
from coachwork.services.knowledge.errors import (
    CollectionNotFound,
    DocumentNotFound,
    DuplicateDocument,
    TooManyDocuments,
)
from coachwork.services.knowledge.repository.rows import (
    DOCUMENT,
    FILE_HASH_INDEX,
    attributes_of,
    claim_attributes,
    claim_key,
    collection_key,
    document_key,
    document_of,
    file_hash,
    partition_of,
    seconds,
)
from coachwork.services.knowledge.repository.tally import fewer, read_tally, tried

_PAGE = 500
_MOST_OF_A_HASH = 100

Clock = Callable[[], datetime]
Transition = Callable[[Document], Document]


class Documents:
    """Everybody's documents.

    What was deleted, or was to be uploaded and never was, is not found, though its row may still be there.

    Args:
        table: where they are.
        clock: the present, aware.
    """

    def __init__(self, table: Table, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._table = table
        self._clock = clock

    def get(self, owner_id: UUID, document_id: UUID) -> Document | None:
        """Return an owner's document as it is now."""
        stored = self._table.get(document_key(owner_id, document_id))
        return self._there(stored) if stored else None

    def get_many(self, owner_id: UUID, document_ids: Sequence[UUID]) -> list[Document]:
        """Return those that there are, in the order asked."""
        stored = self._table.get_many([document_key(owner_id, one) for one in document_ids])
        return [found for found in map(self._there, stored) if found]

    def indexed(
        self,
        owner_id: UUID,
        *,
        collection_id: UUID | None = None,
        tags: Sequence[str] = (),
        document_ids: Sequence[UUID] | None = None,
    ) -> list[Document]:
        """Return the documents that may be searched, each at its `generation`: of them all, or of those that are
        in the collection, have every tag, and are among the ids.
        """
        named = None if document_ids is None else self.get_many(owner_id, [*dict.fromkeys(document_ids)])
        return [
            document
            for document in (self.all(owner_id) if named is None else named)
            if document.is_searched
            and (collection_id is None or document.collection_id == collection_id)
            and document.has(tags)
        ]

    def stats(self, owner_id: UUID) -> Stats:
        """Return how much an owner has."""
        return stats_of(list(self.all(owner_id)))

    def all(self, owner_id: UUID) -> Iterator[Document]:
        """Yield an owner's documents, the newest first."""
        now = self._clock()
        return (found for found in self.rows(owner_id, at_once=_PAGE) if found.is_there(now))

    def rows(self, owner_id: UUID, *, after: UUID | None = None, at_once: int) -> Iterator[Document]:
        """Yield what an owner has and has no longer but is not removed yet, the newest first.

        Args:
            after: only those older than this one.
            at_once: how many are read in a request, 1 to 1,000; as many as are going to be wanted is cheapest.
        """
        position = document_key(owner_id, after).sort if after else None
        while True:
            page = self._table.query(
                partition_of(owner_id), prefix=DOCUMENT, descending=True, after=position, limit=at_once
            )
            yield from (document_of(stored.key, stored.attributes) for stored in page.documents)
            position = page.next_after
            if position is None:
                return

    def with_file(self, owner_id: UUID, sha256: str) -> list[Document]:
        """Return an owner's documents of this very file, the newest first; one made a moment ago may be missing."""
        found = self._table.query_index(FILE_HASH_INDEX, file_hash(owner_id, sha256), limit=_MOST_OF_A_HASH)
        there = [document for document in map(self._there, found) if document]
        return sorted(there, key=lambda document: document.id, reverse=True)

    def create(self, document: Document, most: int) -> None:
        """Store a new document, of which its owner may have `most`.

        Raises:
            DuplicateDocument: another document of the collection claims its hash.
            CollectionNotFound: its collection is not there, or is being deleted.
            TooManyDocuments: there are as many.
            AccountGone: the owner's account was deleted.
        """

        def attempt() -> None:
            tally = read_tally(self._table, document.owner_id)
            count = tally.documents
            if count >= most:  # it counts some that expired: those that are there decide
                count = sum(1 for _ in self.all(document.owner_id))
            if count >= most:
                raise TooManyDocuments(most)
            writes = [*self._writes(None, document, 0), tally.with_documents(count + 1).put()]
            self._do(writes)

        tried(attempt)

    def change(self, owner_id: UUID, document_id: UUID, transition: Transition) -> Document:
        """Store what a transition makes of a document, and return it; it may be asked again with a newer one.

        Raises:
            DocumentNotFound: there is none.
            DuplicateDocument, CollectionNotFound: as `create`.
            Whatever the transition does.
        """

        def attempt() -> Document:
            stored = self._table.get(document_key(owner_id, document_id))
            if stored is None:
                raise DocumentNotFound
            before = document_of(stored.key, stored.attributes)
            after = transition(before)
            if after != before:
                self._do(self._writes(before, after, stored.attributes["revision"]))
            return after

        return tried(attempt)

    def forget(self, document: Document) -> bool:
        """Remove the row of a document of which nothing else is left; return whether there was one."""
        key = document_key(document.owner_id, document.id)
        try:
            self._table.transact([Delete(key, Expected(exists=True)), fewer(document.owner_id, "documents")])
        except NotAsExpected:
            return False
        return True

    def _do(self, writes: Sequence[Write]) -> None:
        """Do the writes of a document, the document's own first."""
        try:
            if len(writes) == 1:
                self._table.write(writes[0])
            else:
                self._table.transact(writes)
        except NotAsExpected as failure:
            refused = writes[failure.index]
            if isinstance(refused, Check):
                raise CollectionNotFound from failure
            if isinstance(refused, Put) and refused.key.sort.startswith("HASH#"):
                self._refuse(refused, failure)
            raise

    def _refuse(self, claim: Put, failure: NotAsExpected) -> None:
        """Say who has the claim; return when it was given up meanwhile."""
        holder = failure.found or self._table.get(claim.key)
        if holder is not None and holder.attributes["document_id"] != claim.attributes["document_id"]:
            raise DuplicateDocument(UUID(holder.attributes["document_id"])) from failure

    def _writes(self, before: Document | None, after: Document, revision: int) -> list[Write]:
        key = document_key(after.owner_id, after.id)
        expected = ABSENT if before is None else Expected(attributes={"revision": revision})
        writes: list[Write] = [Put(key, attributes_of(after, revision + 1), expected)]
        writes += self._claims(claim_of(before) if before else None, claim_of(after))
        if after.collection_id and (before is None or before.collection_id != after.collection_id):
            is_open = Expected(attributes={"is_open": True}, unless_after=("closing_until", seconds(self._clock())))
            writes.append(Check(collection_key(after.owner_id, after.collection_id), is_open))
        return writes

    def _claims(self, before: Claim | None, after: Claim | None) -> Iterator[Write]:
        """Yield what makes the claims those of the document as it is after its change."""
        stays = before is not None and after is not None and claim_key(before) == claim_key(after)
        if before == after:
            return
        if before and not stays and self._is_held(before):
            yield Delete(claim_key(before), Expected(attributes={"document_id": str(before.document_id)}))
        if after:
            mine = Expected(attributes={"document_id": str(after.document_id)})
            free = Expected(exists=False, unless_after=("expires_at", seconds(self._clock())))
            yield Put(claim_key(after), claim_attributes(after), mine if stays else free)

    def _is_held(self, claim: Claim) -> bool:
        """Whether the table still has it: once it has expired, it may be gone, or another's."""
        if claim.expires_at is None:
            return True
        stored = self._table.get(claim_key(claim))
        return stored is not None and stored.attributes["document_id"] == str(claim.document_id)

    def _there(self, stored: Stored) -> Document | None:
        document = document_of(Key(*stored.key), stored.attributes)
        return document if document.is_there(self._clock()) else None
