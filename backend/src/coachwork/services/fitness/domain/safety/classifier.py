"""The screen's second layer: a linear classifier for what the rules' patterns do not foresee.

Multinomial logistic regression over `features`: the four concerns against harmless talk. `python -m
evals.train_safety` trained it on the 1,766 concerning and 1,369 benign prompts of `evals/datasets` that are not held
out; many of the benign ones were written to be mistaken for a concern. In five-fold cross-validation the whole screen,
rules and classifier, handles 80% of the concerning ones (emergencies 90%, injuries 85%, eating disorders 76%, self-harm
72%), names 64% rightly, and stops 4.9% of the benign ones; the threshold is the lowest that keeps this within 5%.
`weights.json` holds the figures of the last training.

It knows words, not meaning: English only, and blind to hints in words no training prompt has. Every model that can
judge is therefore asked to as well (the tool `refer`), and the offline coach refuses to run in production.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coachwork.services.fitness.domain.safety.answers import Concern
from coachwork.services.fitness.domain.safety.features import features, stems

WEIGHTS = Path(__file__).with_name("weights.json")
CONCERNS = tuple(Concern)
"""The order of a feature's weights."""
UNIT = 0.05
"""What a weight of one in the file stands for."""
_FEWEST_WORDS = 3
_FEWEST_WORDS_OF_A_SENTENCE = 4
_SENTENCE_END = re.compile(r"[.?!;]+(?:\s|$)")


@dataclass(frozen=True)
class Classifier:
    """What to judge by: a weight, in `UNIT`s, per feature and concern, and a bias per concern, relative to none."""

    threshold: float
    biases: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Classifier":
        """Return the classifier that a file's content holds."""
        return cls(content["threshold"], content["biases"], content["weights"])

    def concern_of(self, plain: str) -> Concern | None:
        """Return the likeliest concern when all together pass the threshold; too few words show none.

        The message is judged as a whole and sentence by sentence, so that small talk around a concern hides nothing.
        """
        if len(stems(plain)) < _FEWEST_WORDS:
            return None
        shares = max((self.shares(words) for words in _parts(plain)), key=sum)
        return CONCERNS[shares.index(max(shares))] if sum(shares) >= self.threshold else None

    def shares(self, words: Sequence[str]) -> list[float]:
        """Return how likely each concern is, from 0 to 1, in the order of `CONCERNS`; what is left is none."""
        scores = list(self.biases)
        for feature, value in features(words).items():
            for number, weight in enumerate(self.weights.get(feature, ())):
                scores[number] += value * weight * UNIT
        powers = [math.exp(score) for score in scores]
        total = 1 + sum(powers)
        return [power / total for power in powers]


def _parts(plain: str) -> Iterator[list[str]]:
    """Yield the stems of the whole and of each sentence that says something by itself."""
    yield stems(plain)
    sentences = [words for sentence in _SENTENCE_END.split(plain) if (words := stems(sentence))]
    if len(sentences) > 1:
        yield from (words for words in sentences if len(words) >= _FEWEST_WORDS_OF_A_SENTENCE)


@cache
def trained() -> Classifier:
    """Return the classifier that ships, read once."""
    return Classifier.from_json(json.loads(WEIGHTS.read_text(encoding="utf-8")))
