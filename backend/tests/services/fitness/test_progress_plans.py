"""How Postgres goes about it among fifty users: by indexes, and past everybody else's rows."""

import json
from collections.abc import Callable, Iterator
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from tests.conftest import BACKEND, SEEDS

from coachwork.chassis.sql.migrations import migrate
from coachwork.chassis.sql.session import Parameters, Session
from coachwork.services.fitness.domain.performance import Rows
from coachwork.services.fitness.repository import body, logs, performance, progress
from coachwork.services.fitness.schemas.logs import LogQuery
from coachwork.services.fitness.service.library import load_exercises, read_exercises
from rehearsal.postgres import temporary

SQUAT = "barbell-back-squat"
USERS, LOGS, SETS = 50, 250, 4
POPULATE = f"""
    insert into auth.users (email, encrypted_password)
    select 'user' || number || '@example.com', '' from generate_series(1, {USERS}) as number;
    insert into performance_logs (user_id, exercise_id, performed_at)
    select account.id, chosen.id, now() - number * interval '1 day'
    from generate_series(1, {LOGS}) as number cross join auth.users as account
    join (select id, row_number() over (order by slug <> '{SQUAT}', slug) - 1 as place from exercises limit 8) as chosen
      on chosen.place = number % 8;
    insert into logged_sets (log_id, user_id, position, reps, weight_kg)
    select id, user_id, place, 5, 80 from performance_logs cross join generate_series(0, {SETS - 1}) as place;
    insert into workouts (user_id, name, scheduled_on)
    select id, 'Full body', current_date - day from auth.users cross join generate_series(0, 99) as day;
    insert into body_measurements (user_id, measured_at, weight_kg)
    select id, now() - day * interval '1 day', 80 from auth.users cross join generate_series(0, 199) as day"""
TENANT_TABLES = {"performance_logs", "logged_sets", "workouts", "body_measurements"}
READS: dict[str, Callable[[Session], object]] = {
    "list logs": lambda session: logs.page(session, LogQuery(), 21, None),
    "list logs of an exercise": lambda session: logs.page(session, LogQuery(exercise=SQUAT), 21, None),
    "summary": lambda session: progress.aggregates(session, progress.Scope()),
    "summary's best sets": lambda session: progress.best_sets(session, progress.Scope()),
    "summary's best stretches": lambda session: progress.best_stretches(session, progress.Scope()),
    "records": lambda session: performance.performed_sets(session, Rows()),
    "series of an exercise": lambda session: performance.performed_sets(session, Rows(SQUAT), 5_001),
    "muscles and streaks": lambda session: performance.performed_logs(session, Rows()),
    "weight": lambda session: body.weighings(session, None),
}


class Explaining(Session):
    """Keeps the plan of each statement in place of running it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.plans: list[dict[str, Any]] = []

    def all(self, row: type[Any], statement: LiteralString, parameters: Parameters | None = None) -> list[Any]:
        """Explain a statement, then run it."""
        self.plans.append(self.value("explain (format json) " + statement, parameters)[0]["Plan"])
        return super().all(row, statement, parameters)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a plan's nodes, each with the condition its index is searched by, if any."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def searched_by(node: dict[str, Any]) -> str:
    """Return the condition a table's index is searched by, in a scan or in the bitmap below it."""
    return " ".join(str(one.get("Index Cond", "")) for one in nodes(node))


@pytest.fixture(scope="module")
def crowded() -> Iterator[tuple[psycopg.Connection[Any], UUID]]:
    """Yield a database of fifty users with fifty thousand sets, and one of the users."""
    with temporary() as server:
        list(migrate(server.url(), BACKEND / "migrations"))
        with psycopg.connect(server.url(), autocommit=True) as connection:
            load_exercises(Session(connection), read_exercises(SEEDS))
            connection.execute(POPULATE)
            connection.execute("vacuum analyze")
            row = connection.execute("select id from auth.users order by email limit 1").fetchone()
            assert row is not None
        with psycopg.connect(server.url()) as connection:
            yield connection, row[0]


class TestPlans:
    """The statements behind lists and progress."""

    @pytest.mark.parametrize("read", list(READS))
    def test_no_read_scans_everybodys_rows(self, crowded: tuple[psycopg.Connection[Any], UUID], read: str) -> None:
        """Every tenant's table is reached by an index, searched by its user or by one of their logs."""
        connection, user_id = crowded
        claims = json.dumps({"sub": str(user_id), "role": "authenticated"})
        with connection.transaction(force_rollback=True):
            connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
            connection.execute("set local role authenticated")
            session = Explaining(connection)
            READS[read](session)
        scans = [node for plan in session.plans for node in nodes(plan) if node.get("Relation Name") in TENANT_TABLES]
        assert scans
        assert [] == [
            (node["Relation Name"], node["Node Type"], searched_by(node))
            for node in scans
            if node["Node Type"] == "Seq Scan"
            or not {"user_id", "log_id"} & set(searched_by(node).replace("(", " ").split())
        ]
