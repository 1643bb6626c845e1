"""The offline embedder: lexical, not semantic. It knows which words two texts share, not what they mean.

A text becomes a bag of weighted features: stemmed words, pairs of neighbouring words, pieces of four letters (for
typing errors and compounds), and concepts, which stand for words that say the same ("bench press" and "chest day"),
listed by hand in `lexical_lexicon.json`. Rare features weigh more, by document frequencies counted once over the
knowledge the project ships (`lexical_frequencies.json`, written by `python -m evals.frequencies`). Features are
hashed into a fixed number of dimensions, with a sign, so that collisions cancel out rather than add up.

Source: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning" (signed hashing);
Spärck Jones 1972, "A statistical interpretation of term specificity" (inverse document frequency).
"""

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

from coachwork.chassis.models.port import Counted

_DIMENSIONS = 2048
_HEADING_WEIGHT = 4.0
"""A first line before a blank one is a heading: each of its features counts this many times."""
_WORD_WEIGHT = 1.0
_PAIR_WEIGHT = 0.3
_PIECE_WEIGHT = 0.1
_CONCEPT_WEIGHT = 2.0
_PIECE_LENGTH = 4
_TOKEN = re.compile(r"[a-z]+|\d+")
_VOWEL = re.compile(r"[aeiouy]")
_SUFFIXES = (
    ("ational", "at"), ("ization", ""), ("isation", ""), ("fulness", ""), ("iness", "i"), ("ments", ""),
    ("ation", ""), ("ingly", ""), ("ities", ""), ("ically", "ic"), ("ment", ""), ("ness", ""), ("ising", ""),
    ("izing", ""), ("ing", ""), ("edly", ""), ("ies", "i"), ("ied", "i"), ("ity", ""), ("est", ""), ("ers", ""),
    ("ed", ""), ("er", ""), ("ly", ""), ("es", ""), ("s", ""), ("y", "i"), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 3


class LexicalEmbedder:
    """An embedder that needs no model, no key and no network; about a millisecond a passage."""

    name = "offline-lexical-1"
    dimensions = _DIMENSIONS

    def prepare(self) -> None:
        """Read the lexicon and the frequencies."""
        _vector("prepared")

    def embed(
        self,
        texts: Sequence[str],
        *,
        counted: Counted | None = None,  # noqa: ARG002  it uses no tokens
    ) -> list[list[float]]:
        """Return one vector of unit length per text, in order; of zeros for a text without a single word."""
        return [_vector(text) for text in texts]


def words(text: str) -> list[str]:
    """Return the stems of a text's words and numbers, stop words too, in order."""
    return [stem(token) for token in _TOKEN.findall(text.lower().replace("'", "").replace("’", ""))]


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return a word without its ending, so that "lifts", "lifted" and "lifting" are one; crude, and the same always."""
    for suffix, replacement in _SUFFIXES:
        if word.endswith(suffix):
            kept = word[: len(word) - len(suffix)] + replacement
            if len(kept) >= _SHORTEST_STEM and _VOWEL.search(kept):
                word = kept
                break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


def features(text: str) -> Mapping[str, float]:
    """Return a text's features, each with how often it occurs."""
    heading, blank, body = text.partition("\n\n")
    counts: defaultdict[str, float] = defaultdict(float)
    for part, times in ((heading, _HEADING_WEIGHT if blank else 1.0), (body, 1.0)):
        for feature, count in _features(words(part)):
            counts[feature] += count * times
    return counts


def _features(stems: list[str]) -> Iterator[tuple[str, float]]:
    stops = _stop_stems()
    content = [word for word in stems if word not in stops]
    for word in content:
        yield f"w:{word}", 1.0
        padded = f"^{word}$"
        for start in range(len(padded) - _PIECE_LENGTH + 1):
            yield f"p:{padded[start : start + _PIECE_LENGTH]}", 1.0
    for first, second in pairwise(content):
        yield f"2:{first} {second}", 1.0
    for start in range(len(stems)):
        concepts = _concepts(stems, start)
        for concept in concepts:
            yield f"c:{concept}", 1 / math.sqrt(len(concepts))


def _concepts(stems: list[str], start: int) -> Sequence[str]:
    """Return the concepts of the longest listed phrase that starts there; the more it has, the less each counts."""
    phrases, longest = _phrases()
    ends = range(min(start + longest, len(stems)), start, -1)
    return next((phrases[phrase] for end in ends if (phrase := tuple(stems[start:end])) in phrases), ())


_KIND_WEIGHTS = {"w": _WORD_WEIGHT, "2": _PAIR_WEIGHT, "p": _PIECE_WEIGHT, "c": _CONCEPT_WEIGHT}


def _vector(text: str) -> list[float]:
    vector = [0.0] * _DIMENSIONS
    for feature, count in features(text).items():
        position, weight = _place(feature)
        vector[position] += weight * (1.0 + math.log(count) if count > 1 else count)
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector


@lru_cache(maxsize=65_536)
def _place(feature: str) -> tuple[int, float]:
    """Return where a feature goes, and its weight with its sign."""
    number = int.from_bytes(blake2b(feature.encode(), digest_size=8).digest(), "big")
    weight = _KIND_WEIGHTS[feature[0]] * _rarity(feature)
    return (number >> 1) % _DIMENSIONS, weight if number & 1 else -weight


def _rarity(feature: str) -> float:
    """Return the inverse document frequency: ln((N + 1) / (n + 1)) + 1, relative to the largest possible."""
    documents, frequencies = _frequencies()
    return (math.log((documents + 1) / (frequencies.get(feature, 0) + 1)) + 1) / (math.log(documents + 1) + 1)


@cache
def _frequencies() -> tuple[int, dict[str, int]]:
    content = _read("lexical_frequencies.json")
    return content["documents"], content["frequencies"]


@cache
def _stop_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in _read("lexical_lexicon.json")["stop_words"])


@cache
def _phrases() -> tuple[dict[tuple[str, ...], list[str]], int]:
    phrases: dict[tuple[str, ...], list[str]] = {}
    for concept, spellings in _read("lexical_lexicon.json")["concepts"].items():
        for spelling in spellings:
            phrases.setdefault(tuple(words(spelling)), []).append(concept)
    return phrases, max((len(phrase) for phrase in phrases), default=1)


def _read(name: str) -> Any:
    return json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
