"""The coach's plans as programmes, for the caller to accept or to discard."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.agent import ToolRun
from coachwork.services.fitness.domain.exercises import Exercise
from coachwork.services.fitness.domain.plans import Plan, PlannedExercise, PlanRequest, build_plan, plan_sentences
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.schemas.chat import BuildPlanArguments
from coachwork.services.fitness.schemas.programmes import ProgrammeRequest
from coachwork.services.fitness.schemas.slots import (
    DayRequest,
    ProgressionRequest,
    SetConfigurationRequest,
    SlotRequest,
)
from coachwork.services.fitness.service.programmes import store_draft

_STEP_KG = 2.5


def proposed_plan(arguments: BuildPlanArguments, profile: Profile, library: Sequence[Exercise]) -> ToolRun:
    """Build the plan that was asked for, and propose it as a draft; what was not said comes from the profile."""
    request = PlanRequest(
        days_per_week=arguments.days_per_week or profile.days_per_week,
        goal=arguments.goal or profile.goal,
        level=profile.level,
        equipment=profile.equipment if arguments.equipment is None else arguments.equipment,
        injuries=profile.injuries,
    )
    plan = build_plan(request, library)
    loadable = {exercise.slug for exercise in library if exercise.equipment}
    draft, draft_id = draft_of(plan, request, loadable), str(uuid4())
    sentences = [*plan_sentences(plan), f'It is stored as the draft "{draft.name}", to accept or to discard.']
    if not request.equipment:
        sentences.append("This plan needs no equipment; tell me what you have and I will use it.")
    days = [asdict(day) for day in plan.days]
    return ToolRun(
        name="build_plan",
        arguments=arguments.model_dump(exclude_none=True),
        result={"programme_id": draft_id, "request": asdict(request), "days": days, "unfilled": plan.unfilled},
        sentences=sentences,
        proposal={"id": draft_id, "programme": draft.model_dump(mode="json")},
    )


def keep_proposed(session: Session, proposals: Iterable[Mapping[str, Any]]) -> None:
    """Store what a turn's tools proposed as drafts, in the transaction that stores the turn."""
    for one in proposals:
        store_draft(session, UUID(one["id"]), ProgrammeRequest.model_validate(one["programme"]))


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
