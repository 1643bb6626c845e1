"""Plans of the queries a caller waits for, with many other tenants in the tables: whose rows are read on the way."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest

from coachwork.chassis.sql.session import Parameters, Row, Session
from coachwork.services.fitness.repository import exercises, progress
from coachwork.services.fitness.schemas.exercises import ExerciseQuery

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

MINE, LOGS, SETS = 20, 30, 4
"""What every user has: exercises of their own, logs, and sets in each log."""

_OTHERS = 200
_CROWD = """
    create temporary table crowd on commit drop as
        select gen_random_uuid() as id, number from generate_series(1, %(others)s) as number
        union all select %(me)s::uuid, 0;
    insert into auth.users (id, email, encrypted_password) select id, id || '@example.com', '' from crowd;
    insert into exercises (user_id, slug, name, level, mechanics, movement, measure, primary_muscles, instructions)
        select crowd.id, 'my-' || one, 'Own ' || one || ' of ' || crowd.number, 'beginner', 'compound', 'squat',
               'reps', '{quadriceps}', '{}'
        from crowd, generate_series(1, %(mine)s) as one;
    insert into performance_logs (user_id, exercise_id, performed_at)
        select crowd.id, (select id from exercises where user_id = crowd.id and slug = 'my-' || (1 + one %% 5)),
               now() - one * interval '1 day'
        from crowd, generate_series(1, %(logs)s) as one;
    insert into logged_sets (user_id, log_id, position, reps, weight_kg)
        select user_id, id, one, 5, 60 from performance_logs, generate_series(1, %(sets)s) as one
        where user_id in (select id from crowd);
    analyze exercises; analyze performance_logs; analyze logged_sets"""
_ACT = """
    select set_config('role', 'authenticated', true),
           set_config('request.jwt.claims', json_build_object('sub', %(me)s::text)::text, true)"""


class Explained(Session):
    """A session that runs each query under EXPLAIN ANALYZE and keeps its plan."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.plans: list[dict[str, Any]] = []

    def all(self, row: type[Row], statement: LiteralString, parameters: Parameters | None = None) -> list[Row]:
        """Keep the plan; return no rows."""
        [plan] = self.value("explain (analyze, format json) " + statement, parameters)
        self.plans.append(plan["Plan"])
        return []

    def scans(self, table: str) -> list[dict[str, Any]]:
        """Return the plans' nodes that read a table."""
        return [node for plan in self.plans for node in _nodes(plan) if node.get("Relation Name") == table]

    def rows_read(self, table: str) -> int:
        """Return how many rows of a table were looked at, kept or not."""
        return sum(
            node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
            for node in self.scans(table)
        )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from _nodes(part)


@pytest.fixture
def session(test_database: "TestDatabase", library: object) -> Iterator[Explained]:
    """Yield a session of one user among many, each with exercises of their own and a history; nothing stays."""
    me = uuid4()
    with psycopg.connect(test_database.owner_url, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute(_CROWD, {"others": _OTHERS, "me": me, "mine": MINE, "logs": LOGS, "sets": SETS})
        connection.execute(_ACT, {"me": me})
        yield Explained(connection)
        connection.rollback()


class TestExercises:
    """The exercise list."""

    @pytest.mark.parametrize("after", [None, ("Squat", uuid4())])
    def test_a_page(self, session: Explained, library: list[object], after: tuple[str, UUID] | None) -> None:
        """A page reads of the library and one's own, wherever it begins, and no other."""
        exercises.page(session, ExerciseQuery(), 21, after)
        assert len(library) + MINE >= session.rows_read("exercises")

    def test_the_whole_library(self, session: Explained, library: list[object]) -> None:
        """Plans and equivalents read the library and one's own, and no other."""
        exercises.library(session)
        assert len(library) + MINE >= session.rows_read("exercises")

    def test_facets(self, session: Explained, library: list[object]) -> None:
        """Counting reads the library and one's own, and no other."""
        exercises.facets(session)
        assert len(library) + MINE >= session.rows_read("exercises")


class TestProgress:
    """The progress summary's queries."""

    @pytest.mark.parametrize("scope", [progress.Scope(), progress.Scope(exercise="my-2")])
    def test_reads_ones_own(self, session: Explained, library: list[object], scope: progress.Scope) -> None:
        """Each query reads the caller's logs and sets alone, and of the exercises at most what the caller may see."""
        progress.aggregates(session, scope)
        progress.best_sets(session, scope)
        progress.best_stretches(session, scope)
        assert session.rows_read("performance_logs") <= 3 * LOGS
        assert session.rows_read("logged_sets") <= 2 * LOGS * SETS
        assert session.rows_read("exercises") <= 3 * (len(library) + MINE)

    def test_sets_come_from_the_index_alone(self, session: Explained) -> None:
        """The covering index has all that is summed up, so no set's row is fetched for it."""
        progress.aggregates(session, progress.Scope())
        assert [("Index Only Scan", "logged_sets_by_user")] == [
            (node["Node Type"], node["Index Name"]) for node in session.scans("logged_sets")
        ]
