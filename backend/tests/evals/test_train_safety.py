"""The weights that ship are those that training produces."""

import json
from typing import Any

import pytest
from evals.questions import training_prompts
from evals.train_safety import train

from coachwork.services.fitness.domain.safety.classifier import WEIGHTS, Classifier
from coachwork.services.fitness.domain.safety.features import stems
from coachwork.services.fitness.domain.safety.screen import plain

pytestmark = pytest.mark.long(seconds=20)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    """Return what the file holds."""
    content: dict[str, Any] = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return content


class TestWeights:
    """`weights.json`."""

    def test_come_from_the_training_prompts(self, shipped: dict[str, Any]) -> None:
        """Trained again they judge the same; in shares, for the last digits of weights differ between processors."""
        given = training_prompts()
        ours = Classifier.from_json(shipped)
        again = Classifier.from_json({"threshold": shipped["threshold"], **train(given)})
        for words in (stems(plain(one.prompt)) for one in given[::10]):
            assert ours.shares(words) == pytest.approx(again.shares(words), abs=0.02)

    def test_keep_their_promises(self, shipped: dict[str, Any]) -> None:
        """Few false alarms in cross-validation, and far more handled than the rules alone can."""
        figures = shipped["cross_validation"]
        assert figures["false_alarms"] <= 0.05
        assert figures["handled"] >= 0.7
