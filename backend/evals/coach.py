"""The coach itself, without a caller: its graph, screen, retrieval and model as in the service; nothing is stored."""

from collections.abc import Sequence
from typing import Any

from coachwork.chassis.models import ChatModel, Passage, ToolCall
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.resources import Resources
from coachwork.services.fitness import agent
from coachwork.services.fitness.domain.knowledge import COLLECTION
from evals.answers import Answering, Reply

_PASSAGES = 5


def coach_of(resources: Resources) -> Answering:
    """Return the coach these resources make, as the evaluation calls it."""
    return lambda question: agent.take_turn(_Ports(resources), question)


class _Ports:
    """A turn of nobody: no profile, no training, no tools."""

    def __init__(self, resources: Resources) -> None:
        self.chat_model: ChatModel = resources.chat_model()
        self._resources = resources

    def retrieve(self, question: str) -> Sequence[Passage]:
        """Return the passages nearest to the question."""
        [embedding] = self._resources.embedder().embed([question])
        hits = self._resources.vector_index(COLLECTION).search(embedding, limit=_PASSAGES)
        return [Passage(hit.id, str(hit.metadata["title"]), hit.text) for hit in hits]

    def collect(self) -> Sequence[str]:
        """Return nothing: there is no caller."""
        return []

    def run_tool(self, call: ToolCall) -> Any:  # noqa: ARG002  the port's signature
        """Run nothing: tools work on a caller's data."""
        return None

    def persist(self, reply: agent.Reply) -> Reply:
        """Return what the service would store."""
        retrieved = [passage.id for passage in reply.passages]
        text, citations = normalised(reply.answer.text, reply.answer.citations, retrieved)
        return Reply(text, citations, retrieved, reply.safety.concern.value if reply.safety else None)
