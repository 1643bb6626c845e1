"""The tables that hold users' rows, a row for each, and what is in them: what tests of all of them share."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

TENANT_TABLES = (
    "profiles",
    "workouts",
    "workout_exercises",
    "performance_logs",
    "logged_sets",
    "programmes",
    "programme_days",
    "programme_slots",
    "training_sessions",
    "session_exercises",
    "body_measurements",
    "goals",
    "chat_threads",
    "chat_turns",
    "open_turns",
    "turn_feedback",
    "memories",
)

SHARED_TABLES = ("exercises",)
"""What holds users' own rows beside those that are everybody's."""

ROW_IN_EVERY_TABLE = """
    with exercise as (select id from exercises where user_id is null limit 1),
    own as (insert into exercises (slug, name, level, mechanics, movement, measure, primary_muscles, instructions)
            values ('my-secret', 'secret', 'beginner', 'compound', 'other', 'reps', '{}', '{}')),
    profile as (insert into profiles (display_name) values ('secret')),
    workout as (insert into workouts (name) values ('secret') returning id),
    planned as (insert into workout_exercises (workout_id, position, exercise_id, target_sets)
                select workout.id, 0, exercise.id, 3 from workout, exercise),
    log as (insert into performance_logs (exercise_id, performed_at) select id, now() from exercise returning id),
    one as (insert into logged_sets (log_id, position, reps, weight_kg) select id, 0, 5, 95 from log),
    programme as (insert into programmes (name, days_per_week) values ('secret', 3) returning id),
    day as (insert into programme_days (programme_id, position, name) select id, 0, 'A' from programme returning id),
    slot as (insert into programme_slots (day_id, position, exercise_id, rounding_kg, progression, sets)
             select day.id, 0, exercise.id, 2.5, '{}', '[{}]' from day, exercise returning id),
    session as (insert into training_sessions (programme_id, day_id, name, started_at)
                select programme.id, day.id, 'A', now() from programme, day returning id),
    done as (insert into session_exercises (session_id, position, exercise_id, slot_id, log_id)
             select session.id, 0, exercise.id, slot.id, log.id from session, exercise, slot, log),
    measurement as (insert into body_measurements (measured_at, weight_kg) values (now(), 80)),
    goal as (insert into goals (kind, start_value, start_source, target_value, due_on)
             values ('body_weight', 80, 'given', 75, current_date + 90)),
    thread as (insert into chat_threads (title) values ('secret') returning id),
    open as (insert into open_turns (thread_id, question, state, due_at) select id, 'q', 'queued', now() from thread),
    turn as (insert into chat_turns (thread_id, question, answer, model)
             select id, 'q', 'a', 'offline' from thread returning id),
    memory as (insert into memories (text, turn_id) select 'secret', id from turn)
    insert into turn_feedback (turn_id, verdict, question, answer, model, passages)
    select id, 'up', 'q', 'a', 'offline', '[]' from turn"""

ROW_IN_THE_CHASSIS = """
    with task as (insert into coachwork.task_principals values (gen_random_uuid(), %(user_id)s, '{}')),
    used as (insert into coachwork.token_usage (user_id, day) values (%(user_id)s, current_date)),
    day as (insert into coachwork.token_days values ('2000-01-01', 1) on conflict do nothing),
    known as (insert into coachwork.knowledge_documents
                  (id, title, topic, format, source, pages, text_sha256, content_sha256, passage_count)
              values ('doc-0123456789abcdef', 'Rest', 'recovery', 'text', '{}', '{Rest.}', 'text', 'content', 1)
              on conflict do nothing),
    displaced as (insert into coachwork.knowledge_displaced values ('rest-days', 'Rest.', '{}')
                  on conflict do nothing),
    kept as (insert into coachwork.kept_elsewhere (user_id, service, erased_by)
             values (%(user_id)s, 'knowledge', 'DELETE /api/v1/knowledge')),
    reserved as (insert into coachwork.token_reservations (user_id, day, tokens, expires_at)
                 values (%(user_id)s, current_date, 1, now()))
    insert into coachwork.idempotency_keys
        (user_id, request_sha256, content_sha256, attempt_id, locked_until, expires_at)
    values (%(user_id)s, 'request', 'content', gen_random_uuid(), now(), now() + interval '1 day')"""

_TABLES_WITH_AN_OWNER = """
    select table_schema, table_name, column_name
    from information_schema.columns natural join information_schema.tables
    where table_type = 'BASE TABLE' and column_name in ('user_id', 'owner', 'owner_id')"""

Rows = dict[str, list[dict[str, Any]]]


def rows_of(owner_url: str, user_id: UUID) -> Rows:
    """Return what a user has in each table there is whose rows have an owner, whoever added the table."""
    with psycopg.connect(owner_url) as connection:
        return rows_by(connection, user_id)


def rows_by(owner: psycopg.Connection, user_id: UUID) -> Rows:
    """Return the same by a connection of the tables' owner: sooner, where it is asked for often."""
    tables = owner.execute(_TABLES_WITH_AN_OWNER).fetchall()
    rows: Rows = {f"{schema}.{table}": [] for schema, table, _ in tables}
    each = [
        sql.SQL("select {} as name, to_jsonb(one) as row from {} as one where {} = %(user_id)s").format(
            f"{schema}.{table}", sql.Identifier(schema, table), sql.Identifier(column)
        )
        for schema, table, column in tables
    ]
    everything = sql.SQL("{} order by name, row").format(sql.SQL(" union all ").join(each))
    for name, row in owner.execute(everything, {"user_id": user_id}):
        rows[name].append(row)
    return rows
