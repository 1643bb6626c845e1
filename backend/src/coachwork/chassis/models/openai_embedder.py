"""An embedder of OpenAI, or of any server with compatible embeddings."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models.openai_wire import Embeddings
from coachwork.chassis.models.port import Counted

if TYPE_CHECKING:
    from coachwork.chassis.models.openai_connection import OpenAIConnection

_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}
"""Source: https://platform.openai.com/docs/guides/embeddings."""

# far inside OpenAI's 2,048 inputs and 300,000 tokens a request, and small enough for compatible servers
_MOST_TEXTS = 256
_MOST_CHARACTERS = 200_000


class OpenAIEmbedder:
    """Embeds in batches, each with the connection's whole patience.

    Args:
        connection: may be shared with a chat model.
        model: the name the provider knows it by; it is also what tells collections apart.
    """

    def __init__(self, connection: "OpenAIConnection", model: str) -> None:
        self._connection = connection
        self._model = model
        self._dimensions = _DIMENSIONS.get(model)

    def prepare(self) -> None:
        """Import what the first request wants."""
        self._connection.prepare()

    @property
    def name(self) -> str:
        """The provider's name of the model."""
        return self._model

    @property
    def dimensions(self) -> int:
        """The length of each vector; of a model we do not know, learnt by embedding a word."""
        if self._dimensions is None:
            self.embed(["dimensions"])
        assert self._dimensions is not None  # noqa: S101  `embed` learnt it, or raised
        return self._dimensions

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Return one vector of unit length per text, in order; none of the texts may be blank."""
        return [vector for batch in _batches(texts) for vector in self._embed_batch(batch, counted)]

    def _embed_batch(self, texts: list[str], counted: Counted | None) -> list[list[float]]:
        embeddings = self._connection.send(
            "/embeddings",
            {"model": self._model, "input": texts, "encoding_format": "float"},
            Embeddings,
            deadline=self._connection.deadline(),
            model_variable="OPENAI_EMBEDDING_MODEL",
        )
        if counted and embeddings.usage:
            counted(embeddings.usage.prompt_tokens)
        rows = sorted(embeddings.data, key=lambda row: row.index)
        if [row.index for row in rows] != list(range(len(texts))):
            raise ModelUnavailable("The embedder did not return one vector for each text")
        return [self._unit(row.embedding) for row in rows]

    def _unit(self, vector: Sequence[float]) -> list[float]:
        if self._dimensions is None:
            self._dimensions = len(vector)
        length = math.hypot(*vector)
        if len(vector) != self._dimensions or not length or not math.isfinite(length):
            raise ModelUnavailable("The embedder's vectors are not what its model makes: check OPENAI_EMBEDDING_MODEL")
        return [value / length for value in vector]


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield the texts in order, in groups within both bounds; a text over the second stands alone."""
    batch: list[str] = []
    characters = 0
    for text in texts:
        if batch and (len(batch) == _MOST_TEXTS or characters + len(text) > _MOST_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(text)
        characters += len(text)
    if batch:
        yield batch
