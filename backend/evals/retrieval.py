"""How well passages are found: recall and reciprocal rank, overall and for each kind and split.

Source: Manning, Raghavan, Schütze 2008, "Introduction to Information Retrieval", chapter 8 (recall at k);
Voorhees 1999, "The TREC-8 Question Answering Track Report" (mean reciprocal rank).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coachwork.chassis.models import Embedder
from coachwork.chassis.vectors import VectorIndex
from evals.questions import Question

DEPTH = 10
"""How many passages are asked for; what is found deeper counts as not found."""
CUTOFFS = (1, 3, 5)


@dataclass(frozen=True)
class Score:
    """Figures of a group of questions, each in [0, 1].

    `recall[k]` is the mean share of a question's expected passages among the first k; `mrr` the mean of 1 / the rank
    of the first expected one, 0 when it is not among the first ten.
    """

    questions: int
    recall: Mapping[int, float]
    mrr: float


def rankings(asked: Sequence[Question], embedder: Embedder, index: VectorIndex) -> list[list[str]]:
    """Return the ids of the nearest passages for each question, nearest first."""
    embeddings = embedder.embed([question.question for question in asked])
    return [[hit.id for hit in index.search(embedding, limit=DEPTH)] for embedding in embeddings]


def scores(asked: Sequence[Question], ranked: Sequence[Sequence[str]]) -> dict[str, Score]:
    """Return the score of all questions, of each kind, of each split, and of each kind in each split."""
    groups: dict[str, list[tuple[Question, Sequence[str]]]] = {"all": []}
    for question, ranking in zip(asked, ranked, strict=True):
        for name in ("all", question.kind, question.split, f"{question.kind}, {question.split}"):
            groups.setdefault(name, []).append((question, ranking))
    return {name: _score(members) for name, members in groups.items()}


def missed(asked: Sequence[Question], ranked: Sequence[Sequence[str]]) -> list[str]:
    """Return the questions without any expected passage among the first five."""
    pairs = zip(asked, ranked, strict=True)
    return [question.question for question, ranking in pairs if not set(question.expected) & set(ranking[:5])]


def _score(members: Sequence[tuple[Question, Sequence[str]]]) -> Score:
    count = len(members)
    recall = {
        cutoff: sum(_recall(question, ranking, cutoff) for question, ranking in members) / count for cutoff in CUTOFFS
    }
    return Score(count, recall, sum(_reciprocal_rank(question, ranking) for question, ranking in members) / count)


def _recall(question: Question, ranking: Sequence[str], cutoff: int) -> float:
    return len(set(question.expected) & set(ranking[:cutoff])) / len(question.expected)


def _reciprocal_rank(question: Question, ranking: Sequence[str]) -> float:
    return next((1 / rank for rank, name in enumerate(ranking, 1) if name in question.expected), 0.0)
