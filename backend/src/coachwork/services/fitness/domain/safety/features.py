"""What the classifier sees of a message: its words, whoever wrote them and however they are spelled.

Stems, pairs of neighbouring stems, pieces of four letters (for typing errors), the classes a word belongs to
(`word_classes.json`, by hand: "knee" and "wrist" are both body parts) and pairs of a class and its neighbour. Of a
number only its count of digits is kept.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from coachwork.chassis.models.lexical import stem

_TOKEN = re.compile(r"[a-z]+|\d+")
_PIECE_LENGTH = 4
_KIND_WEIGHTS = {"w": 1.0, "2": 0.7, "p": 0.5, "c": 1.5, "n": 0.7}
"""How much a stem, a pair, a piece, a class and a class with its neighbour count; chosen by cross-validation."""


def stems(plain: str) -> list[str]:
    """Return the stems of a plain text's words, in order; `#3` for a number of three digits."""
    tokens = _TOKEN.findall(plain.replace("'", ""))
    return [f"#{len(token)}" if token[0].isdigit() else stem(token) for token in tokens]


def features(words: Sequence[str]) -> dict[str, float]:
    """Return the features of a text's stems, each once whatever its count, as a vector of unit length."""
    values = {feature: _KIND_WEIGHTS[feature[0]] for feature in _features(words)}
    length = math.sqrt(sum(value * value for value in values.values()))
    return {feature: value / length for feature, value in values.items()}


def _features(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield f"w:{word}"
        padded = f"^{word}$"
        for start in range(len(padded) - _PIECE_LENGTH + 1):
            yield f"p:{padded[start : start + _PIECE_LENGTH]}"
    for first, second in pairwise(["<", *words, ">"]):
        yield f"2:{first} {second}"
    classes = [_classes().get(word, ()) for word in words]
    for named in classes:
        for name in named:
            yield f"c:{name}"
    for (first, before), (second, after) in pairwise(zip(words, classes, strict=True)):
        yield from (f"n:{name} {second}" for name in before)
        yield from (f"n:{first} {name}" for name in after)
        yield from (f"n:{name} {other}" for name in before for other in after)


@cache
def _classes() -> Mapping[str, tuple[str, ...]]:
    """Return the classes of each stem, in upper case to tell them from stems."""
    listed = json.loads(Path(__file__).with_name("word_classes.json").read_text(encoding="utf-8"))
    classes: dict[str, tuple[str, ...]] = {}
    for name, members in listed.items():
        for word in {stem(word): None for word in members.split()}:
            classes[word] = (*classes.get(word, ()), name.upper())
    return classes
