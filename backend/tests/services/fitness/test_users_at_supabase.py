"""Accounts over HTTP, kept at Supabase: the real SDK, told of the project by settings alone."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import PASSWORD, Json, log_in, problem, registered

from coachwork.bootstrap import bootstrap
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from rehearsal.vendors.gotrue import Fault, GoTrue, serving

ClientFor = Callable[[FastAPI | Resources], TestClient]


@pytest.fixture
def gotrue(test_database: TestDatabase) -> Iterator[GoTrue]:
    """Yield a project whose users have rows in our database, as in a real one."""
    with serving(GoTrue(users_table=test_database.owner_url)) as server:
        yield server


@pytest.fixture
def client(gotrue: GoTrue, environ: dict[str, str], client_for: ClientFor) -> Iterator[TestClient]:
    """Yield a client of an application that is told of the project by settings alone."""
    unused = {name: value for name, value in environ.items() if name != "AUTH_SIGNING_KEYS"}
    project = {"AUTH_PROVIDER": "supabase", "SUPABASE_URL": gotrue.url, "SUPABASE_KEY": gotrue.api_key}
    resources = bootstrap(Settings.load({**unused, **project}))
    yield client_for(resources)
    resources.identity_provider().close()  # type: ignore[attr-defined]  # this adapter holds connections
    resources.database().close()


@pytest.fixture
def email() -> str:
    """Return an address nobody has."""
    return f"{uuid4()}@example.com"


@pytest.fixture
def tokens(client: TestClient, email: str) -> Json:
    """Return what a new user's login answers."""
    return registered(client, email)


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
