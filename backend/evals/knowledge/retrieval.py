"""How well pages are found: recall at k of the page that answers, by vectors, by words, and by both.

Source: Manning, Raghavan, Schütze 2008, "Introduction to Information Retrieval", chapter 8 (recall at k).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coachwork.services.knowledge.domain.hits import Hit
from coachwork.services.knowledge.schemas.search import Mode
from coachwork.services.knowledge.service.retrieval import retrieve
from evals.knowledge.library import Library
from evals.knowledge.questions import Answerable

MODES: Sequence[Mode] = ("vector", "keyword", "hybrid")
CUTOFFS = (1, 3, 5)
_DEPTH = 10

Rankings = Mapping[Mode, Sequence[Sequence[Hit]]]


@dataclass(frozen=True)
class Recall:
    """Of a group of questions, the share whose page, with the answer's words in the chunk, is among the first k."""

    questions: int
    at: Mapping[int, float]


def rankings(library: Library, asked: Sequence[Answerable]) -> Rankings:
    """Return the hits for each question in each mode."""
    return {mode: [found(library, question.question, mode) for question in asked] for mode in MODES}


def found(library: Library, question: str, mode: Mode = "hybrid", limit: int = _DEPTH) -> Sequence[Hit]:
    """Return the hits for a question."""
    return retrieve(library.resources, library.principal, question, mode=mode, limit=limit).hits


def recalls(library: Library, asked: Sequence[Answerable], ranked: Rankings) -> dict[str, Recall]:
    """Return the recall of each mode, of all questions and of each kind."""
    groups: dict[str, list[int]] = {"all": list(range(len(asked)))}
    for place, question in enumerate(asked):
        groups.setdefault(question.kind, []).append(place)
    return {
        f"{mode}, {name}": _recall([_rank(library, asked[place], ranked[mode][place]) for place in places])
        for mode in MODES
        for name, places in groups.items()
    }


def missed(library: Library, asked: Sequence[Answerable], ranked: Rankings, mode: Mode = "hybrid") -> list[str]:
    """Return the questions whose page is not among the first five."""
    pairs = zip(asked, ranked[mode], strict=True)
    return [question.question for question, hits in pairs if _rank(library, question, hits) > 5]


def _recall(ranks: Sequence[float]) -> Recall:
    return Recall(len(ranks), {cutoff: sum(rank <= cutoff for rank in ranks) / len(ranks) for cutoff in CUTOFFS})


def _rank(library: Library, question: Answerable, hits: Sequence[Hit]) -> float:
    """Return the place of the first hit that answers, infinity where none does."""
    right = (place for place, hit in enumerate(hits, 1) if answers(library, question, hit))
    return next(right, float("inf"))


def answers(library: Library, question: Answerable, hit: Hit) -> bool:
    """Whether a hit is on the right page of the right document and has the answer's words."""
    where = (library.stems[hit.document_id], hit.page)
    return where == (question.document, question.page) and question.is_in(hit.text)
