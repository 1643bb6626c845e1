"""Everything a caller has, whichever table it is in."""

from dataclasses import dataclass

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class RemovedRows:
    """How many rows of each kind were removed."""

    profile: int
    exercises: int
    workouts: int
    planned_exercises: int
    logs: int
    sets: int
    programmes: int
    programme_days: int
    programme_slots: int
    sessions: int
    session_exercises: int
    measurements: int
    goals: int
    threads: int
    turns: int
    open_turns: int
    feedback: int
    memories: int


def remove_everything(session: Session) -> RemovedRows:
    """Remove every row of the caller's; return how many there were of each kind."""
    [removed] = session.all(
        RemovedRows,
        """
        with caller as materialized (select auth.uid() as id),
        profile as (delete from public.profiles where user_id = (select id from caller) returning 1),
        own as (delete from public.exercises where user_id = (select id from caller) returning 1),
        workouts as (delete from public.workouts where user_id = (select id from caller) returning 1),
        planned as (delete from public.workout_exercises where user_id = (select id from caller) returning 1),
        logs as (delete from public.performance_logs where user_id = (select id from caller) returning 1),
        sets as (delete from public.logged_sets where user_id = (select id from caller) returning 1),
        programmes as (delete from public.programmes where user_id = (select id from caller) returning 1),
        days as (delete from public.programme_days where user_id = (select id from caller) returning 1),
        slots as (delete from public.programme_slots where user_id = (select id from caller) returning 1),
        sessions as (delete from public.training_sessions where user_id = (select id from caller) returning 1),
        done as (delete from public.session_exercises where user_id = (select id from caller) returning 1),
        measurements as (
            delete from public.body_measurements where user_id = (select id from caller) returning 1
        ),
        goals as (delete from public.goals where user_id = (select id from caller) returning 1),
        threads as (delete from public.chat_threads where user_id = (select id from caller) returning 1),
        turns as (delete from public.chat_turns where user_id = (select id from caller) returning 1),
        open_turns as (delete from public.open_turns where user_id = (select id from caller) returning 1),
        feedback as (delete from public.turn_feedback where user_id = (select id from caller) returning 1),
        memories as (delete from public.memories where user_id = (select id from caller) returning 1)
        select (select count(*) from profile) as profile, (select count(*) from own) as exercises,
               (select count(*) from workouts) as workouts,
               (select count(*) from planned) as planned_exercises, (select count(*) from logs) as logs,
               (select count(*) from sets) as sets,
               (select count(*) from programmes) as programmes, (select count(*) from days) as programme_days,
               (select count(*) from slots) as programme_slots, (select count(*) from sessions) as sessions,
               (select count(*) from done) as session_exercises, (select count(*) from measurements) as measurements,
               (select count(*) from goals) as goals, (select count(*) from threads) as threads,
               (select count(*) from turns) as turns, (select count(*) from open_turns) as open_turns,
               (select count(*) from feedback) as feedback, (select count(*) from memories) as memories
        """,
    )
    return removed
