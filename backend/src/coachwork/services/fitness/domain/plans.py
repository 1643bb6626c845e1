"""Builds a training week from the exercise library: whole movements, the caller's equipment, injuries spared.

Sets, repetitions and rests follow the ACSM's position stand.
Source: American College of Sports Medicine, "Progression Models in Resistance Training for Healthy Adults",
Med Sci Sports Exerc 2009;41(3):687-708.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from coachwork.services.fitness.domain.exercises import LEVELS, Exercise, fits

Goal = Literal["general", "strength", "muscle", "fat_loss", "endurance"]
Level = Literal["beginner", "intermediate", "advanced"]


@dataclass(frozen=True)
class PlanRequest:
    """What the plan must respect: `equipment` is all there is, `injuries` are body areas to spare."""

    days_per_week: int
    goal: Goal
    level: Level
    equipment: Collection[str]
    injuries: Collection[str]


@dataclass(frozen=True)
class Prescription:
    """How an exercise is done: sets of `reps_low` to `reps_high` (seconds for holds), `rest_seconds` between sets."""

    sets: int
    reps_low: int
    reps_high: int
    rest_seconds: int


@dataclass(frozen=True)
class PlannedExercise:
    """One line of a day; `measure` says whether its figures are repetitions, seconds or metres."""

    slug: str
    name: str
    measure: str
    prescription: Prescription


@dataclass(frozen=True)
class PlanDay:
    """One training day."""

    name: str
    exercises: Sequence[PlannedExercise]


@dataclass(frozen=True)
class Plan:
    """A training week, and the movements nothing in the library could fill."""

    days: Sequence[PlanDay]
    unfilled: Sequence[str]


_SQUAT, _HINGE, _LUNGE, _CORE = "squat", "hinge", "lunge", "core"
_PUSH, _PRESS, _ROW, _PULL = "horizontal_push", "vertical_push", "horizontal_pull", "vertical_pull"
_FULL_A = ("Full body A", (_SQUAT, _PUSH, _ROW, _HINGE, _CORE))
_FULL_B = ("Full body B", (_HINGE, _PRESS, _PULL, _LUNGE, _CORE))
_FULL_C = ("Full body C", (_LUNGE, _PUSH, _PULL, _HINGE, _CORE))
_UPPER_A = ("Upper body A", (_PUSH, _ROW, _PRESS, _PULL, "biceps", "triceps"))
_UPPER_B = ("Upper body B", (_PRESS, _PULL, _PUSH, _ROW, "side_delts", "biceps"))
_LOWER_A = ("Lower body A", (_SQUAT, _HINGE, _LUNGE, "calves", _CORE))
_LOWER_B = ("Lower body B", (_HINGE, _SQUAT, "hamstrings", "calves", _CORE))
_PUSH_DAY = ("Push", (_PUSH, _PRESS, _PUSH, "side_delts", "triceps"))
_PULL_DAY = ("Pull", (_PULL, _ROW, "rear_delts", "biceps", _CORE))
_LEG_DAY = ("Legs", (_SQUAT, _HINGE, _LUNGE, "calves", _CORE))
_WEEKS: dict[int, tuple[tuple[str, tuple[str, ...]], ...]] = {
    1: (_FULL_A,),
    2: (_FULL_A, _FULL_B),
    3: (_FULL_A, _FULL_B, _FULL_C),
    4: (_UPPER_A, _LOWER_A, _UPPER_B, _LOWER_B),
    5: (_UPPER_A, _LOWER_A, _PUSH_DAY, _PULL_DAY, _LEG_DAY),
    6: (_PUSH_DAY, _PULL_DAY, _LEG_DAY, _UPPER_A, _LOWER_A, _FULL_B),
    7: (
        _PUSH_DAY,
        _PULL_DAY,
        _LEG_DAY,
        _UPPER_A,
        _LOWER_A,
        _FULL_B,
        ("Easy day", ("conditioning", "mobility", _CORE)),
    ),
}
_MOVEMENTS = {_SQUAT, _HINGE, _LUNGE, _CORE, _PUSH, _PRESS, _ROW, _PULL, "conditioning", "mobility"}

_COMPOUND: dict[Goal, Prescription] = {
    "general": Prescription(3, 8, 12, 120),
    "strength": Prescription(4, 4, 6, 180),
    "muscle": Prescription(3, 6, 12, 120),
    "fat_loss": Prescription(3, 8, 12, 90),
    "endurance": Prescription(2, 12, 20, 60),
}
_ISOLATION: dict[Goal, Prescription] = {
    "general": Prescription(2, 10, 15, 75),
    "strength": Prescription(3, 8, 12, 90),
    "muscle": Prescription(3, 10, 15, 75),
    "fat_loss": Prescription(2, 12, 15, 60),
    "endurance": Prescription(2, 15, 20, 45),
}
_HOLD_SECONDS = Prescription(3, 20, 45, 60)
_STEADY_SECONDS = Prescription(1, 900, 1500, 0)
_DISTANCE_METRES = Prescription(3, 20, 40, 90)


def build_plan(request: PlanRequest, library: Sequence[Exercise]) -> Plan:
    """Return a week of `days_per_week` days (1 to 7) in which nothing needs missing equipment or loads an injury.

    Each exercise is used once a week while there are others that fit; a beginner gets two sets where others get three.
    """
    usable = [
        exercise
        for exercise in library
        if fits(exercise, level=request.level, equipment=request.equipment, injuries=request.injuries)
    ]
    used: dict[str, int] = {}
    unfilled: list[str] = []
    days = []
    for name, slots in _WEEKS[request.days_per_week]:
        planned: list[PlannedExercise] = []
        for slot in slots:
            choice = _choose(slot, usable, request, used, {line.slug for line in planned})
            if choice is None:
                unfilled.append(slot)
                continue
            used[choice.slug] = used.get(choice.slug, 0) + 1
            planned.append(_planned(choice, request))
        days.append(PlanDay(name, planned))
    return Plan(days, sorted(set(unfilled)))


def _choose(
    slot: str, usable: Sequence[Exercise], request: PlanRequest, used: dict[str, int], today: Collection[str]
) -> Exercise | None:
    fitting = [one for one in usable if _fills(one, slot) and one.slug not in today]
    return min(fitting, key=lambda one: _preference(one, request, used), default=None)


def _fills(exercise: Exercise, slot: str) -> bool:
    if slot in _MOVEMENTS:
        return exercise.movement == slot
    return exercise.mechanics == "isolation" and slot in exercise.primary_muscles


_LOADABLE = (
    "barbell",
    "dumbbell",
    "cable",
    "machine",
    "kettlebell",
    "trap_bar",
    "ez_bar",
    "pull_up_bar",
    "rings",
)


def _preference(exercise: Exercise, request: PlanRequest, used: dict[str, int]) -> tuple[object, ...]:
    """Fresh before repeated, repetitions before holds, what loads well first, near the caller's level, then by name."""
    return (
        used.get(exercise.slug, 0),
        exercise.measure != "reps",
        not _is_loadable(exercise),
        "barbell" not in exercise.equipment and request.goal == "strength",
        LEVELS.index(request.level) - LEVELS.index(exercise.level),
        len(exercise.stresses),
        exercise.slug,
    )


def _planned(exercise: Exercise, request: PlanRequest) -> PlannedExercise:
    return PlannedExercise(exercise.slug, exercise.name, exercise.measure, _prescription(exercise, request))


def _is_loadable(exercise: Exercise) -> bool:
    return any(item in _LOADABLE for item in exercise.equipment)


def _prescription(exercise: Exercise, request: PlanRequest) -> Prescription:
    if exercise.measure == "distance":
        return _DISTANCE_METRES
    if exercise.measure == "duration":
        return _STEADY_SECONDS if exercise.movement == "conditioning" else _HOLD_SECONDS
    heavy = exercise.mechanics == "compound" and exercise.movement != _CORE and _is_loadable(exercise)
    base = (_COMPOUND if heavy else _ISOLATION)[request.goal]
    sets = max(2, base.sets - 1) if request.level == "beginner" else base.sets
    return Prescription(sets, base.reps_low, base.reps_high, base.rest_seconds)


_UNITS = {"reps": "", "duration": " s", "distance": " m"}


def plan_sentences(plan: Plan) -> list[str]:
    """Say the plan in one sentence a day, then what could not be filled."""
    lines = [
        f"{day.name}: {'; '.join(_sentence(line) for line in day.exercises)}." for day in plan.days if day.exercises
    ]
    if plan.unfilled:
        missing = ", ".join(slot.replace("_", " ") for slot in plan.unfilled)
        lines.append(f"With your equipment and injuries I found no exercise for: {missing}.")
    return lines


def _sentence(line: PlannedExercise) -> str:
    how = line.prescription
    return f"{line.name} {how.sets} x {how.reps_low}-{how.reps_high}{_UNITS[line.measure]}, rest {how.rest_seconds} s"
