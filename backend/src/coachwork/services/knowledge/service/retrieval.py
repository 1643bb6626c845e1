"""Search in the caller's documents by meaning and by words; what DynamoDB calls searchable is found, and nothing else.

The legs may lag behind: an index holds a generation until it is removed, and one that is being made already. So each
hit is held against the documents as they are, and dropped when it is of another generation.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.budget.callers import embedder_for
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import DependencyError, ModelUnavailable, ObjectStoreUnavailable, VectorIndexUnavailable
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.keywords import Entry, KeywordIndexUnavailable, Source
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.domain.fusion import Fused, fused
from coachwork.services.knowledge.domain.hits import Found, Hit, Ranks
from coachwork.services.knowledge.errors import CollectionNotFound
from coachwork.services.knowledge.repository.chunks import ChunkStore
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.schemas.search import Leg, Mode
from coachwork.services.knowledge.service.owner import INDEX

_DEPTH = 60
"""How many hits a leg gives at least: what is deeper adds nothing to the first places of a fusion."""
_MOST = 1_000
_LOADING_SECONDS = 8.0
"""How long a search reads chunks that this instance has not indexed yet; the next one goes on."""
_ALONE: Mapping[Mode, Sequence[Leg]] = {"hybrid": ("vector", "keyword"), "vector": ("vector",), "keyword": ("keyword",)}

Place = tuple[Source, int]
"""A chunk: its document at a generation, and its number."""


@dataclass(frozen=True)
class _Leg:
    """What a leg found, the best first, with its own scores; and whether that is all of it."""

    scores: Mapping[Place, float]
    is_whole: bool = True


def retrieve(
    resources: Resources,
    principal: Principal,
    query: str,
    *,
    mode: Mode,
    limit: int,
    collection_id: UUID | None = None,
    document_ids: Sequence[UUID] | None = None,
    tags: Sequence[str] = (),
) -> Found:
    """Return up to `limit` chunks of the caller's documents, of those that the filters let through.

    A hybrid search goes on with one leg when the other is down, and says so.

    Raises:
        CollectionNotFound: the caller has no such collection.
        TokenBudgetSpent, DailyCeilingReached: no tokens are left to embed the query; a keyword search needs none.
        DependencyError: no leg of the mode could be asked.
    """
    owner_id = principal.user_id
    documents = _documents(resources, owner_id, collection_id, document_ids, tags)
    if not documents:
        return Found([])
    is_all = collection_id is None and document_ids is None and not tags
    search = _Search(resources, principal, query, max(_DEPTH, limit), documents, is_all=is_all)
    legs, degraded = _asked(search, _ALONE[mode])
    ranked = fused({leg: list(found.scores) for leg, found in legs.items()})
    chosen = [one if mode == "hybrid" else _by_leg(one, legs) for one in ranked[:limit]]
    return Found(search.hits(chosen, legs), degraded)


def _documents(
    resources: Resources,
    owner_id: UUID,
    collection_id: UUID | None,
    document_ids: Sequence[UUID] | None,
    tags: Sequence[str],
) -> list[Document]:
    table = resources.tables("documents")
    if collection_id is not None and Collections(table).get(owner_id, collection_id) is None:
        raise CollectionNotFound
    return Documents(table).indexed(owner_id, collection_id=collection_id, document_ids=document_ids, tags=tags)


def _asked(search: "_Search", names: Sequence[Leg]) -> tuple[dict[Leg, _Leg], list[Leg]]:
    """Ask the legs; return what those found that answered, and which did not do all of their part."""
    asks: Mapping[Leg, Callable[[], _Leg]] = {"vector": search.by_vector, "keyword": search.by_keywords}
    legs: dict[Leg, _Leg] = {}
    failures: list[DependencyError] = []
    for name in names:
        try:
            legs[name] = asks[name]()
        except (VectorIndexUnavailable, ModelUnavailable, KeywordIndexUnavailable, ObjectStoreUnavailable) as error:
            logger.warning("search degraded", leg=name, problem=error.slug)
            failures.append(error)
    if not legs:
        raise failures[0]
    return legs, [name for name in names if name not in legs or not legs[name].is_whole]


def _by_leg(one: Fused[Place, Leg], legs: Mapping[Leg, _Leg]) -> Fused[Place, Leg]:
    """Return a hit of a search with one leg, with that leg's score."""
    [leg] = legs.values()
    return Fused(one.key, leg.scores[one.key], one.ranks)


class _Search:
    """One search of one owner, in these documents; `is_all` when the owner has no others."""

    def __init__(
        self,
        resources: Resources,
        principal: Principal,
        query: str,
        depth: int,
        documents: Sequence[Document],
        *,
        is_all: bool,
    ) -> None:
        self._resources = resources
        self._principal = principal
        self._query = query
        self._depth = depth
        self._documents = {Source(str(one.id), one.generation): one for one in documents}
        self._is_all = is_all
        self._owner = str(principal.user_id)
        self._deadline = Deadline(_LOADING_SECONDS)

    def by_vector(self) -> _Leg:
        """Return the nearest chunks, with their cosines."""
        [embedding] = embedder_for(self._resources, self._principal, "knowledge").embed([self._query])
        if not any(embedding):  # not one word that the embedder knows
            return _Leg({})
        index = self._resources.vector_index(INDEX)
        where: dict[str, str | list[str]] = {"owner_id": self._owner}
        documents = sorted(source.document_id for source in self._documents)
        if not self._is_all:
            where["document_id"] = documents
        depth = self._depth
        while True:
            hits = index.search(embedding, limit=depth, where=where)
            kept = {_place(hit.metadata): hit.score for hit in hits if _place(hit.metadata)[0] in self._documents}
            if len(kept) >= self._depth or len(kept) == len(hits):
                break
            # Some were of what is no more. An approximate index may not reach past many of these, however deep it is
            # asked, so they are kept out first; then there are generations of what is there.
            if "document_id" not in where:
                where["document_id"] = documents
            elif len(hits) < depth or depth >= _MOST:
                break
            else:
                depth = min(_MOST, 4 * depth)
        return _Leg(dict(list(kept.items())[: self._depth]))

    def by_keywords(self) -> _Leg:
        """Return the chunks that have the query's words, with their BM25."""
        found = self._resources.keyword_index().search(
            self._owner,
            self._query,
            self._documents.keys(),
            self._load,
            limit=self._depth,
            deadline=self._deadline,
            only=self._is_all,
        )
        return _Leg({(hit.source, hit.number): hit.score for hit in found.hits}, is_whole=not found.missing)

    def hits(self, chosen: Sequence[Fused[Place, Leg]], legs: Mapping[Leg, _Leg]) -> list[Hit]:
        """Return the chunks themselves; one that was removed meanwhile is left out."""
        entries = self._entries([one.key for one in chosen])
        cosines = legs["vector"].scores if "vector" in legs else {}
        return [
            _hit(self._documents[one.key[0]], entries[one.key], one, cosines.get(one.key))
            for one in chosen
            if one.key in entries
        ]

    def _entries(self, places: Sequence[Place]) -> Mapping[Place, Entry]:
        try:
            return self._resources.keyword_index().read(self._owner, places, self._load, deadline=self._deadline)
        except KeywordIndexUnavailable:
            sources: Collection[Source] = {source for source, _ in places}
            return {(source, entry.number): entry for source in sources for entry in self._load(source) or ()}

    def _load(self, source: Source) -> list[Entry] | None:
        """Read a document's chunks as they are kept."""
        store = ChunkStore(self._resources.blobs("documents"))
        chunks = store.read(self._principal.user_id, UUID(source.document_id), source.generation)
        if chunks is None:
            return None
        return [Entry(one.number, one.heading, one.text, json.dumps([one.page, one.start, one.end])) for one in chunks]


def _place(metadata: Mapping[str, object]) -> Place:
    return Source(str(metadata["document_id"]), int(str(metadata["generation"]))), int(str(metadata["number"]))


def _hit(document: Document, entry: Entry, one: Fused[Place, Leg], similarity: float | None) -> Hit:
    page, start, end = json.loads(entry.details)
    return Hit(
        document_id=document.id,
        document_name=document.name,
        generation=document.generation,
        number=entry.number,
        page=page,
        start=start,
        end=end,
        heading=entry.heading,
        text=entry.text,
        score=one.score,
        ranks=Ranks(one.ranks.get("vector"), one.ranks.get("keyword")),
        similarity=similarity,
    )
