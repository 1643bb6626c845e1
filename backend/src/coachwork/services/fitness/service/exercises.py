"""The exercise library, exercises of one's own, and what can stand in for either."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.exercises import (
    MOST_OWN,
    Equivalent,
    Exercise,
    Facet,
    equivalents,
    own_slug,
)
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.errors import (
    ExerciseInUse,
    ExerciseNameTaken,
    ExerciseNotFound,
    NotYourExercise,
    TooManyExercises,
)
from coachwork.services.fitness.repository import exercises, profile
from coachwork.services.fitness.schemas.exercises import (
    Equipment,
    EquivalentsQuery,
    ExercisePatch,
    ExerciseQuery,
    ExerciseRequest,
)


@dataclass(frozen=True)
class Alternatives:
    """What can stand in for an exercise (its slug), the best first, and what was assumed."""

    exercise: str
    equipment: Sequence[str]
    spared: Sequence[str]
    items: Sequence[Equivalent]


def list_exercises(
    database: Database, principal: Principal, query: ExerciseQuery
) -> tuple[Sequence[Exercise], str | None]:
    """Return one page of exercises by name, and the next page's cursor if there is one."""
    after = _position_of(query.cursor) if query.cursor else None
    with database.session(principal) as session:
        found = exercises.page(session, query, query.limit + 1, after)
    if len(found) <= query.limit:
        return found, None
    last = found[query.limit - 1]
    return found[: query.limit], encode_cursor(last.name, str(last.id))


def count_facets(database: Database, principal: Principal) -> list[Facet]:
    """Return the values there are to filter by, with their counts."""
    with database.session(principal) as session:
        return exercises.facets(session)


def read_exercise(database: Database, principal: Principal, slug_or_id: str) -> Exercise:
    """Return an exercise of the library or the caller's own; raises `ExerciseNotFound`."""
    with database.session(principal) as session:
        return found_exercise(session, slug_or_id)


def find_equivalents(
    database: Database, principal: Principal, slug_or_id: str, query: EquivalentsQuery
) -> Alternatives:
    """Return what can stand in for an exercise with the caller's equipment, sparing what they have to spare.

    Raises:
        ExerciseNotFound: there is no such exercise.
    """
    with database.session(principal) as session:
        exercise = found_exercise(session, slug_or_id)
        mine = profile.find(session) or Profile()
        others = exercises.library(session)
    owned: Collection[str] = query.equipment or mine.equipment or get_args(Equipment)
    equipment = sorted(set(owned) - {"none"})
    found = equivalents(exercise, others, equipment=equipment, injuries=mine.injuries)
    return Alternatives(exercise.slug, equipment, mine.injuries, found[: query.limit])


def create_exercise(database: Database, principal: Principal, request: ExerciseRequest) -> Exercise:
    """Store an exercise of the caller's own and return it.

    Raises:
        ExerciseNameTaken: they have one of this name.
        TooManyExercises: they have as many as there can be.
    """
    with database.session(principal) as session:
        mine = exercises.own_keys(session)
        if len(mine) >= MOST_OWN:
            raise TooManyExercises(f"You have {MOST_OWN} exercises of your own: delete one you do not need")
        _require_free(request.name, mine)
        slug = own_slug(request.name, {key.slug for key in mine})
        return found_exercise(session, str(exercises.create(session, slug, request)))


def replace_exercise(
    database: Database, principal: Principal, slug_or_id: str, request: ExerciseRequest, expected: int | None
) -> Exercise:
    """Store the caller's own exercise anew; its slug and whether it is archived stay.

    Raises:
        ExerciseNotFound, NotYourExercise, ExerciseNameTaken: it cannot be changed like this.
        PreconditionFailed: `expected` is not the version that is stored.
    """
    with database.session(principal) as session:
        stored = _locked(session, slug_or_id, expected)
        return _stored(session, stored, request, archived=stored.archived)


def change_exercise(
    database: Database, principal: Principal, slug_or_id: str, patch: ExercisePatch, expected: int | None
) -> Exercise:
    """Change what the patch has set of the caller's own exercise; raises what `replace_exercise` does."""
    with database.session(principal) as session:
        stored = _locked(session, slug_or_id, expected)
        changes = patch.model_dump(exclude_unset=True)
        archived = changes.pop("archived", stored.archived)
        kept = {field: getattr(stored, field) for field in ExerciseRequest.model_fields}
        return _stored(session, stored, ExerciseRequest.model_validate({**kept, **changes}), archived=archived)


def delete_exercise(database: Database, principal: Principal, slug_or_id: str, expected: int | None) -> None:
    """Remove the caller's own exercise, which nothing may use: what was done with it has to stay readable.

    Raises:
        ExerciseNotFound, NotYourExercise: it cannot be removed.
        ExerciseInUse: something names it; it can be archived.
        PreconditionFailed: `expected` is not the version that is stored.
    """
    with database.session(principal) as session:
        stored = _locked(session, slug_or_id, expected)
        uses = str(exercises.uses(session, stored.id))
        if uses:
            raise ExerciseInUse(uses)
        exercises.delete(session, stored.id)


def _stored(session: Session, stored: Exercise, request: ExerciseRequest, *, archived: bool) -> Exercise:
    _require_free(request.name, [key for key in exercises.own_keys(session) if key.id != stored.id])
    exercises.replace_whole(session, stored.id, request, archived=archived)
    return found_exercise(session, str(stored.id))


def _require_free(name: str, mine: Sequence[exercises.Key]) -> None:
    if name.casefold() in {key.name.casefold() for key in mine}:
        raise ExerciseNameTaken


def _locked(session: Session, slug_or_id: str, expected: int | None) -> Exercise:
    found = found_exercise(session, slug_or_id)
    if not found.own:
        raise NotYourExercise
    locked = exercises.find_own(session, found.id)
    if locked is None:  # deleted between the two
        raise ExerciseNotFound
    require_version(expected, locked.version)
    return locked


def found_exercise(session: Session, slug_or_id: str) -> Exercise:
    """Return an exercise the session's caller may see; raises `ExerciseNotFound`."""
    exercise = exercises.find(session, _key(slug_or_id))
    if exercise is None:
        raise ExerciseNotFound
    return exercise


def _key(slug_or_id: str) -> str | UUID:
    try:
        return UUID(slug_or_id)
    except ValueError:
        return slug_or_id


def _position_of(cursor: str) -> tuple[str, UUID]:
    name, exercise_id = decode_cursor(cursor, str, str)
    try:
        return name, UUID(exercise_id)
    except ValueError as error:
        raise InvalidRequest("The cursor is not one this operation gave") from error
