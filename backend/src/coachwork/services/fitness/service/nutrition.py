"""Targets of energy and protein, from what the caller stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.nutrition.energy import Person
from coachwork.services.fitness.domain.nutrition.targets import ENERGY_GOALS, NutritionTargets, nutrition_targets
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.repository import body, profile
from coachwork.services.fitness.repository.body import Latest
from coachwork.services.fitness.schemas.nutrition import EnergyGoal, InputName, InputOrigin, NutritionQuery

_STALE = timedelta(days=90)
_MISSING: dict[InputName, str] = {
    "weight_kg": "Everything is computed from it: store it at /api/v1/body/measurements",
    "height_cm": "Energy by Mifflin-St Jeor, and whether losing weight is safe: store it in your profile",
    "birth_year": "Energy by Mifflin-St Jeor, and the protein of older adults: store it in your profile",
    "sex_for_equations": "A narrower range, if you like: without it you get that over both; store it in your profile",
    "body_fat_percent": "Two more equations, and protein by fat-free mass: store it at /api/v1/body/measurements",
    "activity": "A narrower range: without it you get that over all activities",
}


@dataclass(frozen=True)
class Input:
    """A value that was used, and where it is from."""

    name: InputName
    value: int | float | str
    origin: InputOrigin
    row_id: UUID | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class Missing:
    """A value that would have told more."""

    name: InputName
    adds: str


@dataclass(frozen=True)
class FoundTargets:
    """The targets, what they were computed from, and what was missing."""

    goal: EnergyGoal
    targets: NutritionTargets
    inputs: Sequence[Input]
    missing: Sequence[Missing]


def read_targets(database: Database, principal: Principal, query: NutritionQuery, now: datetime) -> FoundTargets:
    """Return the caller's targets; what was measured goes before what the profile says."""
    with database.session(principal) as session:
        mine = profile.find(session) or Profile()
        weight, fat = body.latest_weight(session), body.latest_body_fat(session)
    goal = query.goal or ENERGY_GOALS[mine.goal]
    person = Person(
        weight_kg=weight.value if weight else mine.weight_kg,
        height_cm=mine.height_cm,
        ages=(now.year - mine.birth_year - 1, now.year - mine.birth_year) if mine.birth_year else None,
        sex=mine.sex_for_equations,
        body_fat_percent=fat.value if fat else None,
    )
    targets = nutrition_targets(
        person, birth_year=mine.birth_year, activity=query.activity, goal=goal, today=now.date()
    )
    inputs = _inputs(query, mine, goal, weight, fat)
    return FoundTargets(goal, targets, inputs, _missing({one.name: one for one in inputs}, now))


def _inputs(
    query: NutritionQuery, mine: Profile, goal: EnergyGoal, weight: Latest | None, fat: Latest | None
) -> list[Input]:
    told: list[tuple[InputName, int | float | str | None]] = [
        ("height_cm", mine.height_cm),
        ("birth_year", mine.birth_year),
        ("sex_for_equations", None if mine.sex_for_equations == "unspecified" else mine.sex_for_equations),
    ]
    inputs = [Input(name, value, "profile", None, mine.updated_at) for name, value in told if value is not None]
    measured: list[tuple[InputName, Latest | None]] = [("weight_kg", weight), ("body_fat_percent", fat)]
    inputs += [Input(name, one.value, "measurement", one.id, one.measured_at) for name, one in measured if one]
    if weight is None and mine.weight_kg is not None:
        inputs.append(Input("weight_kg", mine.weight_kg, "profile", None, mine.updated_at))
    if query.activity:
        inputs.append(Input("activity", query.activity, "request"))
    return [*inputs, Input("goal", goal, "request" if query.goal else "profile")]


def _missing(inputs: dict[InputName, Input], now: datetime) -> list[Missing]:
    missing = [Missing(name, adds) for name, adds in _MISSING.items() if name not in inputs]
    old = [one for one in inputs.values() if one.origin == "measurement" and one.as_of and one.as_of < now - _STALE]
    return missing + [Missing(one.name, f"A newer one: it is of {one.as_of:%Y-%m-%d}") for one in old]
