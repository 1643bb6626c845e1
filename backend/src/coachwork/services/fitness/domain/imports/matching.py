"""Which exercise of the library a name in another app's file means, and how sure that is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from coachwork.services.fitness.domain.imports.known_names import KNOWN_NAMES

How = Literal["name", "alias", "words", "known", "given", "custom", "skipped", "none"]

MAX_NAMES = 1_000
"""How many different names one import takes."""

_SUGGESTIONS = 3
_LEAST_SCORE = 0.4
_BRACKETS = re.compile(r"\(([^)]*)\)")
_WORD = re.compile(r"[a-z0-9]+")
# one word or two, with or without a hyphen: the same
_JOINED = (("pull", "up"), ("push", "up"), ("chin", "up"), ("sit", "up"), ("step", "up"), ("muscle", "up"))
_SAME = {"tricep": "triceps", "bicep": "biceps", "db": "dumbbell", "bb": "barbell", "kb": "kettlebell"}


@dataclass(frozen=True)
class Named:
    """An exercise, by what it is called and what it needs."""

    id: UUID
    slug: str
    name: str
    aliases: Sequence[str]
    equipment: Sequence[str]
    measure: Literal["reps", "duration", "distance"]


@dataclass(frozen=True)
class Suggestion:
    """An exercise a name may mean; `score` is 0 to 1."""

    slug: str
    name: str
    score: float


@dataclass(frozen=True)
class Match:
    """What a name in the file is taken for, None when nobody knows; `score` is 0 to 1, where 1 is the same name."""

    exercise: Named | None
    how: How
    score: float
    suggestions: Sequence[Suggestion] = ()


class Matcher:
    """Finds names in a library; what is not sure is suggested, never taken."""

    def __init__(self, library: Sequence[Named]) -> None:
        self._by_slug = {one.slug: one for one in library}
        self._by_name = {plain(one.name): one for one in reversed(library)}
        self._by_alias = {plain(alias): one for one in reversed(library) for alias in one.aliases}
        self._calls = [_Call.of(one, text) for one in library for text in (one.name, *one.aliases)]
        self._with_word: defaultdict[str, list[_Call]] = defaultdict(list)
        for call in self._calls:
            for word in call.words:
                self._with_word[word].append(call)

    def match(self, name: str) -> Match:
        """Return what a name means, by itself, by its alias, by what apps call it, or by its words and equipment."""
        key = plain(name)
        if found := self._by_name.get(key):
            return Match(found, "name", 1.0)
        if found := self._by_slug.get(KNOWN_NAMES.get(key, "")):
            return Match(found, "known", 0.98)
        if found := self._by_alias.get(key):
            return Match(found, "alias", 0.98)
        return self._by_words(frozenset(words_of(name)))

    def _by_words(self, words: frozenset[str]) -> Match:
        calls = {id(call): call for word in words for call in self._with_word.get(word, ())}
        best: dict[str, tuple[float, _Call]] = {}
        for call in calls.values():
            score = call.score(words)
            if score > best.get(call.exercise.slug, (0.0, call))[0]:
                best[call.exercise.slug] = score, call
        ranked = sorted(best.values(), key=lambda pair: (-pair[0], pair[1].exercise.name))
        sure = [call for _, call in ranked if call.means(words)]
        if sure and len({len(call.words) for call in sure[:2]}) == min(2, len(sure)):
            score = next(score for score, call in ranked if call is sure[0])
            return Match(sure[0].exercise, "words", round(score, 2))
        return Match(None, "none", 0.0, [*_suggested(ranked)])


@dataclass(frozen=True)
class _Call:
    """One thing an exercise is called: its words, and those of its equipment."""

    exercise: Named
    words: frozenset[str]
    equipment: frozenset[str]

    @classmethod
    def of(cls, exercise: Named, text: str) -> "_Call":
        needs = {word for item in exercise.equipment for word in words_of(item)} or {"bodyweight"}
        return cls(exercise, frozenset(words_of(text)), frozenset(needs))

    def means(self, words: frozenset[str]) -> bool:
        """Whether a name says all of this, and beyond it nothing but what the exercise needs."""
        return self.words <= words <= self.words | self.equipment

    def score(self, words: frozenset[str]) -> float:
        """Return how alike they are (Dice), equipment that is named counting as said."""
        own = self.words | (self.equipment & words)
        return 2 * len(own & words) / (len(own) + len(words))


def plain(name: str) -> str:
    """Return a name without case, accents, hyphens and doubled spaces; brackets stay."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    return " ".join(re.sub(r"[^a-z0-9()]+", " ", bare).replace("(", " (").split())


def words_of(text: str) -> list[str]:
    """Return a name's words in the singular, the spellings of one word made one."""
    bare = unicodedata.normalize("NFKD", text).casefold().replace("'", "")
    words = _WORD.findall(bare)
    for first, second in _JOINED:
        words = _join(words, first, second)
    return [_singular(_SAME.get(word, word)) for word in words]


def matches_of(names: Iterable[str], library: Sequence[Named], given: Mapping[str, str | None]) -> dict[str, Match]:
    """Return what each name means; `given` is the caller's word, where None leaves a name out.

    Of two exercises of one name the first in `library` is meant.
    """
    matcher, by_slug = Matcher(library), {one.slug: one for one in library}
    found: dict[str, Match] = {}
    for name in names:
        if name in given:
            slug = given[name]
            found[name] = Match(None, "skipped", 0.0) if slug is None else Match(by_slug[slug], "given", 1.0)
        else:
            found[name] = matcher.match(name)
    return found


def _join(words: list[str], first: str, second: str) -> list[str]:
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == first and word in {second, f"{second}s"}:
            joined[-1] = first + second
        else:
            joined.append(word)
    return joined


def _singular(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _suggested(ranked: Sequence[tuple[float, "_Call"]]) -> Iterable[Suggestion]:
    for score, call in ranked[:_SUGGESTIONS]:
        if score >= _LEAST_SCORE:
            yield Suggestion(call.exercise.slug, call.exercise.name, round(score, 2))
