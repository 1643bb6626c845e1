"""Row level security is the guard: what one caller stores, no other can see, touch or hang things on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors
from tests.services.fitness.tenants import ROW_IN_EVERY_TABLE, SHARED_TABLES, TENANT_TABLES

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, Forbidden
from coachwork.chassis.identity.errors import AccountGone
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

_REFERENCES_TO_EXERCISES = """
    select conrelid::regclass::text, attname from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'public.exercises'::regclass"""


@pytest.fixture
def two_users(database: Database, alice: Principal, bob: Principal) -> tuple[Principal, Principal]:
    """Return two users who have a row in every tenant table."""
    for user in (alice, bob):
        with database.session(user) as session:
            session.execute(ROW_IN_EVERY_TABLE)
    return alice, bob


def _id_of(database: Database, principal: Principal, table: str) -> UUID:
    with database.session(principal) as session:
        row_id: UUID = session.value(f"select id from {table}")
        return row_id


class TestReading:
    """Queries without a WHERE clause."""

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_only_own_rows(self, database: Database, two_users: tuple[Principal, Principal], table: str) -> None:
        """Every row of a whole-table query is the caller's."""
        alice, _ = two_users
        with database.session(alice) as session:
            owners = session.value(f"select array_agg(distinct user_id) from {table}")
        assert [alice.user_id] == owners

    def test_every_table_with_an_owner_is_guarded(self, test_database: "TestDatabase") -> None:
        """No table has a user_id but those above, and each of them has row level security.

        It binds the tables' owner as well, but where everybody's rows are, which the owner writes.
        """
        with psycopg.connect(test_database.owner_url) as connection:
            rows = connection.execute("""
                select relname, case when not relrowsecurity then 'none' when relforcerowsecurity then 'forced'
                    else 'enabled' end from pg_class
                join pg_attribute on attrelid = pg_class.oid and attname = 'user_id'
                where relnamespace = 'public'::regnamespace and relkind = 'r'""").fetchall()
        expected = dict.fromkeys(TENANT_TABLES, "forced") | dict.fromkeys(SHARED_TABLES, "enabled")
        assert expected == dict(rows)

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_anonymous_sees_nothing(self, test_database: "TestDatabase", table: str) -> None:
        """The role of callers without a token may not even ask."""
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute("set local role anon")
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(f"select from {table}")

    @pytest.mark.usefixtures("two_users")
    def test_a_token_without_a_user_sees_nothing(self, test_database: "TestDatabase") -> None:
        """Without a subject among the claims there are no rows."""
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute("set local role authenticated")
            row = connection.execute("select count(*) from workouts").fetchone()
        assert (0,) == row


class TestWriting:
    """Writes that reach for somebody else's rows."""

    @pytest.mark.parametrize("table", ["workouts", "chat_threads", "profiles"])
    def test_inserting_for_another(self, database: Database, alice: Principal, bob: Principal, table: str) -> None:
        """A row with another's user_id is refused, and is no server error."""
        column = {"workouts": "name", "chat_threads": "title", "profiles": "display_name"}[table]
        with pytest.raises(Forbidden), database.session(alice) as session:
            session.execute(f"insert into {table} (user_id, {column}) values (%(id)s, 'x')", {"id": bob.user_id})

    @pytest.mark.parametrize("table", ["workouts", "performance_logs", "logged_sets", "chat_turns"])
    def test_giving_away(self, database: Database, two_users: tuple[Principal, Principal], table: str) -> None:
        """A row cannot be handed to another user."""
        alice, bob = two_users
        with pytest.raises((Forbidden, Conflict)), database.session(alice) as session:
            session.execute(f"update {table} set user_id = %(id)s", {"id": bob.user_id})

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_deleting_everything(self, database: Database, two_users: tuple[Principal, Principal], table: str) -> None:
        """A delete without a WHERE clause leaves the other user's rows."""
        alice, bob = two_users
        with database.session(alice) as session:
            session.execute(f"delete from {table}")
        with database.session(bob) as session:
            assert 1 == session.value(f"select count(*) from {table}")

    def test_logging_on_anothers_workout(self, database: Database, two_users: tuple[Principal, Principal]) -> None:
        """A log cannot follow somebody else's workout, even for who knows its id."""
        alice, bob = two_users
        workout_id = _id_of(database, bob, "workouts")
        with pytest.raises(Conflict), database.session(alice) as session:
            session.execute(
                "insert into performance_logs (exercise_id, performed_at, workout_id)"
                " select id, now(), %(id)s from exercises limit 1",
                {"id": workout_id},
            )

    def test_planning_into_anothers_workout(self, database: Database, two_users: tuple[Principal, Principal]) -> None:
        """An exercise cannot be added to somebody else's workout."""
        alice, bob = two_users
        workout_id = _id_of(database, bob, "workouts")
        with pytest.raises(Conflict), database.session(alice) as session:
            session.execute(
                "insert into workout_exercises (workout_id, position, exercise_id, target_sets)"
                " select %(id)s, 1, id, 3 from exercises limit 1",
                {"id": workout_id},
            )

    def test_adding_a_set_to_anothers_log(self, database: Database, two_users: tuple[Principal, Principal]) -> None:
        """A set cannot be added to somebody else's log."""
        alice, bob = two_users
        log_id = _id_of(database, bob, "performance_logs")
        with pytest.raises(Conflict), database.session(alice) as session:
            session.execute(
                "insert into logged_sets (log_id, position, reps, weight_kg) values (%(id)s, 1, 5, 5)",
                {"id": log_id},
            )

    @pytest.mark.parametrize("change", ["update exercises set name = 'x' || id", "delete from exercises"])
    def test_changing_the_library(
        self, database: Database, two_users: tuple[Principal, Principal], change: LiteralString
    ) -> None:
        """A change without a WHERE clause meets the caller's own exercises and no other."""
        alice, bob = two_users
        counted = "select count(*) from exercises where user_id is null or name = 'secret'"
        with database.session(bob) as session:
            before = session.value(counted)
        with database.session(alice) as session:
            assert 1 == session.execute(change)
        with database.session(bob) as session:
            assert before == session.value(counted)

    @pytest.mark.parametrize("owner", ["null", "(select id from auth.users where id <> auth.uid() limit 1)"])
    def test_adding_to_the_library(self, database: Database, alice: Principal, owner: LiteralString) -> None:
        """An exercise is the caller's own; neither the library's nor another's can be added."""
        with pytest.raises(Forbidden), database.session(alice) as session:
            session.execute(
                "insert into exercises (user_id, slug, name, level, mechanics, movement, measure, primary_muscles,"
                " instructions) select " + owner + ", 'my-x', 'x', level, mechanics, movement, measure,"
                " primary_muscles, instructions from exercises limit 1"
            )

    def test_naming_anothers_exercise(
        self, database: Database, two_users: tuple[Principal, Principal], test_database: "TestDatabase"
    ) -> None:
        """No row of any table can be hung on somebody else's exercise, even by who knows its id.

        A new table that names exercises fails this test until it has a policy as in 0011_known_exercises.sql.
        """
        alice, bob = two_users
        with psycopg.connect(test_database.owner_url) as connection:
            references = connection.execute(_REFERENCES_TO_EXERCISES).fetchall()
        with database.session(bob) as session:
            theirs = session.value("select id from exercises where slug = 'my-secret'")
        for table, column in references:
            with pytest.raises(Forbidden), database.session(alice) as session:
                assert 1 == session.execute(f"update {table} set {column} = %(id)s", {"id": theirs})

    def test_a_user_who_is_gone(self, database: Database) -> None:
        """A token that outlived its account stores nothing, and its bearer is nobody."""
        with pytest.raises(AccountGone), database.session(Principal(uuid4())) as session:
            session.execute("insert into workouts (name) values ('x')")


class TestLogin:
    """The application's own login."""

    @pytest.mark.parametrize("table", [*TENANT_TABLES, "exercises"])
    def test_powerless_before_it_takes_a_role(self, test_database: "TestDatabase", table: str) -> None:
        """Without a role the login may not read anything."""
        with (
            psycopg.connect(test_database.app_url) as connection,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            connection.execute(f"select from {table}")

    def test_owns_nothing_and_is_no_superuser(self, test_database: "TestDatabase") -> None:
        """The login is neither superuser nor exempt from row level security, and owns no relation."""
        with psycopg.connect(test_database.app_url) as connection:
            row = connection.execute("""
                select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
                       (select count(*) from pg_class where relowner = pg_roles.oid)
                from pg_roles where rolname = session_user""").fetchone()
        assert (False, False, False, False, 0) == row

    def test_cannot_become_the_service_role(self, test_database: "TestDatabase") -> None:
        """The role that bypasses row level security is out of its reach."""
        with (
            psycopg.connect(test_database.app_url) as connection,
            pytest.raises(errors.InsufficientPrivilege),
        ):
            connection.execute("set role service_role")

    def test_an_unsafe_login_is_refused(
        self, test_database: "TestDatabase", new_principal: Callable[[], Principal]
    ) -> None:
        """Where a safe login is asked for, a superuser's gets no session."""
        unsafe = Database(test_database.owner_url, pool_size=1, timeout_seconds=1, require_safe_login=True)
        try:
            with pytest.raises(DatabaseUnavailable), unsafe.session(new_principal()):
                pass
        finally:
            unsafe.close()

    def test_the_role_ends_with_the_session(self, database: Database, alice: Principal) -> None:
        """A pooled connection carries no caller over to the next session."""
        with database.session(alice):
            pass
        with database.service_session() as session:
            assert str(alice.user_id) not in session.value("select current_setting('request.jwt.claims')")
