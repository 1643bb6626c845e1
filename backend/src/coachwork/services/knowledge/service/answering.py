"""One answer out of the caller's documents: found, asked of the model, and each citation held against the page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.budget.callers import chat_model_for
from coachwork.chassis.budget.metered import is_free
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import OutOfTime
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import Heard, Passage
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.context import in_context
from coachwork.chassis.turns.limits import LEAST_SECONDS
from coachwork.services.knowledge.domain.chunks import Chunk
from coachwork.services.knowledge.domain.citing import excerpt_for, statements
from coachwork.services.knowledge.domain.evidence import has_evidence
from coachwork.services.knowledge.domain.hits import Hit
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

    The stand-in for a model is not asked unless enough of the question's words are found; a real one is, and judges
    for itself, but is heard only where it cites.

    Args:
        begins: is told before the model is asked; what it raises stops the answer.
        deadline, heard: the model's.

    Raises:
        OutOfTime: there is no time to ask the model.
        CollectionNotFound: the scope names a collection that is not there.
        TokenBudgetSpent, DailyCeilingReached, DependencyError: what retrieval and the model raise.
    """
    sought = in_context(question, earlier[-1].question if earlier else None)
    found = retrieve(
        resources,
        principal,
        sought,
        mode="hybrid",
        limit=_PASSAGES,
        collection_id=scope.collection_id,
        document_ids=scope.document_ids,
        tags=scope.tags,
    )
    model = chat_model_for(resources, principal)
    if not found.hits or (is_free(model) and not has_evidence(sought, found.hits)):  # a real model judges for itself
        return Answered(NOTHING_FOUND, None, (), found.degraded)
    if deadline and deadline.left_seconds < LEAST_SECONDS:
        raise OutOfTime
    begins()
    hits = {f"p{place}": hit for place, hit in enumerate(found.hits, 1)}
    passages = [Passage(name, _title(hit), hit.text) for name, hit in hits.items()]
    request = knowledge_request(question, sought=sought, earlier=earlier, passages=passages)
    answer = model.answer(request, deadline=deadline, heard=heard)
    text, names = normalised(answer.text, answer.citations, hits.keys())
    text, citations = _checked(resources, principal.user_id, text, names, hits)
    used = answer.usage
    if not citations:  # what leans on nothing is no answer from the documents, however it sounds
        return Answered(NOTHING_FOUND, None, (), found.degraded, used.input_tokens, used.output_tokens)
    return Answered(text, model.name, citations, found.degraded, used.input_tokens, used.output_tokens)


def _title(hit: Hit) -> str:
    return f"{hit.document_name}, page {hit.page}" + (f": {hit.heading}" if hit.heading else "")


def _checked(
    resources: Resources, owner_id: UUID, text: str, names: Sequence[str], hits: Mapping[str, Hit]
) -> tuple[str, list[Citation]]:
    """Return the text and its citations, of those only whose chunk is in the stored text as it was found."""
    store, chunks = ChunkStore(resources.blobs("documents")), dict[tuple[UUID, int], list[Chunk] | None]()
    sound = []
    for name in names:
        hit = hits[name]
        of = (hit.document_id, hit.generation)
        if of not in chunks:
            chunks[of] = store.read(owner_id, *of)
        found = chunks[of]
        if found and hit.number < len(found) and found[hit.number].text == hit.text:
            sound.append(name)
    text, kept = normalised(text, names, frozenset(sound))
    citations = []
    for marker, name in enumerate(kept, 1):
        hit = hits[name]
        stored = chunks[hit.document_id, hit.generation]
        assert stored is not None  # noqa: S101  it is sound
        excerpt = excerpt_for(statements(text, marker), stored[hit.number])
        citations.append(
            Citation(
                marker,
                hit.document_id,
                hit.document_name,
                hit.number,
                hit.page,
                excerpt.start,
                excerpt.end,
                excerpt.text,
            )
        )
    return text, citations
