"""Sessions: what Postgres refuses becomes a typed failure, and nothing is half written."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, Forbidden, InvalidRequest
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database

if TYPE_CHECKING:
    from tests.conftest import TestDatabase


@pytest.fixture
def user(new_principal: Callable[[], Principal]) -> Principal:
    """Return a user."""
    return new_principal()


class TestRefusals:
    """Statements Postgres refuses."""

    @pytest.mark.parametrize("name", ["a\x00b", "\ud800"], ids=["a NUL byte", "a lone surrogate"])
    def test_text_it_cannot_hold(self, database: Database, user: Principal, name: str) -> None:
        """Text that is none for Postgres is the caller's failure."""
        with pytest.raises(InvalidRequest), database.session(user) as session:
            session.execute("insert into workouts (name) values (%(name)s)", {"name": name})

    @pytest.mark.parametrize("weight_kg", [1e6, 501.0, -1.0])
    def test_numbers_out_of_range(self, database: Database, user: Principal, weight_kg: float) -> None:
        """A number beyond the column, or beyond its check, is the caller's failure."""
        with pytest.raises(InvalidRequest), database.session(user) as session:
            session.execute("insert into profiles (weight_kg) values (%(kg)s)", {"kg": weight_kg})

    def test_a_second_of_what_is_unique(self, database: Database, user: Principal) -> None:
        """A duplicate is a conflict."""
        with database.session(user) as session:
            session.execute("insert into profiles default values")
        with pytest.raises(Conflict), database.session(user) as session:
            session.execute("insert into profiles default values")

    def test_a_table_of_the_chassis(self, database: Database, user: Principal) -> None:
        """What the caller's role may not touch is forbidden."""
        with pytest.raises(Forbidden), database.session(user) as session:
            session.value("select count(*) from auth.users")

    def test_nothing_is_half_written(self, database: Database, user: Principal) -> None:
        """When a later statement fails, the earlier ones never happened."""
        with pytest.raises(InvalidRequest), database.session(user) as session:
            session.execute_many(
                "insert into workouts (name) values (%(name)s)", [{"name": "kept?"}, {"name": "a\x00b"}]
            )
        with database.session(user) as session:
            assert 0 == session.value("select count(*) from workouts")


class TestSession:
    """What every session brings along."""

    def test_times_are_utc(self, database: Database, user: Principal) -> None:
        """Whatever the server's zone, times come back in UTC."""
        with database.session(user) as session:
            session.execute("insert into workouts (name) values ('x')")
            created_at: datetime = session.value("select created_at from workouts")
        assert UTC.utcoffset(None) == created_at.utcoffset()

    def test_a_statement_that_takes_too_long(self, test_database: "TestDatabase", user: Principal) -> None:
        """A statement is cut off at the timeout, and the pool goes on working."""
        impatient = Database(test_database.app_url, pool_size=1, timeout_seconds=1.0, require_safe_login=True)
        try:
            with pytest.raises(DatabaseUnavailable), impatient.session(user) as session:
                session.value("select 1 from pg_sleep(30)")
            with impatient.session(user) as session:
                assert 1 == session.value("select 1")
        finally:
            impatient.close()

    def test_settings_end_with_the_transaction(self, test_database: "TestDatabase", user: Principal) -> None:
        """A pooler in transaction mode hands the connection on with nobody's role and claims on it."""
        single = Database(test_database.app_url, pool_size=1, timeout_seconds=5, require_safe_login=True)
        try:
            with single.session(user):
                pass
            with single.service_session() as session:
                assert ("coachwork_service", False) == (
                    session.value("select current_user"),
                    str(user.user_id) in session.value("select current_setting('request.jwt.claims')"),
                )
        finally:
            single.close()

    def test_nothing_is_prepared(self, database: Database, user: Principal) -> None:
        """A pooler in transaction mode may hand each transaction another connection, which knows of no statement."""
        with database.session(user) as session:
            for _ in range(10):
                session.value("select count(*) from public.workouts where name = %(name)s", {"name": "x"})
            assert 0 == session.value("select count(*) from pg_prepared_statements")

    def test_a_server_that_hangs(self, test_database: "TestDatabase", user: Principal) -> None:
        """Whoever waits is told in time, and the next caller gets a connection that answers."""
        single = Database(test_database.app_url, pool_size=1, timeout_seconds=1.0, require_safe_login=True)
        try:
            with single.session(user) as session:
                backend = session.value("select pg_backend_pid()")
            os.kill(backend, signal.SIGSTOP)
            try:
                with pytest.raises(DatabaseUnavailable), single.session(user):
                    pass
                with single.session(user) as session:
                    assert backend != session.value("select pg_backend_pid()")
            finally:
                os.kill(backend, signal.SIGCONT)
        finally:
            single.close()

    def test_survives_many_dropped_connections(self, test_database: "TestDatabase", user: Principal) -> None:
        """A restart of the server kills every idle connection at once; the next caller still never knows."""
        pool = Database(test_database.app_url, pool_size=8, timeout_seconds=2, require_safe_login=True)
        try:
            with ExitStack() as open_at_once:
                sessions = [open_at_once.enter_context(pool.session(user)) for _ in range(8)]
                backends = [session.value("select pg_backend_pid()") for session in sessions]
            with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
                connection.execute("select pg_terminate_backend(pid, 5000) from unnest(%s) as pid", [backends])
            with pool.session(user) as session:
                assert session.value("select pg_backend_pid()") not in backends
        finally:
            pool.close()

    def test_survives_a_dropped_connection(self, test_database: "TestDatabase", user: Principal) -> None:
        """A connection the server closed while it lay idle is replaced, and the caller never knows."""
        single = Database(test_database.app_url, pool_size=1, timeout_seconds=5, require_safe_login=True)
        try:
            with single.session(user) as session:
                backend = session.value("select pg_backend_pid()")
            with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
                connection.execute("select pg_terminate_backend(%s, 5000)", [backend])
            with single.session(user) as session:
                assert backend != session.value("select pg_backend_pid()")
        finally:
            single.close()


class TestAsService:
    """The chassis's own role inside a caller's transaction."""

    BOUND = "select current_user || ' ' || coalesce(auth.uid()::text, 'nobody')"

    def test_for_a_while(self, database: Database, user: Principal) -> None:
        """Inside the block the chassis acts, and the caller is nobody; after it the caller acts again."""
        with database.session(user) as session:
            with session.as_service():
                inside = session.value(self.BOUND)
            after = session.value(self.BOUND)

        assert ("coachwork_service nobody", f"authenticated {user.user_id}") == (inside, after)

    def test_failure(self, database: Database, user: Principal) -> None:
        """Whoever catches a failure inside the session is the caller again, and may go on."""
        with database.session(user) as session:
            with pytest.raises(psycopg.errors.DivisionByZero), session.as_service():
                session.execute("select 1 / 0")
            assert f"authenticated {user.user_id}" == session.value(self.BOUND)
            session.execute("insert into workouts (name) values ('still here')")
