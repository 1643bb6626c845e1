"""How much the caller has of what there is a cap of."""

from dataclasses import dataclass

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class Fullest:
    """How many rows of a table the caller has, or has in whatever they belong to that has most of them."""

    table_name: str
    rows: int


def fullest(session: Session) -> list[Fullest]:
    """Return, for each table in `domain.caps`, what the caller has most of."""
    return session.all(
        Fullest,
        """
        with mine as (
            select 'exercises' as table_name, user_id as of from public.exercises where user_id = (select auth.uid())
            union all select 'memories', user_id from public.memories
            union all select 'workout_exercises', workout_id from public.workout_exercises
            union all select 'logged_sets', log_id from public.logged_sets
            union all select 'programme_days', programme_id from public.programme_days
            union all select 'programme_slots', day_id from public.programme_slots
            union all select 'session_exercises', session_id from public.session_exercises)
        select table_name, max(found)::integer as rows
        from (select table_name, count(*) as found from mine group by table_name, of) as counted
        group by table_name
        """,
    )
