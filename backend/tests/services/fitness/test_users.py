"""Accounts over HTTP, kept in Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import jwt
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.services.fitness.accounts import PASSWORD, Json, log_in, problem, registered

from coachwork.bootstrap import bootstrap
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings

ClientFor = Callable[[FastAPI | Resources], TestClient]


class TestRegister:
    """POST /api/v1/users/register."""

    def test_created(self, client: TestClient, email: str) -> None:
        """The new account comes back, with its address in lower case and nothing of its password."""
        answer = client.post("/api/v1/users/register", json={"email": f" {email.upper()} ", "password": PASSWORD})

        assert 201 == answer.status_code
        assert {"id", "email"} == set(answer.json())
        assert email == answer.json()["email"]

    def test_taken(self, client: TestClient, email: str) -> None:
        """An address in other letters is the same address."""
        client.post("/api/v1/users/register", json={"email": email, "password": PASSWORD})

        answer = client.post("/api/v1/users/register", json={"email": email.upper(), "password": PASSWORD})

        assert (409, "email-taken") == problem(answer)

    def test_weak_password(self, client: TestClient, email: str) -> None:
        """The answer says what is wanted."""
        answer = client.post("/api/v1/users/register", json={"email": email, "password": "hunter2"})

        assert (422, "weak-password") == problem(answer)
        assert "The password wants 10 to 200 characters" == answer.json()["detail"]

    @pytest.mark.parametrize(
        "changed",
        [
            {"email": "sam"},
            {"email": "sam@example.com\x00"},
            {"email": ["sam@example.com"]},
            {"password": 1234567890123},
            {"password": ["hunter2-in-a-list"]},
            {"password": None},
            {"passwort": "hunter2-misspelt"},
        ],
    )
    def test_invalid(self, client: TestClient, email: str, changed: Json) -> None:
        """A wrong value is named by its place, and no value is repeated."""
        answer = client.post(
            "/api/v1/users/register", json={"email": email, "password": "hunter2-but-longer", **changed}
        )

        assert (422, "invalid-request") == problem(answer)
        assert "hunter2" not in answer.text
        assert [f"body/{next(iter(changed))}"] == [error["location"] for error in answer.json()["errors"]]

    @pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"email": "a@b.c", "password": "hunter2'])
    def test_malformed(self, client: TestClient, body: bytes) -> None:
        """What is no JSON is refused without being repeated."""
        answer = client.post("/api/v1/users/register", content=body, headers={"Content-Type": "application/json"})

        assert answer.status_code in {400, 422}
        assert "hunter2" not in answer.text

    def test_surrogate(self, client: TestClient, email: str) -> None:
        """Half a character is no text."""
        body = f'{{"email": "{email}", "password": "long enough \\ud800"}}'.encode()
        answer = client.post("/api/v1/users/register", content=body, headers={"Content-Type": "application/json"})

        assert 422 == answer.status_code

    def test_spaces_count(self, client: TestClient, email: str) -> None:
        """A password is taken as it is, spaces at its ends included."""
        client.post("/api/v1/users/register", json={"email": email, "password": f" {PASSWORD} "})

        assert "urn:coachwork:problem:invalid-credentials" == log_in(client, email)["type"]
        assert email == log_in(client, email, f" {PASSWORD} ")["user"]["email"]

    def test_throttled(self, client: TestClient) -> None:
        """One address makes twenty accounts, then waits."""
        for _ in range(20):
            client.post("/api/v1/users/register", json={"email": f"{uuid4()}@example.com", "password": "short"})

        answer = client.post("/api/v1/users/register", json={"email": f"{uuid4()}@example.com", "password": PASSWORD})

        assert (429, "too-many-requests") == problem(answer)


class TestLogin:
    """POST /api/v1/users/login."""

    def test_answer(self, email: str, tokens: Json) -> None:
        """Front ends rely on these names."""
        assert {"access_token", "refresh_token", "token_type", "expires_in", "user"} == set(tokens)
        assert ("bearer", 900) == (tokens["token_type"], tokens["expires_in"])
        assert {"id", "email"} == set(tokens["user"])
        assert email == tokens["user"]["email"]

    @pytest.mark.usefixtures("tokens")
    def test_is_not_stored(self, client: TestClient, email: str) -> None:
        """No cache on the way may keep tokens."""
        answer = client.post("/api/v1/users/login", json={"email": email, "password": PASSWORD})

        assert "no-store" == answer.headers["cache-control"]

    @pytest.mark.usefixtures("tokens")
    def test_wrong_password(self, client: TestClient, email: str) -> None:
        """A wrong password and an unknown account get the same answer."""
        answers = [
            client.post("/api/v1/users/login", json={"email": given, "password": "not the password"})
            for given in (email, f"nobody-{email}")
        ]

        assert [(401, "invalid-credentials")] * 2 == [problem(answer) for answer in answers]
        assert answers[0].json()["detail"] == answers[1].json()["detail"]

    @pytest.mark.parametrize("half", [r"\ud800", r"\udfff"])
    def test_surrogate(self, client: TestClient, email: str, half: str) -> None:
        """Half a character is in nobody's password: it is refused, and fails nothing."""
        registered(client, email)
        body = f'{{"email": "{email}", "password": "{PASSWORD}{half}"}}'.encode()
        answer = client.post("/api/v1/users/login", content=body, headers={"content-type": "application/json"})
        assert (422, "invalid-request") == problem(answer)
        assert "body/password" == answer.json()["errors"][0]["location"]

    def test_account_is_throttled(self, client_for: ClientFor, app: FastAPI, email: str) -> None:
        """After five failures, from anywhere, the right password must wait as well."""
        client_for(app).post("/api/v1/users/register", json={"email": email, "password": PASSWORD})
        for _ in range(5):
            log_in(client_for(app), email.upper(), "not the password")

        answer = client_for(app).post("/api/v1/users/login", json={"email": email, "password": PASSWORD})

        assert (429, "too-many-requests") == problem(answer)
        assert 0 < int(answer.headers["retry-after"]) <= 900

    def test_address_is_throttled(self, client: TestClient, client_for: ClientFor, app: FastAPI, tokens: Json) -> None:
        """After twenty failures at any accounts the address must wait, and others need not."""
        for number in range(20):
            log_in(client, f"{number}-{uuid4()}@example.com")

        assert "urn:coachwork:problem:too-many-requests" == log_in(client, tokens["user"]["email"])["type"]
        assert "access_token" in log_in(client_for(app), tokens["user"]["email"])


class TestRefresh:
    """POST /api/v1/users/refresh."""

    def refresh(self, client: TestClient, token: str) -> Any:
        """Send a refresh token."""
        return client.post("/api/v1/users/refresh", json={"refresh_token": token})

    def test_rotates(self, client: TestClient, tokens: Json) -> None:
        """The answer is a new login's, for the same user, and the new access token works."""
        answer = self.refresh(client, tokens["refresh_token"])

        assert (200, set(tokens)) == (answer.status_code, set(answer.json()))
        assert tokens["user"] == answer.json()["user"]
        me = client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"})
        assert tokens["user"] == me.json()

    def test_at_the_same_time(self, client: TestClient, tokens: Json) -> None:
        """Of two refreshes at once one wins, and the other is a reuse."""
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda _: self.refresh(client, tokens["refresh_token"]), range(2)))

        assert [200, 401] == sorted(answer.status_code for answer in answers)

    def test_reuse(self, client: TestClient, tokens: Json) -> None:
        """A token that comes back revokes the ones that came after it."""
        newest = self.refresh(client, tokens["refresh_token"]).json()["refresh_token"]

        assert (401, "invalid-refresh-token") == problem(self.refresh(client, tokens["refresh_token"]))
        assert (401, "invalid-refresh-token") == problem(self.refresh(client, newest))

    def test_access_token_is_none(self, client: TestClient, tokens: Json) -> None:
        """The two kinds of tokens do not stand in for each other."""
        assert (401, "invalid-refresh-token") == problem(self.refresh(client, tokens["access_token"]))
        headers = {"Authorization": f"Bearer {tokens['refresh_token']}"}
        assert (401, "unauthenticated") == problem(client.get("/api/v1/users/me", headers=headers))


class TestLogout:
    """POST /api/v1/users/logout."""

    def test_revokes(self, client: TestClient, tokens: Json) -> None:
        """The session cannot be refreshed any more; saying it twice does no harm."""
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        answers = [client.post("/api/v1/users/logout", headers=headers) for _ in range(2)]

        assert [(204, b"")] * 2 == [(answer.status_code, answer.content) for answer in answers]
        refreshed = client.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]})
        assert (401, "invalid-refresh-token") == problem(refreshed)

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody is logged out by nobody."""
        assert (401, "unauthenticated") == problem(client.post("/api/v1/users/logout"))


class TestMe:
    """GET /api/v1/users/me."""

    def test_account(self, client: TestClient, tokens: Json) -> None:
        """Whom the token belongs to."""
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        assert tokens["user"] == client.get("/api/v1/users/me", headers=headers).json()

    @pytest.mark.parametrize(
        "header",
        [None, "", "Bearer", "Bearer ", "Basic c2FtOnBhc3N3b3Jk", "Bearer a.b.c", f"Bearer {'x' * 20_000}", "bearer é"],
    )
    def test_no_good_token(self, client: TestClient, header: str | None) -> None:
        """Anything but a valid token is a 401 that names the scheme."""
        headers = {} if header is None else {"Authorization": header.encode("latin-1")}
        answer = client.get("/api/v1/users/me", headers=headers)

        assert (401, "unauthenticated") == problem(answer)
        assert "Bearer" == answer.headers["www-authenticate"]


class TestKeySet:
    """GET /api/v1/users/.well-known/jwks.json."""

    def test_verifies_our_tokens(self, client: TestClient, tokens: Json) -> None:
        """Anybody can verify our tokens with what is published, and may keep it for a while."""
        answer = client.get("/api/v1/users/.well-known/jwks.json")
        key = jwt.PyJWKSet.from_dict(answer.json())[jwt.get_unverified_header(tokens["access_token"])["kid"]]

        claims = jwt.decode(tokens["access_token"], key, audience="authenticated")

        assert tokens["user"]["id"] == claims["sub"]
        assert "public, max-age=300" == answer.headers["cache-control"]


class TestSilence:
    """What is never written down."""

    def test_logs(
        self, client: TestClient, email: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
    ) -> None:
        """No log, at any level of any library, holds a password, a token or an address."""
        caplog.set_level("DEBUG")
        client.post("/api/v1/users/register", json={"email": email, "password": PASSWORD})
        tokens = log_in(client, email)
        log_in(client, email, "wrong password entirely")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        client.get("/api/v1/users/me", headers=headers)
        newest = client.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
        client.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]})
        client.post("/api/v1/users/logout", headers=headers)

        written = "".join([*capfd.readouterr(), caplog.text, *(str(vars(record)) for record in caplog.records)])

        secrets = [PASSWORD, "wrong password entirely", email, *(str(one["refresh_token"]) for one in (tokens, newest))]
        assert "POST" in written
        assert [] == [secret for secret in [*secrets, tokens["access_token"]] if secret in written]


class TestOutage:
    """The database is down."""

    def test_says_so(self, client_for: ClientFor, environ: dict[str, str], tokens: Json) -> None:
        """What needs the database is a 503, and who is signed in is still known."""
        nobody_listens = {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "DATABASE_TIMEOUT_SECONDS": "0.2"}
        resources = bootstrap(Settings.load({**environ, **nobody_listens}))
        client = client_for(resources)
        credentials = {"email": "sam@example.com", "password": PASSWORD}
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        answers = [
            client.post("/api/v1/users/register", json=credentials),
            client.post("/api/v1/users/login", json=credentials),
            client.post("/api/v1/users/refresh", json={"refresh_token": tokens["refresh_token"]}),
            client.post("/api/v1/users/logout", headers=headers),
            client.delete("/api/v1/users/me", headers=headers),
        ]

        assert [(503, "database-unavailable")] * 5 == [problem(answer) for answer in answers]
        assert tokens["user"] == client.get("/api/v1/users/me", headers=headers).json()
        resources.database().close()
