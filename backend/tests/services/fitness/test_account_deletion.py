"""Deleting one's own account over HTTP, where the accounts are in our Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import ELSEWHERE, Json, log_in, problem, registered
from tests.services.fitness.tenants import ROW_IN_EVERY_TABLE, ROW_IN_THE_CHASSIS, rows_of
from tests.undeletable_account import undeletable

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database

ME, WORKOUTS, LOGS = "/api/v1/users/me", "/api/v1/workouts-db/", "/api/v1/workouts-db/logs"
LOG = {"exercise": "barbell-back-squat", "sets": [{"reps": 5, "weight_kg": 80}]}


@dataclass(frozen=True)
class User:
    """A user with a row in every table, and a client that acts for them."""

    id: UUID
    email: str
    tokens: Json
    client: TestClient


@pytest.fixture
def new_user(
    knowing: Resources, database: Database, client_for: Callable[[Resources], TestClient]
) -> Callable[[], User]:
    """Return a maker of such users."""

    def make() -> User:
        client, email = client_for(knowing), f"{uuid4()}@example.com"
        tokens = registered(client, email)
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        user_id = UUID(tokens["user"]["id"])
        with database.session(Principal(user_id)) as session:
            session.execute(ROW_IN_EVERY_TABLE)
        with database.service_session() as session:
            session.execute(ROW_IN_THE_CHASSIS, {"user_id": user_id})
        return User(user_id, email, tokens, client)

    return make


@pytest.fixture
def user(new_user: Callable[[], User]) -> User:
    """Return a user with a row in every table."""
    return new_user()


@pytest.fixture
def gone(user: User) -> User:
    """Return a user who deleted their account."""
    assert 200 == user.client.delete(ME).status_code
    return user


class TestDeletion:
    """DELETE /users/me."""

    def test_says_what_it_removed(self, user: User) -> None:
        """The answer counts what the user had, kind by kind."""
        user.client.post(LOGS, json={**LOG, "sets": LOG["sets"] * 3})

        answer = user.client.delete(ME)

        kinds = {"profile": 1, "workouts": 1, "planned_exercises": 1, "logs": 2, "sets": 4, "threads": 1, "turns": 1}
        kinds |= {"exercises": 1, "measurements": 1, "goals": 1}
        kinds |= {"open_turns": 1, "feedback": 1, "memories": 1}
        kinds |= {"programmes": 1, "programme_days": 1, "programme_slots": 1, "sessions": 1, "session_exercises": 1}
        assert (200, {"removed": {**kinds, "account": 1}, **ELSEWHERE}) == (answer.status_code, answer.json())

    def test_nothing_remains_and_nobody_else_loses_anything(
        self, user: User, new_user: Callable[[], User], test_database: TestDatabase
    ) -> None:
        """In every table with an owner there is, the user had a row, has none now, and another's are as they were.

        A new table fails this test until `ROW_IN_EVERY_TABLE`, or that of the chassis, has a row for it.
        """
        other = new_user()
        had, others = (rows_of(test_database.owner_url, one.id) for one in (user, other))
        assert [] == [table for table in had if not had[table] or not others[table]]

        removed = user.client.delete(ME).json()["removed"]

        assert {table: [] for table in had} == rows_of(test_database.owner_url, user.id)
        assert others == rows_of(test_database.owner_url, other.id)
        assert sum(removed.values()) == 1 + sum(len(had[table]) for table in had if table.startswith("public."))

    def test_the_account_is_gone(self, gone: User, test_database: TestDatabase) -> None:
        """No row says that there was an account."""
        with psycopg.connect(test_database.owner_url) as connection:
            assert [] == connection.execute("select from auth.users where id = %s", [gone.id]).fetchall()

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody deletes nobody."""
        assert (401, "unauthenticated") == problem(client.delete(ME))

    def test_all_or_nothing(self, user: User, test_database: TestDatabase) -> None:
        """When the account cannot go, nothing goes."""
        before = rows_of(test_database.owner_url, user.id)

        with undeletable(test_database.owner_url, user.id):
            refused = user.client.delete(ME)

        assert (409, "conflict") == problem(refused)
        assert before == rows_of(test_database.owner_url, user.id)
        assert 200 == user.client.delete(ME).status_code

    def test_while_the_user_writes(self, user: User, test_database: TestDatabase) -> None:
        """Of what is stored meanwhile nothing outlives the account, and no answer is a failure of ours."""

        def write(number: int) -> Any:
            if number == 4:
                return user.client.delete(ME)
            return user.client.post(WORKOUTS, json={"name": str(number), "exercises": []})

        with ThreadPoolExecutor(5) as pool:
            statuses = {answer.status_code for answer in pool.map(write, range(16))}

        assert statuses <= {200, 201, 401}
        assert {()} == {tuple(rows) for rows in rows_of(test_database.owner_url, user.id).values()}

    def test_twice_at_the_same_time(self, user: User) -> None:
        """One of two deletions finds the account, the other finds it gone."""
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: user.client.delete(ME), range(2)))

        assert [200, 401] == sorted(answer.status_code for answer in answers)


class TestAfterwards:
    """What is left to the bearer of an old token."""

    def test_again(self, gone: User) -> None:
        """Whoever repeats the request learns that it is done."""
        assert (401, "account-gone") == problem(gone.client.delete(ME))

    def test_signing_in(self, gone: User) -> None:
        """Neither password nor refresh token is good for anything."""
        refreshed = gone.client.post("/api/v1/users/refresh", json={"refresh_token": gone.tokens["refresh_token"]})

        assert "urn:coachwork:problem:invalid-credentials" == log_in(gone.client, gone.email)["type"]
        assert (401, "invalid-refresh-token") == problem(refreshed)

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("POST", WORKOUTS, {"name": "Legs", "exercises": []}),
            ("POST", LOGS, LOG),
            ("PUT", "/api/v1/profile", {}),
            ("POST", "/api/v1/chat/send", {"message": "How many sets a week?"}),
        ],
    )
    def test_writing(self, gone: User, method: str, path: str, body: Json) -> None:
        """Nothing is stored for nobody, and the answer says why."""
        answer = gone.client.request(method, path, json=body)

        assert (401, "account-gone") == problem(answer)
        assert "Bearer" == answer.headers["www-authenticate"]

    @pytest.mark.parametrize("path", [WORKOUTS, LOGS, "/api/v1/chat/threads"])
    def test_reading(self, gone: User, path: str) -> None:
        """There is nothing to read."""
        assert [] == gone.client.get(path).json()["items"]

    def test_reading_one(self, user: User) -> None:
        """What was there is not found."""
        workout = user.client.get(WORKOUTS).json()["items"][0]["id"]
        user.client.delete(ME)

        assert (404, "workout-not-found") == problem(user.client.get(f"{WORKOUTS}{workout}"))

    def test_the_address_is_free(self, gone: User) -> None:
        """Who registers again starts with nothing."""
        tokens = registered(gone.client, gone.email)
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        assert str(gone.id) != tokens["user"]["id"]
        assert [] == gone.client.get(WORKOUTS, headers=headers).json()["items"]
