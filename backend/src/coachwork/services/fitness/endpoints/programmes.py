"""Programmes, what they ask for, and the templates they can be copied from."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.programmes.errors import NoDraft, ProgrammeNotFound
from coachwork.services.fitness.domain.programmes.plan import Programme
from coachwork.services.fitness.schemas.programmes import (
    AdherenceQuery,
    ProgrammeAdherenceResponse,
    ProgrammeCreation,
    ProgrammePatch,
    ProgrammeQuery,
    ProgrammeReplacement,
    ProgrammeResponse,
    ProgrammeWeekResponse,
)
from coachwork.services.fitness.schemas.targets import (
    DayTargetsResponse,
    DecisionResponse,
    ProgrammeTargetsResponse,
    SlotTargetsResponse,
    TargetResponse,
)
from coachwork.services.fitness.service.adherence import read_programme_weeks
from coachwork.services.fitness.service.programmes import (
    accept_programme,
    change_programme,
    create_programme,
    delete_programme,
    list_programmes,
    read_programme,
    replace_programme,
)
from coachwork.services.fitness.service.targets import DayTargets, read_targets

router = APIRouter(
    prefix="/api/v1/programmes", tags=["programmes"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

ProgrammeId = Annotated[UUID, Path(description="A programme of yours")]
_NOT_FOUND = documented(ProgrammeNotFound)
_WRITE = documented(ProgrammeNotFound, Conflict, PreconditionFailed)


@router.post("", status_code=201, operation_id="create_programme", responses=documented(Conflict))
def post_programme(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    creation: ProgrammeCreation,
    request: Request,
    response: Response,
) -> ProgrammeResponse:
    """Store a programme of your own, or copy a template; it is active from now on."""
    stored = create_programme(resources.database(), principal, creation)
    response.headers["Location"] = f"{request.scope['path']}/{stored.id}"
    return _answer(response, stored)


@router.get("", operation_id="list_programmes")
def get_programmes(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ProgrammeQuery, Query()]
) -> Page[ProgrammeResponse]:
    """List your programmes, the newest first; those the coach proposes have the status `draft`."""
    found, next_cursor = list_programmes(resources.database(), principal, query)
    return Page(items=[ProgrammeResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/{programme_id:uuid}", operation_id="read_programme", responses=_NOT_FOUND)
def get_programme(
    principal: CurrentPrincipal, resources: CurrentResources, programme_id: ProgrammeId, response: Response
) -> ProgrammeResponse:
    """Read one of your programmes."""
    return _answer(response, read_programme(resources.database(), principal, programme_id))


@router.get("/{programme_id:uuid}/targets", operation_id="read_programme_targets", responses=_NOT_FOUND)
def get_targets(
    principal: CurrentPrincipal, resources: CurrentResources, programme_id: ProgrammeId
) -> ProgrammeTargetsResponse:
    """Read what each day asks for, were it done now, and why. Reading never progresses anything."""
    asked = read_targets(resources.database(), principal, programme_id, datetime.now(UTC))
    return ProgrammeTargetsResponse(next_day_id=asked.next_day_id, days=[_day(day) for day in asked.days])


@router.get("/{programme_id:uuid}/adherence", operation_id="read_programme_adherence", responses=_NOT_FOUND)
def get_adherence(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    programme_id: ProgrammeId,
    query: Annotated[AdherenceQuery, Query()],
) -> ProgrammeAdherenceResponse:
    """Read, week by week, how many days were planned and which were done: finished, with a set at least."""
    weeks = read_programme_weeks(resources.database(), principal, programme_id, query, datetime.now(UTC))
    return ProgrammeAdherenceResponse(weeks=[ProgrammeWeekResponse.model_validate(week) for week in weeks])


@router.put("/{programme_id:uuid}", operation_id="replace_programme", responses=_WRITE)
def put_programme(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    programme_id: ProgrammeId,
    programme: ProgrammeReplacement,
    expected: ExpectedVersion,
    response: Response,
) -> ProgrammeResponse:
    """Replace one of your programmes as a whole. Days and slots named by their `id` keep their history.

    A slot whose exercise or load is changed starts anew from what the plan says.
    """
    return _answer(response, replace_programme(resources.database(), principal, programme_id, programme, expected))


@router.patch("/{programme_id:uuid}", operation_id="change_programme", responses=_WRITE)
def patch_programme(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    programme_id: ProgrammeId,
    patch: ProgrammePatch,
    expected: ExpectedVersion,
    response: Response,
) -> ProgrammeResponse:
    """Change the name, the notes or the status; the rest stays."""
    return _answer(response, change_programme(resources.database(), principal, programme_id, patch, expected))


@router.post(
    "/{programme_id:uuid}/accept",
    operation_id="accept_programme",
    responses=documented(ProgrammeNotFound, NoDraft, PreconditionFailed),
)
def post_acceptance(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    programme_id: ProgrammeId,
    expected: ExpectedVersion,
    response: Response,
) -> ProgrammeResponse:
    """Accept a draft of the coach's: it is active from now on. To discard it, delete it."""
    return _answer(response, accept_programme(resources.database(), principal, programme_id, expected))


@router.delete(
    "/{programme_id:uuid}",
    status_code=204,
    operation_id="delete_programme",
    responses=documented(ProgrammeNotFound, PreconditionFailed),
)
def remove_programme(
    principal: CurrentPrincipal, resources: CurrentResources, programme_id: ProgrammeId, expected: ExpectedVersion
) -> None:
    """Delete one of your programmes; the sessions that followed it stay."""
    delete_programme(resources.database(), principal, programme_id, expected)


def _answer(response: Response, programme: Programme) -> ProgrammeResponse:
    set_etag(response, programme.version)
    return ProgrammeResponse.model_validate(programme)


def _day(asked: DayTargets) -> DayTargetsResponse:
    slots = [
        SlotTargetsResponse(
            slot_id=one.slot.id,
            exercise=one.slot.exercise,
            exercise_name=one.slot.exercise_name,
            targets=[TargetResponse.model_validate(target) for target in one.prescription.targets],
            decision=DecisionResponse.model_validate(one.prescription.decision),
        )
        for one in asked.slots
    ]
    return DayTargetsResponse(day_id=asked.day.id, name=asked.day.name, cycle_week=asked.cycle_week, slots=slots)
