"""Looking things up in the exercise library."""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.exercises import Exercise, Facet
from coachwork.services.fitness.errors import ExerciseNotFound
from coachwork.services.fitness.repository import exercises
from coachwork.services.fitness.schemas.exercises import ExerciseQuery


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
    """Return one exercise; raises `ExerciseNotFound`."""
    try:
        key: str | UUID = UUID(slug_or_id)
    except ValueError:
        key = slug_or_id
    with database.session(principal) as session:
        exercise = exercises.find(session, key)
    if exercise is None:
        raise ExerciseNotFound
    return exercise


def _position_of(cursor: str) -> tuple[str, UUID]:
    name, exercise_id = decode_cursor(cursor, str, str)
    try:
        return name, UUID(exercise_id)
    except ValueError as error:
        raise InvalidRequest("The cursor is not one this operation gave") from error
