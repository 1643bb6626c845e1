"""A thousand users with a million logged sets, made in the database itself: the API would take an hour."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import psycopg

from benchmarks.dependencies import Setup, answer_of, set_up
from benchmarks.image_environment import event
from rehearsal.runtime import ExecutionEnvironment

USERS = 1000
LOGS_PER_USER = 250
SETS_PER_LOG = 4
_CALLERS = 12  # an address may register twenty
_PASSWORD = secrets.token_urlsafe(16)

# Their days interleave, as those of users who train at the same time do: nobody's rows lie together on the disk.
_POPULATE = f"""
    set session_replication_role = replica;
    insert into auth.users (email, encrypted_password)
    select 'user' || number || '@example.com', '' from generate_series(1, {USERS - _CALLERS}) as number;
    create temporary table chosen as
        select id, row_number() over (order by slug) - 1 as place from public.exercises
        where measure = 'reps' order by slug limit 12;
    insert into public.performance_logs (user_id, exercise_id, performed_at)
    select account.id, chosen.id, now() - number * interval '30 hours' + random() * interval '9 hours'
    from generate_series({LOGS_PER_USER}, 1, -1) as number
    cross join auth.users as account
    join chosen on chosen.place = number % 12
    where account.email like 'user%' or account.email like 'caller%'
    order by number desc;
    insert into public.logged_sets (log_id, user_id, position, reps, weight_kg, rpe)
    select log.id, log.user_id, place, 3 + (random() * 9)::int, 40 + 2.5 * (random() * 40)::int, 8
    from public.performance_logs as log cross join generate_series(0, {SETS_PER_LOG - 1}) as place
    order by log.performed_at;
    set session_replication_role = origin;"""  # noqa: S608  its own constants


_WHAT_THERE_IS = """
    select (select count(*) from public.logged_sets),
           (select slug from public.exercises join public.performance_logs on exercise_id = exercises.id limit 1)"""


@dataclass(frozen=True)
class Someone:
    """A user whose requests are timed."""

    user_id: UUID
    headers: dict[str, str]


@dataclass(frozen=True)
class Population:
    """The setup, some of its users, an exercise everybody did (its slug), and how many sets there are."""

    setup: Setup
    callers: list[Someone]
    exercise: str
    sets: int
    users: int = USERS


@contextmanager
def populated() -> Iterator[Population]:
    """Yield a setup with everybody in it; take it down afterwards."""
    with set_up() as setup:
        with ExecutionEnvironment(setup.function) as environment:
            callers = [_caller(environment, number) for number in range(_CALLERS)]
        with psycopg.connect(setup.owner_url, autocommit=True) as connection:
            connection.execute(_POPULATE)
            connection.execute("vacuum analyze")
            [(sets, exercise)] = connection.execute(_WHAT_THERE_IS).fetchall()
        yield Population(setup, callers, exercise, sets)


def _caller(environment: ExecutionEnvironment, number: int) -> Someone:
    account = {"email": f"caller{number}@example.com", "password": _PASSWORD}
    environment.invoke(event("POST", "/api/v1/users/register", account))
    token = answer_of(environment.invoke(event("POST", "/api/v1/users/login", account)))["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = answer_of(environment.invoke(event("GET", "/api/v1/users/me", headers=headers)))
    return Someone(UUID(me["id"]), headers)
