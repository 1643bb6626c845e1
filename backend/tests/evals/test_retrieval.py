"""The arithmetic of retrieval."""

import pytest
from evals.questions import Question
from evals.retrieval import missed, scores

QUESTIONS = [
    Question(question="one", kind="shared", split="tune", expected=["a"]),
    Question(question="two", kind="paraphrase", split="held_out", expected=["b", "c"]),
]


class TestScores:
    """Recall and reciprocal rank."""

    def test_of_perfect_rankings(self) -> None:
        """Everything expected is first; one passage cannot be two."""
        score = scores(QUESTIONS, [["a", "x"], ["c", "b"]])["all"]

        assert {1: 0.75, 3: 1.0, 5: 1.0} == score.recall
        assert 1.0 == score.mrr

    def test_count_what_is_found_at_each_depth(self) -> None:
        """The second rank counts from three on, the fifth from five on; one of two is a half."""
        score = scores(QUESTIONS, [["x", "a"], ["x", "y", "z", "w", "b"]])["all"]

        assert {1: 0.0, 3: 0.5, 5: 0.75} == score.recall
        assert (1 / 2 + 1 / 5) / 2 == pytest.approx(score.mrr)

    def test_of_rankings_without_anything_expected(self) -> None:
        """Nothing found is zero."""
        score = scores(QUESTIONS, [[], ["x"]])["all"]

        assert ({1: 0.0, 3: 0.0, 5: 0.0}, 0.0) == (score.recall, score.mrr)

    def test_are_given_for_each_group(self) -> None:
        """Kinds, splits, and both at once, each over its own questions."""
        groups = scores(QUESTIONS, [["a"], ["x"]])

        assert {
            "all": (2, 0.5),
            "shared": (1, 1.0),
            "tune": (1, 1.0),
            "shared, tune": (1, 1.0),
            "paraphrase": (1, 0.0),
            "held_out": (1, 0.0),
            "paraphrase, held_out": (1, 0.0),
        } == {name: (score.questions, score.recall[5]) for name, score in groups.items()}

    def test_need_a_ranking_per_question(self) -> None:
        """A lost ranking is an error, not a good figure."""
        with pytest.raises(ValueError, match="shorter"):
            scores(QUESTIONS, [["a"]])


class TestMissed:
    """Questions nobody answered."""

    def test_are_those_without_an_expected_passage_in_the_first_five(self) -> None:
        """One of several is enough; the sixth rank is too deep."""
        assert [] == missed(QUESTIONS, [["a"], ["x", "c"]])
        assert ["one"] == missed(QUESTIONS, [["v", "w", "x", "y", "z", "a"], ["b"]])
