"""How good the plans of `build_plan` are, over a grid of requests: equipment, injuries, weekly sets a muscle.

Nothing was tuned to this grid. A muscle's weekly sets are those in which it is a primary muscle, and half of those in
which it is a secondary one, as Baz-Valle counts them. The range that is asked for:

- at least 4 a week: Iversen VM et al. No time to lift? Sports Med 2021;51:2079-2095.
- at most 20: Baz-Valle E et al. A systematic review of the effects of different resistance training volumes on muscle
  hypertrophy. J Hum Kinet 2022;81:199-210.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import get_args
from uuid import NAMESPACE_URL, uuid5

from coachwork.services.fitness.domain.exercises import LEVELS, Exercise
from coachwork.services.fitness.domain.plans import Goal, Plan, PlanRequest, build_plan
from coachwork.services.fitness.schemas.exercises import Equipment
from coachwork.services.fitness.service.library import read_exercises

LEAST_SETS, MOST_SETS = 4, 20
MUSCLES = {
    "chest": ("chest",),
    "back": ("lats", "upper_back"),
    "shoulders": ("front_delts", "side_delts", "rear_delts"),
    "quadriceps": ("quadriceps",),
    "hamstrings": ("hamstrings",),
    "glutes": ("glutes",),
}
_EQUIPMENT: Mapping[str, tuple[str, ...]] = {
    "a gym": get_args(Equipment),
    "dumbbells and a bench": ("dumbbell", "bench"),
    "bands": ("band",),
    "nothing": (),
}
_INJURIES = ((), ("knee",), ("shoulder",), ("lower_back",))


@dataclass(frozen=True)
class PlanScore:
    """Shares in [0, 1] of plans, and of a muscle group's week in a plan."""

    plans: int
    equipment_respected: float
    injuries_respected: float
    weeks: int
    within: float
    below: float
    above: float


def library(seeds: Path) -> list[Exercise]:
    """Return the exercises that ship, as the planner takes them."""
    names = Exercise.__dataclass_fields__
    return [
        Exercise(
            id=uuid5(NAMESPACE_URL, one.slug),
            **{name: value for name, value in one.model_dump().items() if name in names},
        )
        for one in read_exercises(seeds)
    ]


def scores(exercises: Sequence[Exercise]) -> dict[str, PlanScore]:
    """Return the figures of the whole grid, and of its parts by days a week for who has a gym and no injury."""
    known = {one.slug: one for one in exercises}
    planned = [(request, build_plan(request, exercises)) for request in grid()]
    found = {"all": _score(planned, known)}
    for days in range(1, 8):
        easy = [pair for pair in planned if _is_easy(pair[0]) and pair[0].days_per_week == days]
        found[f"a gym, no injury, {days} days"] = _score(easy, known)
    return found


def grid() -> Iterator[PlanRequest]:
    """Yield every request: days, goal, level, equipment, injuries."""
    for days, goal, level, equipment, injuries in product(
        range(1, 8), get_args(Goal), LEVELS, _EQUIPMENT.values(), _INJURIES
    ):
        yield PlanRequest(days, goal, level, equipment, injuries)


def weekly_sets(plan: Plan, known: Mapping[str, Exercise]) -> dict[str, float]:
    """Return the sets a week of each muscle group; an exercise counts once a group."""
    sets: defaultdict[str, float] = defaultdict(float)
    for line in (line for day in plan.days for line in day.exercises):
        exercise = known[line.slug]
        for group, muscles in MUSCLES.items():
            if set(muscles) & set(exercise.primary_muscles):
                sets[group] += line.prescription.sets
            elif set(muscles) & set(exercise.secondary_muscles):
                sets[group] += line.prescription.sets / 2
    return {group: sets[group] for group in MUSCLES}


def _is_easy(request: PlanRequest) -> bool:
    return not request.injuries and len(request.equipment) == len(get_args(Equipment))


def _score(planned: Sequence[tuple[PlanRequest, Plan]], known: Mapping[str, Exercise]) -> PlanScore:
    used = [(request, [known[line.slug] for day in plan.days for line in day.exercises]) for request, plan in planned]
    weeks = [sets for _, plan in planned for sets in weekly_sets(plan, known).values()]
    return PlanScore(
        plans=len(planned),
        equipment_respected=_share([all(set(e.equipment) <= set(r.equipment) for e in es) for r, es in used]),
        injuries_respected=_share([not any(set(e.stresses) & set(r.injuries) for e in es) for r, es in used]),
        weeks=len(weeks),
        within=_share([LEAST_SETS <= sets <= MOST_SETS for sets in weeks]),
        below=_share([sets < LEAST_SETS for sets in weeks]),
        above=_share([sets > MOST_SETS for sets in weeks]),
    )


def _share(outcomes: Sequence[bool]) -> float:
    return sum(outcomes) / len(outcomes)
