"""The coach's plans as programmes, for the caller to accept or to discard."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.plans import Plan, PlannedExercise, PlanRequest
from coachwork.services.fitness.schemas.programmes import ProgrammeRequest
from coachwork.services.fitness.schemas.slots import (
    DayRequest,
    ProgressionRequest,
    SetConfigurationRequest,
    SlotRequest,
)
from coachwork.services.fitness.service.programmes import store_draft

_STEP_KG = 2.5


def draft_of(plan: Plan, request: PlanRequest, loadable: Collection[str]) -> ProgrammeRequest:
    """Return the plan as a programme: repetitions progress, then the load; holds and distances stay as they are.

    Args:
        loadable: the slugs of exercises that take a load.
    """
    days = [
        DayRequest(name=day.name, slots=[_slot(line, line.slug in loadable) for line in day.exercises])
        for day in plan.days
        if day.exercises
    ]
    goal = request.goal.replace("_", " ")
    return ProgrammeRequest(name=f"The coach's plan: {goal}, {request.days_per_week} days a week", days=days)


def keep_proposed(session: Session, proposals: Iterable[Mapping[str, Any]]) -> None:
    """Store what a turn's tools proposed as drafts, in the transaction that stores the turn."""
    for one in proposals:
        store_draft(session, UUID(one["id"]), ProgrammeRequest.model_validate(one["programme"]))


def _slot(line: PlannedExercise, takes_load: bool) -> SlotRequest:
    if line.measure != "reps":
        return SlotRequest(exercise=line.slug, sets=[_sets(line)])
    step = ProgressionRequest(rule="double", increment_kg=_STEP_KG if takes_load else 0.0)
    return SlotRequest(exercise=line.slug, progression=step, sets=[_sets(line)])


def _sets(line: PlannedExercise) -> SetConfigurationRequest:
    how = line.prescription
    low, high = how.reps_low, how.reps_high
    if line.measure == "duration":
        return SetConfigurationRequest(min_sets=how.sets, duration_seconds=low, rest_seconds=how.rest_seconds)
    if line.measure == "distance":
        return SetConfigurationRequest(min_sets=how.sets, distance_m=low, rest_seconds=how.rest_seconds)
    return SetConfigurationRequest(min_sets=how.sets, min_reps=low, max_reps=high, rest_seconds=how.rest_seconds)
