"""What a search finds: a chunk of a document, and how it was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.services.knowledge.schemas.search import Leg


@dataclass(frozen=True)
class Ranks:
    """The place of a hit in each leg's own order, 1 being the best; None where the leg did not find it."""

    vector: int | None = None
    keyword: int | None = None


@dataclass(frozen=True)
class Hit:
    """A chunk, word for word as it was cut: `text` stands from `start` up to `end` in the text of its page.

    `score` is larger the better, and only comparable within one search: of the fusion in a hybrid search, else of
    the leg. `similarity` is the cosine to the query, in [-1, 1], where the vector leg found it.
    """

    document_id: UUID
    document_name: str
    generation: int
    number: int
    page: int
    start: int
    end: int
    heading: str
    text: str
    score: float
    ranks: Ranks
    similarity: float | None = None


@dataclass(frozen=True)
class Found:
    """Hits, the best first, and the legs that could not do their part: what they would have found is missing."""

    hits: Sequence[Hit]
    degraded: Sequence[Leg] = ()
