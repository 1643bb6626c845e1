"""Planning programmes. Every write is one transaction: all of it or nothing."""

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

from coachwork.chassis.errors import WrongValue
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.errors import NoDraft, ProgrammeNotFound, UnknownPart, UnknownTemplate
from coachwork.services.fitness.domain.programmes.plan import Programme
from coachwork.services.fitness.domain.programmes.templates import template_of
from coachwork.services.fitness.errors import UnknownExercise
from coachwork.services.fitness.repository import exercises
from coachwork.services.fitness.repository import programmes as repository
from coachwork.services.fitness.schemas.programmes import (
    ProgrammeCreation,
    ProgrammePatch,
    ProgrammeQuery,
    ProgrammeReplacement,
    ProgrammeRequest,
    Source,
    Status,
)
from coachwork.services.fitness.service.pages import cut, position_of


def list_programmes(
    database: Database, principal: Principal, query: ProgrammeQuery
) -> tuple[Sequence[Programme], str | None]:
    """Return one page of the caller's programmes, the newest first, and the next page's cursor if there is one."""
    after = position_of(query.cursor)
    with database.session(principal) as session:
        found = repository.page(session, query, query.limit + 1, after)
    return cut(found, query.limit, lambda programme: (programme.created_at, programme.id))


def read_programme(database: Database, principal: Principal, programme_id: UUID) -> Programme:
    """Return the caller's programme; raises `ProgrammeNotFound`."""
    with database.session(principal) as session:
        programme = repository.find_whole(session, programme_id)
    if programme is None:
        raise ProgrammeNotFound
    return programme


def create_programme(database: Database, principal: Principal, creation: ProgrammeCreation) -> Programme:
    """Store a programme, or a copy of a template; raises `UnknownTemplate` or `UnknownExercise`."""
    request, source = _wanted(creation)
    with database.session(principal) as session:
        return _created(
            session, request, status="active", source=source, template=creation.template, programme_id=uuid4()
        )


def store_draft(session: Session, programme_id: UUID, request: ProgrammeRequest) -> Programme:
    """Store what the coach proposes as a draft, for the caller to accept or to delete; raises `UnknownExercise`."""
    return _created(session, request, status="draft", source="coach", template=None, programme_id=programme_id)


def replace_programme(
    database: Database, principal: Principal, programme_id: UUID, request: ProgrammeReplacement, expected: int | None
) -> Programme:
    """Store a programme over the caller's earlier one.

    Raises:
        ProgrammeNotFound, PreconditionFailed: it is not there, or no longer as expected.
        UnknownExercise, UnknownPart: it names exercises, days or slots that are not there.
    """
    with database.session(principal) as session:
        _lock(session, programme_id, expected)
        old = _found(session, programme_id)
        ids = _exercise_ids(session, request)
        _check_parts(request, old)
        repository.replace_whole(session, old, request, ids)
        return _found(session, programme_id)


def change_programme(
    database: Database, principal: Principal, programme_id: UUID, patch: ProgrammePatch, expected: int | None
) -> Programme:
    """Change what the patch has set; raises `ProgrammeNotFound` or `PreconditionFailed`."""
    with database.session(principal) as session:
        _lock(session, programme_id, expected)
        repository.change(session, programme_id, patch)
        return _found(session, programme_id)


def accept_programme(database: Database, principal: Principal, programme_id: UUID, expected: int | None) -> Programme:
    """Make a draft active; one that is active stays as it is.

    Raises:
        ProgrammeNotFound, PreconditionFailed: it is not there, or no longer as expected.
        NoDraft: it was archived.
    """
    with database.session(principal) as session:
        _lock(session, programme_id, expected)
        programme = _found(session, programme_id)
        if programme.status == "archived":
            raise NoDraft
        if programme.status == "draft":
            repository.change(session, programme_id, ProgrammePatch(status="active"))
        return _found(session, programme_id)


def delete_programme(database: Database, principal: Principal, programme_id: UUID, expected: int | None) -> None:
    """Remove the caller's programme, and keep the sessions that followed it; raises as `change_programme` does."""
    with database.session(principal) as session:
        _lock(session, programme_id, expected)
        repository.delete(session, programme_id)


def _wanted(creation: ProgrammeCreation) -> tuple[ProgrammeRequest, Source]:
    if creation.template is None:
        return ProgrammeRequest.model_validate(creation.model_dump(exclude={"template"})), "own"
    template = template_of(creation.template)
    if template is None:
        raise UnknownTemplate
    request = ProgrammeRequest(
        name=creation.name or template.name,
        notes=creation.notes,
        days_per_week=template.days_per_week,
        cycle_weeks=template.cycle_weeks,
        days=template.days,
    )
    return request, "template"


def _created(
    session: Session,
    request: ProgrammeRequest,
    *,
    status: Status,
    source: Source,
    template: str | None,
    programme_id: UUID,
) -> Programme:
    whole = ProgrammeReplacement.model_validate(request.model_dump())
    ids = _exercise_ids(session, request)
    repository.create(session, programme_id, whole, ids, status=status, source=source, template=template)
    return _found(session, programme_id)


def _lock(session: Session, programme_id: UUID, expected: int | None) -> None:
    version = repository.locked_version(session, programme_id)
    if version is None:
        raise ProgrammeNotFound
    require_version(expected, version)


def _found(session: Session, programme_id: UUID) -> Programme:
    programme = repository.find(session, programme_id)
    if programme is None:
        raise ProgrammeNotFound
    return programme


def _exercise_ids(session: Session, request: ProgrammeRequest) -> dict[str, UUID]:
    named = {
        f"body/days/{day_index}/slots/{index}/exercise": slot.exercise
        for day_index, day in enumerate(request.days)
        for index, slot in enumerate(day.slots)
    }
    ids = exercises.ids_of(session, list(named.values()))
    unknown = [location for location, slug in named.items() if slug not in ids]
    if unknown:
        raise UnknownExercise(unknown)
    return ids


def _check_parts(request: ProgrammeReplacement, old: Programme) -> None:
    """Return if every day and slot named by its id is one of the programme's, and none is named twice."""
    known = {day.id for day in old.days} | {slot.id for day in old.days for slot in day.slots}
    wrong, seen = [], set[UUID]()
    for location, part in _named_parts(request):
        if part not in known:
            wrong.append(WrongValue(location, "The programme has nothing with this id; leave it out for something new"))
        elif part in seen:
            wrong.append(WrongValue(location, "Is named twice"))
        seen.add(part)
    if wrong:
        raise UnknownPart(wrong)


def _named_parts(request: ProgrammeReplacement) -> Iterator[tuple[str, UUID]]:
    for day_index, day in enumerate(request.days):
        if day.id is not None:
            yield f"body/days/{day_index}/id", day.id
        for index, slot in enumerate(day.slots):
            if slot.id is not None:
                yield f"body/days/{day_index}/slots/{index}/id", slot.id
