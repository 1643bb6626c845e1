"""Exercises: the library's, which nobody changes, and the caller's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.exercises import Exercise, Facet, Uses
from coachwork.services.fitness.schemas.exercises import ExerciseQuery, ExerciseRequest


@dataclass(frozen=True)
class Key:
    """What names an exercise of the caller's own."""

    id: UUID
    slug: str
    name: str


@dataclass(frozen=True)
class _Key:
    slug: str
    id: UUID


_SELECT = """
    select id, slug, name, aliases, level, mechanics, movement, measure, primary_muscles, secondary_muscles,
           equipment, stresses, instructions, cautions, image_key, user_id is not null as own,
           archived_at is not null as archived, version
    from public.exercises"""
_OF_THE_LIBRARY = _SELECT + " where user_id is null"
_OWN = _SELECT + " where user_id = (select auth.uid())"
_FILTERS = """
    and (cardinality(%(muscles)s::text[]) = 0 or primary_muscles && %(muscles)s)
    and (cardinality(%(equipment)s::text[]) = 0 or equipment <@ %(equipment)s)
    and (cardinality(%(levels)s::text[]) = 0 or level = any (%(levels)s))
    and (cardinality(%(movements)s::text[]) = 0 or movement = any (%(movements)s))
    and name || ' ' || array_to_string(aliases, ' ') ilike all (%(words)s::text[])
    and (%(name)s::text is null or (name, id) > (%(name)s, %(id)s::uuid))
    order by name, id limit %(limit)s"""


def page(session: Session, query: ExerciseQuery, limit: int, after: tuple[str, UUID] | None) -> list[Exercise]:
    """Return the exercises the query asks for, by name, after a position.

    The library and the caller's own are two ranges of two indexes: nobody else's exercises are read on the way.
    """
    return session.all(
        Exercise,
        "("
        + _OF_THE_LIBRARY
        + " and %(own)s::bool is not true and not %(archived)s"
        + _FILTERS
        + ") union all ("
        + _OWN
        + " and %(own)s::bool is not false and (archived_at is not null) = %(archived)s"
        + _FILTERS
        + ") order by name, id limit %(limit)s",
        {
            "muscles": query.muscle,
            "equipment": query.equipment,
            "levels": query.level,
            "movements": query.movement,
            "words": [f"%{_escaped(word)}%" for word in (query.q or "").split()],
            "own": query.own,
            "archived": query.archived,
            "name": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )


def library(session: Session) -> list[Exercise]:
    """Return every exercise there is for the caller, by name: the library's, and their own but for the archived."""
    return session.all(Exercise, _OF_THE_LIBRARY + " union all " + _OWN + " and archived_at is null order by name, id")


def find(session: Session, slug_or_id: str | UUID) -> Exercise | None:
    """Return the exercise with this slug or id, or None."""
    if isinstance(slug_or_id, UUID):
        return session.one(Exercise, _SELECT + " where id = %(id)s", {"id": slug_or_id})
    return session.one(Exercise, _SELECT + " where slug = %(slug)s", {"slug": slug_or_id})


def ids_of(session: Session, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the exercises with these slugs; a slug without one is left out."""
    found = session.all(
        _Key, "select slug, id from public.exercises where slug = any (%(slugs)s)", {"slugs": list(slugs)}
    )
    return {key.slug: key.id for key in found}


def facets(session: Session) -> list[Facet]:
    """Return every facet's values with their counts, the most frequent first."""
    return session.all(
        Facet,
        """
        select facet.name, facet.value, count(*) as count
        from (
            select primary_muscles, equipment, level, movement from public.exercises where user_id is null
            union all
            select primary_muscles, equipment, level, movement from public.exercises
            where user_id = (select auth.uid()) and archived_at is null
        ) as exercise
        cross join lateral (
            select 'muscle', unnest(exercise.primary_muscles)
            union all select 'equipment', unnest(exercise.equipment)
            union all select 'equipment', 'none' where cardinality(exercise.equipment) = 0
            union all select 'level', exercise.level
            union all select 'movement', exercise.movement
        ) as facet (name, value)
        group by facet.name, facet.value order by facet.name, count desc, facet.value
        """,
    )


def own_keys(session: Session) -> list[Key]:
    """Return what names the caller's own exercises; whoever names another meanwhile waits for this transaction."""
    session.execute("select pg_advisory_xact_lock(hashtextextended('exercises of ' || auth.uid(), 0))")
    return session.all(Key, "select id, slug, name from public.exercises where user_id = (select auth.uid())")


def find_own(session: Session, exercise_id: UUID) -> Exercise | None:
    """Return the caller's own exercise, or None; nobody else changes it until the session ends."""
    return session.one(Exercise, _OWN + " and id = %(id)s for update", {"id": exercise_id})


def create(session: Session, slug: str, exercise: ExerciseRequest) -> UUID:
    """Store an exercise of the caller's own; return its id."""
    exercise_id: UUID = session.value(
        """
        insert into public.exercises (slug, name, aliases, level, mechanics, movement, measure, primary_muscles,
            secondary_muscles, equipment, stresses, instructions, cautions)
        values (%(slug)s, %(name)s, %(aliases)s, %(level)s, %(mechanics)s, %(movement)s, %(measure)s,
            %(primary_muscles)s, %(secondary_muscles)s, %(equipment)s, %(stresses)s, %(instructions)s, %(cautions)s)
        returning id
        """,
        {"slug": slug, **exercise.model_dump()},
    )
    return exercise_id


def replace_whole(session: Session, exercise_id: UUID, exercise: ExerciseRequest, *, archived: bool) -> None:
    """Store an exercise over the caller's own earlier version of it, as its next version."""
    session.execute(
        """
        update public.exercises set
            name = %(name)s, aliases = %(aliases)s, level = %(level)s, mechanics = %(mechanics)s,
            movement = %(movement)s, measure = %(measure)s, primary_muscles = %(primary_muscles)s,
            secondary_muscles = %(secondary_muscles)s, equipment = %(equipment)s, stresses = %(stresses)s,
            instructions = %(instructions)s, cautions = %(cautions)s,
            archived_at = case when %(archived)s then coalesce(archived_at, now()) end,
            version = version + 1, updated_at = now()
        where id = %(id)s and user_id = (select auth.uid())
        """,
        {"id": exercise_id, "archived": archived, **exercise.model_dump()},
    )


def uses(session: Session, exercise_id: UUID) -> Uses:
    """Return what of the caller's names the exercise."""
    [found] = session.all(
        Uses,
        """
        select (select count(*) from public.performance_logs where exercise_id = %(id)s) as logs,
               (select count(distinct workout_id) from public.workout_exercises where exercise_id = %(id)s) as workouts,
               (select count(distinct day.programme_id) from public.programme_slots as slot
                join public.programme_days as day on day.id = slot.day_id
                where slot.exercise_id = %(id)s) as programmes,
               (select count(distinct session_id) from public.session_exercises
                where %(id)s in (exercise_id, planned_exercise_id)) as sessions,
               (select count(*) from public.goals where exercise_id = %(id)s) as goals
        """,
        {"id": exercise_id},
    )
    return found


def delete(session: Session, exercise_id: UUID) -> None:
    """Remove the caller's own exercise; nothing may name it."""
    session.execute(
        "delete from public.exercises where id = %(id)s and user_id = (select auth.uid())", {"id": exercise_id}
    )


def _escaped(word: str) -> str:
    """Return `word` with the pattern's own characters taken literally."""
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
