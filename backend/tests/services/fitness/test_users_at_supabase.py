"""Accounts over HTTP, kept at Supabase: the real SDK, told of the project by settings alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import ELSEWHERE, PASSWORD, Json, log_in, problem
from tests.services.fitness.tenants import ROW_IN_EVERY_TABLE, Rows, rows_of
from tests.undeletable_account import undeletable

from coachwork.bootstrap import bootstrap
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.sql.database import Database
from rehearsal.vendors.gotrue import Fault, GoTrue, serving

ClientFor = Callable[[FastAPI | Resources], TestClient]
Serve = Callable[..., TestClient]
ME = "/api/v1/users/me"
KINDS = (
    "profile",
    "exercises",
    "workouts",
    "planned_exercises",
    "logs",
    "sets",
    "programmes",
    "programme_days",
    "programme_slots",
    "sessions",
    "session_exercises",
    "measurements",
    "goals",
    "threads",
    "turns",
    "open_turns",
    "feedback",
    "memories",
)


@pytest.fixture
def gotrue(test_database: TestDatabase) -> Iterator[GoTrue]:
    """Yield a project whose users have rows in our database, as in a real one."""
    with serving(GoTrue(users_table=test_database.owner_url)) as server:
        yield server


@pytest.fixture
def serve(gotrue: GoTrue, environ: dict[str, str], client_for: ClientFor) -> Iterator[Serve]:
    """Yield a maker of clients of an application that is told of the project by settings alone."""
    unused = {name: value for name, value in environ.items() if name != "AUTH_SIGNING_KEYS"}
    project = {"AUTH_PROVIDER": "supabase", "SUPABASE_URL": gotrue.url, "SUPABASE_KEY": gotrue.api_key}
    with ExitStack() as stack:

        def make(**more: str) -> TestClient:
            resources = bootstrap(Settings.load({**unused, **project, **more}))
            stack.callback(resources.database().close)
            stack.callback(resources.identity_provider().close)  # type: ignore[attr-defined]  # it holds connections
            return client_for(resources)

        yield make


@pytest.fixture
def client(serve: Serve) -> TestClient:
    """Return a client of an application that has the project's public key alone."""
    return serve()


@pytest.fixture
def keyed(serve: Serve, gotrue: GoTrue) -> TestClient:
    """Return a client of an application that has the project's secret key as well."""
    return serve(SUPABASE_SERVICE_ROLE_KEY=gotrue.service_role_key)


class TestUsers:
    """The same operations as with local accounts."""

    def test_from_register_to_logout(self, client: TestClient, tokens: Json) -> None:
        """A user registers, logs in, is known, refreshes, and logs out."""
        refreshed = client.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
        headers = {"Authorization": f"Bearer {refreshed['access_token']}"}

        assert tokens["user"] == client.get("/api/v1/users/me", headers=headers).json()
        assert 204 == client.post("/api/v1/users/logout", headers=headers).status_code
        again = client.post("/api/v1/users/refresh", json={"refresh_token": refreshed["refresh_token"]})
        assert (401, "invalid-refresh-token") == problem(again)

    def test_keys_rotate(self, client: TestClient, gotrue: GoTrue, email: str, tokens: Json) -> None:
        """When the project changes its key, tokens of both keys work without a restart."""
        headers = [{"Authorization": f"Bearer {tokens['access_token']}"}]
        client.get("/api/v1/users/me", headers=headers[0])
        gotrue.rotate_keys()
        headers.append({"Authorization": f"Bearer {log_in(client, email)['access_token']}"})

        assert [200, 200] == [client.get("/api/v1/users/me", headers=one).status_code for one in headers]

    @pytest.mark.usefixtures("tokens")
    def test_throttled(self, client: TestClient, email: str) -> None:
        """Failures are counted here, before Supabase is asked."""
        for _ in range(5):
            log_in(client, email, "not the password")

        assert "urn:coachwork:problem:too-many-requests" == log_in(client, email)["type"]

    def test_outage(self, client: TestClient, gotrue: GoTrue, email: str, tokens: Json) -> None:
        """While Supabase is in trouble nobody signs in, no attempt is counted, and known tokens still verify."""
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        client.get("/api/v1/users/me", headers=headers)
        gotrue.fault = Fault(status=500)
        answers = [client.post("/api/v1/users/login", json={"email": email, "password": PASSWORD}) for _ in range(6)]

        assert {(503, "identity-unavailable")} == {problem(answer) for answer in answers}
        assert 200 == client.get("/api/v1/users/me", headers=headers).status_code
        gotrue.fault = None
        assert email == log_in(client, email)["user"]["email"]

    def test_key_set(self, client: TestClient) -> None:
        """The project publishes its keys, we publish none."""
        assert {"keys": []} == client.get("/api/v1/users/.well-known/jwks.json").json()

    def test_logs(self, client: TestClient, email: str, tokens: Json, capfd: pytest.CaptureFixture[str]) -> None:
        """Nothing of what goes to Supabase is written down."""
        log_in(client, email, "wrong password entirely")
        written = "".join(capfd.readouterr())

        assert [] == [one for one in (PASSWORD, "wrong password entirely", tokens["access_token"]) if one in written]


@dataclass(frozen=True)
class User:
    """A user with a row in every table; `rows` says what they have now, `had` what they had at first."""

    id: UUID
    headers: dict[str, str]
    owner_url: str
    had: Rows

    def rows(self) -> Rows:
        """Return what the user has in every table."""
        return rows_of(self.owner_url, self.id)


@pytest.fixture
def user(tokens: Json, database: Database, test_database: TestDatabase, library: object) -> User:
    """Return a user with a row in every table."""
    user_id, url = UUID(tokens["user"]["id"]), test_database.owner_url
    with database.session(Principal(user_id)) as session:
        session.execute(ROW_IN_EVERY_TABLE)
    return User(user_id, {"Authorization": f"Bearer {tokens['access_token']}"}, url, rows_of(url, user_id))


class TestDeletion:
    """DELETE /users/me: the rows here, the account there."""

    def test_rows_and_account(self, keyed: TestClient, gotrue: GoTrue, user: User) -> None:
        """Everything goes: the rows in every table here, the account and its row there."""
        answer = keyed.delete(ME, headers=user.headers)

        assert (200, {"removed": {**dict.fromkeys(KINDS, 1), "account": 1}, **ELSEWHERE}) == (
            answer.status_code,
            answer.json(),
        )
        assert {table: [] for table in user.had} == user.rows()
        assert f"DELETE /auth/v1/admin/users/{user.id}" == gotrue.requests[-1]

    def test_afterwards(self, keyed: TestClient, user: User, tokens: Json, email: str) -> None:
        """Nobody signs in, refreshes or stores anything, and whoever repeats the request learns that it is done."""
        keyed.delete(ME, headers=user.headers)

        answers = [
            keyed.post("/api/v1/users/login", json={"email": email, "password": PASSWORD}),
            keyed.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]}),
            keyed.post("/api/v1/workouts-db/", json={"name": "Legs", "exercises": []}, headers=user.headers),
            keyed.delete(ME, headers=user.headers),
        ]
        slugs = ["invalid-credentials", "invalid-refresh-token", "account-gone", "account-gone"]
        assert [(401, slug) for slug in slugs] == [problem(answer) for answer in answers]

    def test_without_the_secret_key(self, client: TestClient, user: User) -> None:
        """An application that may not remove accounts says so, and removes nothing."""
        assert (501, "accounts-not-removable") == problem(client.delete(ME, headers=user.headers))
        assert user.had == user.rows()

    @pytest.mark.parametrize("key", [GoTrue.api_key, "not-a-key-of-this-project"], ids=["public", "wrong"])
    def test_with_another_key(self, serve: Serve, user: User, key: str) -> None:
        """Nor is anything removed with a key that turns out to be none for this."""
        client = serve(SUPABASE_SERVICE_ROLE_KEY=key)

        assert (501, "accounts-not-removable") == problem(client.delete(ME, headers=user.headers))
        assert user.had == user.rows()

    @pytest.mark.parametrize(
        ("fault", "refusal"),
        [
            (Fault(status=500), (503, "identity-unavailable")),
            (Fault(), (503, "identity-unavailable")),
            (Fault(429, b'{"code": "over_request_rate_limit", "message": ""}'), (429, "too-many-requests")),
        ],
        ids=["down", "garbage", "busy"],
    )
    def test_outage(
        self, keyed: TestClient, gotrue: GoTrue, user: User, fault: Fault, refusal: tuple[int, str]
    ) -> None:
        """While Supabase is in trouble nothing is removed."""
        keyed.get(ME, headers=user.headers)  # the project's keys are known from here on
        gotrue.fault = fault

        assert refusal == problem(keyed.delete(ME, headers=user.headers))
        assert user.had == user.rows()

    def test_half_done_and_finished(self, keyed: TestClient, user: User) -> None:
        """When the account cannot go after the rows went, the answer says so, and the same request finishes it."""
        with undeletable(user.owner_url, user.id):
            refused = keyed.delete(ME, headers=user.headers)
        left = user.rows()
        finished = keyed.delete(ME, headers=user.headers)

        assert (503, "account-remains") == problem(refused)
        assert "repeat the request" in refused.json()["detail"]
        assert {table: [] for table in user.had} == left
        assert {"removed": {**dict.fromkeys(KINDS, 0), "account": 1}, **ELSEWHERE} == finished.json()
