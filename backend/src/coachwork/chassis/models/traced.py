"""A language model and an embedder whose calls a trace shows: which model, what for, how many tokens."""

from collections.abc import Sequence

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models.port import Answer, ChatModel, ChatRequest, Counted, Embedder, Heard, ToolChoice
from coachwork.chassis.observability.tracing import subsegment
from coachwork.chassis.snapshots import Prepares


class TracedChatModel:
    """A chat model whose calls are subsegments named model."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def prepare(self) -> None:
        """Let it import and read what it needs, before a snapshot is taken."""
        if isinstance(self._model, Prepares):
            self._model.prepare()

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Let the model choose."""
        with subsegment("model", model=self.name, operation="choose_tools") as annotations:
            choice = self._model.choose_tools(request, deadline=deadline)
            annotations["input_tokens"] = choice.usage.input_tokens
            annotations["output_tokens"] = choice.usage.output_tokens
        return choice

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Let the model answer."""
        with subsegment("model", model=self.name, operation="answer") as annotations:
            answer = self._model.answer(request, deadline=deadline, heard=heard)
            annotations["input_tokens"] = answer.usage.input_tokens
            annotations["output_tokens"] = answer.usage.output_tokens
        return answer


class TracedEmbedder:
    """An embedder whose calls are subsegments named embedder."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def name(self) -> str:
        """The embedder's own name."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return self._embedder.dimensions

    def prepare(self) -> None:
        """Let it import and read what it needs, before a snapshot is taken."""
        if isinstance(self._embedder, Prepares):
            self._embedder.prepare()

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Let the embedder embed."""
        told = 0

        def tell(tokens: int) -> None:
            nonlocal told
            told += tokens
            if counted:
                counted(tokens)

        with subsegment("embedder", model=self.name, texts=len(texts)) as annotations:
            vectors = self._embedder.embed(texts, counted=tell)
            annotations["tokens"] = told
        return vectors
