"""What an exercise is, whose it is and for whom, and what can stand in for it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize
from uuid import UUID

from coachwork.services.fitness.schemas.exercises import Level, Measure, Movement

LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")
"""The levels in their order."""


@dataclass(frozen=True)
class Exercise:
    """An exercise of the library, or the caller's own; its words come from the vocabularies in `schemas.exercises`.

    An archived one is left out of lists and plans, and history still names it. `image_key` is its picture's key in the
    bucket.
    """

    id: UUID
    slug: str
    name: str
    aliases: Sequence[str]
    level: Level
    mechanics: str
    movement: Movement
    measure: Measure
    primary_muscles: Sequence[str]
    secondary_muscles: Sequence[str]
    equipment: Sequence[str]
    stresses: Sequence[str]
    instructions: Sequence[str]
    cautions: Sequence[str]
    image_key: str | None = None
    own: bool = False
    archived: bool = False
    version: int = 1

    @property
    def videos(self) -> list[str]:
        """The paths its videos have, the easiest level first, once an administrator uploads them."""
        return [] if self.own else [f"{folder_of(self.slug)}{level}.mp4" for level in LEVELS]


MOST_OWN = 500
"""How many exercises of one's own there can be."""

_OWN_PREFIX = "my-"
_LONGEST_STEM = 80


def own_slug(name: str, taken: Collection[str]) -> str:
    """Return a slug for an exercise of one's own that is not `taken` by another: my-zercher-squat, my-zercher-squat-2.

    Slugs of one's own begin with `my-` and the library's never do (the table sees to both), so neither hides the
    other, and the library may grow as it likes. They are unique for each user alone: what one calls an exercise says
    nothing to another. A slug stays when the name changes, so that links and history keep their meaning.
    """
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_STEM].strip("-") or "exercise"
    numbered = (f"{_OWN_PREFIX}{stem}-{number}" for number in range(2, MOST_OWN + 2))
    return next(slug for slug in (f"{_OWN_PREFIX}{stem}", *numbered) if slug not in taken)


def folder_of(slug: str) -> str:
    """Return what the paths of an exercise's videos begin with."""
    return f"exercises/{slug}/"


@dataclass(frozen=True)
class Uses:
    """How many of each kind of the caller's things name an exercise."""

    logs: int
    workouts: int
    programmes: int
    sessions: int
    goals: int

    def __str__(self) -> str:
        parts = [f"{count} {kind if count > 1 else kind[:-1]}" for kind, count in vars(self).items() if count]
        return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


@dataclass(frozen=True)
class Facet:
    """How many exercises have `value` in the named facet."""

    name: str
    value: str
    count: int


def fits(exercise: Exercise, *, level: str, equipment: Collection[str], injuries: Collection[str]) -> bool:
    """Whether it needs nothing that is missing, loads no injured area, and is not above the level."""
    return (
        set(exercise.equipment) <= set(equipment)
        and not set(exercise.stresses) & set(injuries)
        and LEVELS.index(exercise.level) <= LEVELS.index(level)
    )


def best_known_first(exercise: Exercise) -> tuple[object, ...]:
    """Sort whole-body work before isolation and the simple before the hard, then by name."""
    return exercise.mechanics != "compound", LEVELS.index(exercise.level), exercise.name


@dataclass(frozen=True)
class Equivalent:
    """An exercise that can stand in for another: how well, of 100, and why."""

    exercise: Exercise
    score: int
    reason: str


_MOVEMENT, _PRIMARY, _ALL_MUSCLES, _MEASURE, _MECHANICS = 40, 35, 10, 10, 5
_LEAST_SCORE = 30
_BROAD: frozenset[Movement] = frozenset({"isolation", "mobility", "other"})
"""Movements that say little: two of them are alike only if they share a primary muscle."""
_COUNTED_IN = {"reps": "repetitions", "duration": "seconds", "distance": "metres"}
_NAMES = {"dumbbell": "dumbbells", "dip_bars": "dip bars", "battle_ropes": "battle ropes", "rings": "rings"}


def equivalents(
    exercise: Exercise, library: Iterable[Exercise], *, equipment: Collection[str], injuries: Collection[str] = ()
) -> list[Equivalent]:
    """Return what can stand in for an exercise, the best first: it needs only `equipment` and spares `injuries`.

    The score adds up how much of the exercise remains: its movement (40 of 100), its primary muscles (35, in
    proportion), all its muscles (10, in proportion), what its sets are counted in (10), and whether it trains one
    joint or several (5). The weights are this coach's own judgement, not a published scale. What shares neither the
    movement nor a primary muscle, or scores below 30, is no equivalent; nor is a stretch for an exercise.
    """
    found = [
        Equivalent(other, _score(exercise, other), _reason(exercise, other))
        for other in library
        if fits(other, level=LEVELS[-1], equipment=equipment, injuries=injuries) and _is_alike(exercise, other)
    ]
    good = (one for one in found if one.score >= _LEAST_SCORE)
    return sorted(good, key=lambda one: (-one.score, _harder_by(exercise, one.exercise) ** 2, one.exercise.name))


def _is_alike(exercise: Exercise, other: Exercise) -> bool:
    if other.id == exercise.id or (exercise.movement == "mobility") != (other.movement == "mobility"):
        return False
    return _same_movement(exercise, other) or bool(_shared(exercise.primary_muscles, other.primary_muscles))


def _score(exercise: Exercise, other: Exercise) -> int:
    mine = {*exercise.primary_muscles, *exercise.secondary_muscles}
    others = {*other.primary_muscles, *other.secondary_muscles}
    return round(
        _MOVEMENT * _same_movement(exercise, other)
        + _PRIMARY * _overlap(exercise.primary_muscles, other.primary_muscles)
        + _ALL_MUSCLES * _overlap(mine, others)
        + _MEASURE * (exercise.measure == other.measure)
        + _MECHANICS * (exercise.mechanics == other.mechanics)
    )


def _reason(exercise: Exercise, other: Exercise) -> str:
    """Say what is alike, what is not, and what it takes: "same movement, same primary muscle; needs only dumbbells"."""
    mine, others = set(exercise.primary_muscles), set(other.primary_muscles)
    harder = _harder_by(exercise, other)
    parts = [
        "same movement" if _same_movement(exercise, other) else "",
        f"same primary muscle{'s' * (len(mine) > 1)}" if mine == others else _trains(_shared(mine, others)),
        f"counted in {_COUNTED_IN[other.measure]}" if other.measure != exercise.measure else "",
        ("harder" if harder > 0 else "easier") if harder else "",
    ]
    return f"{', '.join(part for part in parts if part)}; {_needs(other.equipment)}"


def _trains(muscles: Collection[str]) -> str:
    names = ", ".join(muscle.replace("_", " ") for muscle in sorted(muscles))
    return f"also for the {names}" if names else ""


def _needs(equipment: Sequence[str]) -> str:
    *most, last = [_item(name) for name in equipment] or ["your body"]
    return f"needs only {', '.join(most)} and {last}" if most else f"needs only {last}"


def _item(name: str) -> str:
    """Return `a barbell`, `an incline bench`, `rings`."""
    if name in _NAMES:
        return _NAMES[name]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name.replace('_', ' ')}"


def _same_movement(exercise: Exercise, other: Exercise) -> bool:
    if exercise.movement != other.movement:
        return False
    return exercise.movement not in _BROAD or bool(_shared(exercise.primary_muscles, other.primary_muscles))


def _shared(muscles: Iterable[str], others: Iterable[str]) -> set[str]:
    return set(muscles) & set(others)


def _overlap(muscles: Iterable[str], others: Iterable[str]) -> float:
    """Return how much two sets have in common, 0 to 1 (Jaccard)."""
    either = {*muscles, *others}
    return len(_shared(muscles, others)) / len(either) if either else 0.0


def _harder_by(exercise: Exercise, other: Exercise) -> int:
    return LEVELS.index(other.level) - LEVELS.index(exercise.level)
