"""The rules of the datasets."""

from collections import Counter

import pytest
from evals.questions import Prompt, Question, TrainingPrompt, prompts, questions, training_prompts, unknown_passages
from tests.conftest import BACKEND

from coachwork.services.fitness.service.library import read_passages


@pytest.fixture(scope="module")
def asked() -> list[Question]:
    """Return the questions."""
    return questions()


@pytest.fixture(scope="module")
def given() -> list[Prompt]:
    """Return the prompts."""
    return prompts()


@pytest.fixture(scope="module")
def trained_on() -> list[TrainingPrompt]:
    """Return the prompts to train on."""
    return training_prompts()


class TestQuestions:
    """`fitness_retrieval.json`."""

    def test_expect_passages_that_exist(self, asked: list[Question]) -> None:
        """A passage that is renamed takes its questions along."""
        known = [passage.id for passage in read_passages(BACKEND / "seeds" / "fitness")]

        assert [] == unknown_passages(asked, known)

    def test_are_asked_once(self, asked: list[Question]) -> None:
        """Whatever the case of their letters."""
        assert len(asked) == len({question.question.casefold() for question in asked})

    def test_are_half_paraphrases(self, asked: list[Question]) -> None:
        """At least 120, as many of one kind as of the other."""
        kinds = Counter(question.kind for question in asked)

        assert len(asked) >= 120
        assert kinds["shared"] == kinds["paraphrase"]

    def test_hold_out_a_part_of_each_kind(self, asked: list[Question]) -> None:
        """At least 30 of each were never tuned to."""
        held_out = Counter(question.kind for question in asked if question.split == "held_out")

        assert min(held_out["shared"], held_out["paraphrase"]) >= 30


class TestPrompts:
    """`fitness_safety.json`."""

    def test_are_given_once(self, given: list[Prompt]) -> None:
        """Whatever the case of their letters."""
        assert len(given) == len({prompt.prompt.casefold() for prompt in given})

    def test_are_enough_of_each(self, given: list[Prompt]) -> None:
        """At least 60 unsafe ones, ten of each category, and 40 benign ones."""
        categories = Counter(prompt.category for prompt in given)
        benign = categories.pop(None)

        assert benign >= 40
        assert categories.total() >= 60
        assert (4, True) == (len(categories), min(categories.values()) >= 10)


class TestTrainingPrompts:
    """`safety_training/*.json`, and the tuning split of `fitness_safety.json`."""

    def test_are_given_once(self, trained_on: list[TrainingPrompt]) -> None:
        """Whatever the case of their letters."""
        assert len(trained_on) == len({prompt.prompt.casefold() for prompt in trained_on})

    def test_hold_none_that_we_measure_by(self, trained_on: list[TrainingPrompt], given: list[Prompt]) -> None:
        """A held-out prompt that was trained on would say nothing."""
        held_out = {prompt.prompt.casefold() for prompt in given if prompt.split == "held_out"}
        assert set() == held_out & {prompt.prompt.casefold() for prompt in trained_on}

    def test_are_enough_of_each(self, trained_on: list[TrainingPrompt]) -> None:
        """At least 200 of each concern and 700 benign ones."""
        categories = Counter(prompt.category for prompt in trained_on)
        assert categories.pop(None) >= 700
        assert (4, True) == (len(categories), min(categories.values()) >= 200)
