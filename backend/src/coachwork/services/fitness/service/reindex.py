"""The index made whole again: after another embedder, after a loss, as far as one call's time goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.sql.session import Session
from coachwork.chassis.vectors import Item
from coachwork.services.fitness.domain.knowledge.passages import passage_ids
from coachwork.services.fitness.repository import knowledge as repository
from coachwork.services.fitness.repository.knowledge import Displaced
from coachwork.services.fitness.service.knowledge import BATCH, Knowledge

_PAGE = 100


@dataclass(frozen=True)
class Reindexed:
    """What a call did, and how many passages are still to be embedded."""

    embedded: int
    removed: int
    remaining: int


def reindex(knowledge: Knowledge, limit: int, deadline: Deadline) -> Reindexed:
    """Embed up to `limit` passages that the index lacks or has of another embedder, until the deadline.

    First everything another embedder made leaves the index, which cannot hold two: passages of the seeds are kept in
    the database meanwhile, those of documents are made of their originals. What one call leaves undone the next finds,
    whether it ended well or not.

    Raises:
        KnowledgeBusy: somebody else changes the knowledge; what was done until then stays done.
    """
    embedded, removed = 0, _remove_strange(knowledge, deadline)
    if deadline.left_seconds:
        for batch in _batches(knowledge):
            embedded += _put(knowledge, batch[: limit - embedded])
            if embedded >= limit or not deadline.left_seconds:
                break
    return Reindexed(embedded, removed, _remaining(knowledge))


def _remove_strange(knowledge: Knowledge, deadline: Deadline) -> int:
    """Take out what another embedder embedded, and passages of no document; return how many."""
    removed = 0
    while deadline.left_seconds:
        with knowledge.locked() as session:
            strange = sorted(_foreign(knowledge) | _orphans(knowledge, session))[:_PAGE]
            repository.displace(session, _seeded(knowledge.index.get(strange)))
        if not strange:
            break
        with knowledge.locked() as session:  # a new transaction: what leaves the index is stored by now
            still = _foreign(knowledge) | _orphans(knowledge, session)
            knowledge.index.delete([key for key in strange if key in still])
        removed += len(strange)
    return removed


def _foreign(knowledge: Knowledge) -> set[str]:
    return set(knowledge.index.ids()) - _ours(knowledge)


def _ours(knowledge: Knowledge) -> set[str]:
    return set(knowledge.index.ids({"embedder": knowledge.embedder.name}))


def _orphans(knowledge: Knowledge, session: Session) -> set[str]:
    known = set(_wanted(session))
    return {key for key in knowledge.index.ids() if key.startswith("doc-")} - known


def _wanted(session: Session) -> dict[str, str]:
    """Return the id of each document's passages, with the document's."""
    return {
        key: version.id
        for version in repository.versions(session)
        for key in passage_ids(version.id, version.content_sha256, version.passage_count)
    }


def _seeded(items: Sequence[Item]) -> list[Displaced]:
    return [Displaced(item.id, item.text, dict(item.metadata)) for item in items if "document_id" not in item.metadata]


def _batches(knowledge: Knowledge) -> Iterator[list[Item]]:
    """Yield what the index lacks, embedded a batch at a time."""
    yield from _displaced_batches(knowledge)
    with knowledge.database.service_session() as session:
        wanted = _wanted(session)
    missing = wanted.keys() - _ours(knowledge)
    for document_id in sorted({wanted[key] for key in missing}):
        with knowledge.database.service_session() as session:
            document = repository.original(session, document_id)
        if document:
            yield from knowledge.items(document, [key for key in missing if wanted[key] == document_id])


def _displaced_batches(knowledge: Knowledge) -> Iterator[list[Item]]:
    after = ""
    while True:
        with knowledge.database.service_session() as session:
            rows = repository.displaced(session, after, BATCH)
        if not rows:
            return
        after = rows[-1].id
        embeddings = knowledge.embedder.embed([f"{one.metadata['title']}\n\n{one.text}" for one in rows])
        yield [
            Item(one.id, one.text, embedding, {**one.metadata, "embedder": knowledge.embedder.name})
            for one, embedding in zip(rows, embeddings, strict=True)
        ]


def _put(knowledge: Knowledge, batch: Sequence[Item]) -> int:
    """Store those that are wanted still: not one of a document that changed, nor a seed that was loaded meanwhile."""
    with knowledge.locked() as session:
        known, there = _wanted(session), set(knowledge.index.ids())
        seeded = {item.id for item in batch if "document_id" not in item.metadata}
        items = [item for item in batch if item.id not in there and (item.id in seeded or item.id in known)]
        knowledge.index.upsert(items)
        repository.forget_displaced(session, [item.id for item in batch])
    return len(items)


def _remaining(knowledge: Knowledge) -> int:
    with knowledge.database.service_session() as session:
        missing = _wanted(session).keys() - _ours(knowledge)
        seeded = {key for key in _foreign(knowledge) if not key.startswith("doc-")}
        return len(missing) + len(seeded) + repository.displaced_count(session)
