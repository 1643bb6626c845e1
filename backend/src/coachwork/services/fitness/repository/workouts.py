"""Planned workouts and their exercises."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.workouts import Workout, WorkoutExercise
from coachwork.services.fitness.schemas.workouts import (
    PlannedExerciseRequest,
    WorkoutPatch,
    WorkoutQuery,
    WorkoutRequest,
)

_SELECT = "select id, name, notes, scheduled_on, created_at, updated_at, version from public.workouts"


@dataclass(frozen=True)
class _ExerciseRow(WorkoutExercise):
    workout_id: UUID


def find(session: Session, workout_id: UUID) -> Workout | None:
    """Return the caller's workout, or None."""
    workout = session.one(Workout, _SELECT + " where id = %(id)s", {"id": workout_id})
    return _with_exercises(session, [workout])[0] if workout else None


def exists(session: Session, workout_id: UUID) -> bool:
    """Return whether the caller has this workout."""
    return bool(session.value("select exists (select from public.workouts where id = %(id)s)", {"id": workout_id}))


def lock(session: Session, workout_id: UUID) -> int | None:
    """Hold the caller's workout until the session ends; return its version, or None when there is no such workout."""
    version: int | None = session.value(
        "select version from public.workouts where id = %(id)s for update", {"id": workout_id}
    )
    return version


def page(session: Session, query: WorkoutQuery, limit: int, after: tuple[datetime, UUID] | None) -> list[Workout]:
    """Return the caller's workouts, the newest first, after a position."""
    workouts = session.all(
        Workout,
        _SELECT
        + """
        where (%(from)s::date is null or scheduled_on >= %(from)s)
          and (%(to)s::date is null or scheduled_on <= %(to)s)
          and (created_at, id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by created_at desc, id desc limit %(limit)s
        """,
        {
            "from": query.scheduled_from,
            "to": query.scheduled_to,
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )
    return _with_exercises(session, workouts)


def create(session: Session, workout: WorkoutRequest, exercise_ids: Mapping[str, UUID]) -> UUID:
    """Store a workout with its exercises; return its id."""
    workout_id: UUID = session.value(
        """
        insert into public.workouts (name, notes, scheduled_on)
        values (%(name)s, %(notes)s, %(scheduled_on)s) returning id
        """,
        _columns(workout.name, workout.notes, workout.scheduled_on),
    )
    _add_exercises(session, workout_id, workout.exercises, exercise_ids)
    return workout_id


def replace_whole(
    session: Session, workout_id: UUID, workout: WorkoutRequest, exercise_ids: Mapping[str, UUID]
) -> None:
    """Store a workout over the caller's earlier one, which is held."""
    session.execute(
        """
        update public.workouts set name = %(name)s, notes = %(notes)s, scheduled_on = %(scheduled_on)s,
            updated_at = now()
        where id = %(id)s
        """,
        {"id": workout_id, **_columns(workout.name, workout.notes, workout.scheduled_on)},
    )
    _replace_exercises(session, workout_id, workout.exercises, exercise_ids)


def change(session: Session, workout_id: UUID, patch: WorkoutPatch, exercise_ids: Mapping[str, UUID]) -> None:
    """Change the fields the patch has set of the caller's workout, which is held; without any it stays untouched."""
    if not patch.model_fields_set:
        return
    session.execute(
        """
        update public.workouts set
            name = coalesce(%(name)s, name),
            notes = case when %(sets_notes)s then coalesce(%(notes)s, '') else notes end,
            scheduled_on = case when %(sets_scheduled_on)s then %(scheduled_on)s::date else scheduled_on end,
            updated_at = now()
        where id = %(id)s
        """,
        {
            "id": workout_id,
            "sets_notes": "notes" in patch.model_fields_set,
            "sets_scheduled_on": "scheduled_on" in patch.model_fields_set,
            **_columns(patch.name, patch.notes, patch.scheduled_on),
        },
    )
    if patch.exercises is not None:
        _replace_exercises(session, workout_id, patch.exercises, exercise_ids)


def delete(session: Session, workout_id: UUID) -> None:
    """Remove the caller's workout. Logs that followed it stay."""
    session.execute("delete from public.workouts where id = %(id)s", {"id": workout_id})


def _columns(name: str | None, notes: str | None, scheduled_on: date | None) -> dict[str, object]:
    return {"name": name, "notes": notes, "scheduled_on": scheduled_on}


def _replace_exercises(
    session: Session,
    workout_id: UUID,
    planned: Sequence[PlannedExerciseRequest],
    exercise_ids: Mapping[str, UUID],
) -> None:
    """Safe beside another writer: the workout's own row is held."""
    session.execute("delete from public.workout_exercises where workout_id = %(id)s", {"id": workout_id})
    _add_exercises(session, workout_id, planned, exercise_ids)


def _add_exercises(
    session: Session,
    workout_id: UUID,
    planned: Sequence[PlannedExerciseRequest],
    exercise_ids: Mapping[str, UUID],
) -> None:
    session.execute_many(
        """
        insert into public.workout_exercises (workout_id, position, exercise_id, target_sets, target_reps,
            target_seconds, target_weight_kg, rest_seconds, notes)
        values (%(workout_id)s, %(position)s, %(exercise_id)s, %(target_sets)s, %(target_reps)s,
            %(target_seconds)s, %(target_weight_kg)s, %(rest_seconds)s, %(notes)s)
        """,
        [
            {
                **item.model_dump(exclude={"exercise"}),
                "workout_id": workout_id,
                "position": position,
                "exercise_id": exercise_ids[item.exercise],
            }
            for position, item in enumerate(planned)
        ],
    )


def _with_exercises(session: Session, workouts: Sequence[Workout]) -> list[Workout]:
    rows = session.all(
        _ExerciseRow,
        """
        select planned.workout_id, exercise.slug as exercise, exercise.name as exercise_name,
               planned.target_sets, planned.target_reps, planned.target_seconds,
               planned.target_weight_kg::float8, planned.rest_seconds, planned.notes
        from public.workout_exercises as planned
        join public.exercises as exercise on exercise.id = planned.exercise_id
        where planned.workout_id = any (%(ids)s)
        order by planned.workout_id, planned.position
        """,
        {"ids": [workout.id for workout in workouts]},
    )
    by_workout: defaultdict[UUID, list[WorkoutExercise]] = defaultdict(list)
    for row in rows:
        by_workout[row.workout_id].append(row)
    return [replace(workout, exercises=by_workout[workout.id]) for workout in workouts]
