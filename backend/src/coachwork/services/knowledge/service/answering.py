"""One answer out of the caller's documents: found, asked of the model, and each citation held against the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.budget.callers import chat_model_for
from coachwork.chassis.budget.metered import is_free
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import OutOfTime
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import Answer, Heard, Passage
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.context import in_context
from coachwork.chassis.turns.limits import LEAST_SECONDS
from coachwork.services.knowledge.domain.chunks import Chunk
from coachwork.services.knowledge.domain.citing import Excerpt, excerpt_for, statements
from coachwork.services.knowledge.domain.evidence import has_evidence
from coachwork.services.knowledge.domain.hits import Found, Hit
from coachwork.services.knowledge.domain.turns import Citation, Scope
from coachwork.services.knowledge.prompts import NOTHING_FOUND, EarlierTurn, knowledge_request
from coachwork.services.knowledge.repository.chunks import ChunkStore
from coachwork.services.knowledge.service.retrieval import retrieve

_PASSAGES = 8


@dataclass(frozen=True)
class Answered:
    """An answer, not yet stored; `model` is None where no answer of a model is shown."""

    text: str
    model: str | None
    citations: Sequence[Citation]
    degraded: Sequence[str]
    input_tokens: int = 0
    output_tokens: int = 0


def answer_from_documents(
    resources: Resources,
    principal: Principal,
    question: str,
    scope: Scope,
    earlier: Sequence[EarlierTurn],
    *,
    begins: Callable[[], None] = lambda: None,
    deadline: Deadline | None = None,
    heard: Heard | None = None,
) -> Answered:
    """Answer a question from the caller's documents alone; where they hold no answer, say so.

    The stand-in for a model is not asked unless enough of the question's words are found; a real one judges for itself,
    but is heard only where it cites. What `begins` raises stops the answer before the model is asked.

    Raises:
        OutOfTime: there is no time to ask the model.
        CollectionNotFound: the scope names a collection that is not there.
        TokenBudgetSpent, DailyCeilingReached, DependencyError: what retrieval and the model raise.
    """
    sought = in_context(question, earlier[-1].question if earlier else None)
    found = _found(resources, principal, sought, scope)
    model = chat_model_for(resources, principal, "knowledge")
    if not found.hits or (is_free(model) and not has_evidence(sought, found.hits)):  # a real model judges for itself
        return Answered(NOTHING_FOUND, None, (), found.degraded)
    if deadline and deadline.left_seconds < LEAST_SECONDS:
        raise OutOfTime
    begins()
    hits = {f"p{place}": hit for place, hit in enumerate(found.hits, 1)}
    request = knowledge_request(question, sought=sought, earlier=earlier, passages=_passages(hits))
    answer = model.answer(request, deadline=deadline, heard=heard)
    return _judged(resources, principal.user_id, model.name, answer, hits, degraded=found.degraded)


def _judged(
    resources: Resources,
    owner_id: UUID,
    model: str,
    answer: Answer,
    hits: Mapping[str, Hit],
    *,
    degraded: Sequence[str],
) -> Answered:
    """Return an answer that leans on something; any other is none, however it sounds."""
    text, citations = _checked(resources, owner_id, answer, hits)
    used = (answer.usage.input_tokens, answer.usage.output_tokens)
    if not citations:
        return Answered(NOTHING_FOUND, None, (), degraded, *used)
    return Answered(text, model, citations, degraded, *used)


def _found(resources: Resources, principal: Principal, sought: str, scope: Scope) -> Found:
    return retrieve(
        resources,
        principal,
        sought,
        mode="hybrid",
        limit=_PASSAGES,
        collection_id=scope.collection_id,
        document_ids=scope.document_ids,
        tags=scope.tags,
    )


def _passages(hits: Mapping[str, Hit]) -> list[Passage]:
    return [Passage(name, _title(hit), hit.text) for name, hit in hits.items()]


def _title(hit: Hit) -> str:
    heads = hit.heading and not hit.text.startswith(hit.heading)
    return f"{hit.document_name}, page {hit.page}" + (f": {hit.heading}" if heads else "")


def _checked(
    resources: Resources, owner_id: UUID, answer: Answer, hits: Mapping[str, Hit]
) -> tuple[str, list[Citation]]:
    """Return the text and its citations, of those only whose chunk is in the stored text as it was found."""
    _, names = normalised(answer.text, answer.citations, hits.keys())
    chunks = _stored(resources, owner_id, {name: hits[name] for name in names})
    text, names = normalised(answer.text, answer.citations, chunks.keys())
    return text, [
        _citation(marker, hits[name], excerpt_for(statements(text, marker), chunks[name]))
        for marker, name in enumerate(names, 1)
    ]


def _stored(resources: Resources, owner_id: UUID, hits: Mapping[str, Hit]) -> dict[str, Chunk]:
    """Return the chunk of each hit that is in the store as it was found."""
    store = ChunkStore(resources.blobs("documents"))
    sources = {(hit.document_id, hit.generation) for hit in hits.values()}
    stored = {source: store.read(owner_id, *source) or [] for source in sources}
    found = {
        name: chunk
        for name, hit in hits.items()
        for chunk in stored[hit.document_id, hit.generation][hit.number : hit.number + 1]
    }
    return {name: chunk for name, chunk in found.items() if chunk.text == hits[name].text}


def _citation(marker: int, hit: Hit, excerpt: Excerpt) -> Citation:
    return Citation(
        marker, hit.document_id, hit.document_name, hit.number, hit.page, excerpt.start, excerpt.end, excerpt.text
    )
