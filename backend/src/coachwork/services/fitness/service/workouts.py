"""Planning workouts. Every write is one transaction: all of it or nothing."""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.workouts import Workout
from coachwork.services.fitness.errors import UnknownExercise, WorkoutNotFound
from coachwork.services.fitness.repository import exercises
from coachwork.services.fitness.repository import workouts as repository
from coachwork.services.fitness.schemas.workouts import (
    PlannedExerciseRequest,
    WorkoutPatch,
    WorkoutQuery,
    WorkoutRequest,
)
from coachwork.services.fitness.service.pages import cut, position_of


def list_workouts(
    database: Database, principal: Principal, query: WorkoutQuery
) -> tuple[Sequence[Workout], str | None]:
    """Return one page of the caller's workouts, the newest first, and the next page's cursor if there is one."""
    after = position_of(query.cursor)
    with database.session(principal) as session:
        found = repository.page(session, query, query.limit + 1, after)
    return cut(found, query.limit, lambda workout: (workout.created_at, workout.id))


def read_workout(database: Database, principal: Principal, workout_id: UUID) -> Workout:
    """Return the caller's workout; raises `WorkoutNotFound`."""
    with database.session(principal) as session:
        return _found(session, workout_id)


def create_workout(database: Database, principal: Principal, request: WorkoutRequest) -> Workout:
    """Store a workout and return it; raises `UnknownExercise`."""
    with database.session(principal) as session:
        exercise_ids = _exercise_ids(session, request.exercises)
        return _found(session, repository.create(session, request, exercise_ids))


def replace_workout(
    database: Database, principal: Principal, workout_id: UUID, request: WorkoutRequest, *, expected: int | None
) -> Workout:
    """Store a workout over the caller's earlier one.

    Raises:
        WorkoutNotFound, UnknownExercise: there is no such thing.
        PreconditionFailed: the workout is no longer the `expected` version.
    """
    with database.session(principal) as session:
        _hold(session, workout_id, expected)
        repository.replace_whole(session, workout_id, request, _exercise_ids(session, request.exercises))
        return _found(session, workout_id)


def change_workout(
    database: Database, principal: Principal, workout_id: UUID, patch: WorkoutPatch, *, expected: int | None
) -> Workout:
    """Change what the patch has set, and nothing where it sets nothing; raises what `replace_workout` does."""
    with database.session(principal) as session:
        _hold(session, workout_id, expected)
        repository.change(session, workout_id, patch, _exercise_ids(session, patch.exercises or []))
        return _found(session, workout_id)


def delete_workout(database: Database, principal: Principal, workout_id: UUID, *, expected: int | None) -> None:
    """Remove the caller's workout, and keep the logs that followed it.

    Raises:
        WorkoutNotFound: there is no such workout.
        PreconditionFailed: it is no longer the `expected` version.
    """
    with database.session(principal) as session:
        _hold(session, workout_id, expected)
        repository.delete(session, workout_id)


def _hold(session: Session, workout_id: UUID, expected: int | None) -> None:
    version = repository.lock(session, workout_id)
    if version is None:
        raise WorkoutNotFound
    require_version(expected, version)


def _found(session: Session, workout_id: UUID) -> Workout:
    workout = repository.find(session, workout_id)
    if workout is None:
        raise WorkoutNotFound
    return workout


def _exercise_ids(session: Session, planned: Sequence[PlannedExerciseRequest]) -> dict[str, UUID]:
    ids = exercises.ids_of(session, [item.exercise for item in planned])
    unknown = [f"body/exercises/{index}/exercise" for index, item in enumerate(planned) if item.exercise not in ids]
    if unknown:
        raise UnknownExercise(unknown)
    return ids
