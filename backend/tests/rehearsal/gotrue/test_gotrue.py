"""The stand-in for Supabase Auth, seen on the wire."""

from typing import Any
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest
from tests.conftest import TestDatabase
from tests.rehearsal.gotrue.calls import CREDENTIALS, Call

from rehearsal.vendors.gotrue import Fault, GoTrue, serving


class TestSignUp:
    """POST /signup."""

    def test_session(self, call: Call) -> None:
        """A new user is signed in at once."""
        answer = call("POST", "/signup", json=CREDENTIALS)

        assert 200 == answer.status_code
        assert {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user"} == set(answer.json())

    def test_taken(self, call: Call) -> None:
        """An old client gets the old error body."""
        call("POST", "/signup", json=CREDENTIALS)

        answer = call("POST", "/signup", json=CREDENTIALS)

        assert 422 == answer.status_code
        assert {"code": 422, "error_code": "user_already_exists", "msg": "User already registered"} == answer.json()

    def test_row_in_postgres(self, test_database: TestDatabase) -> None:
        """Where a database is given, each new user has a row in `auth.users`."""
        email = f"{uuid4()}@example.com"
        with serving(GoTrue(users_table=test_database.owner_url)) as gotrue:
            answer = httpx.post(
                f"{gotrue.url}/auth/v1/signup",
                json={**CREDENTIALS, "email": email},
                headers={"apikey": gotrue.api_key},
            )

        with psycopg.connect(test_database.owner_url) as connection:
            row = connection.execute("select id::text from auth.users where email = %s", [email]).fetchone()
        assert (answer.json()["user"]["id"],) == row


class TestToken:
    """POST /token."""

    def test_new_error_body(self, gotrue: GoTrue) -> None:
        """A client that names an API version gets that version's error body, and the version back."""
        answer = httpx.post(
            f"{gotrue.url}/auth/v1/token?grant_type=password",
            json=CREDENTIALS,
            headers={"apikey": gotrue.api_key, "X-Supabase-Api-Version": "2024-01-01"},
        )

        assert 400 == answer.status_code
        assert "2024-01-01" == answer.headers["X-Supabase-Api-Version"]
        assert {"code": "invalid_credentials", "message": "Invalid login credentials"} == answer.json()

    def test_refresh_and_reuse(self, call: Call) -> None:
        """A refresh token works once, and its second use ends the session."""
        first = call("POST", "/signup", json=CREDENTIALS).json()["refresh_token"]
        second = call("POST", "/token?grant_type=refresh_token", json={"refresh_token": first}).json()["refresh_token"]

        codes = [
            call("POST", "/token?grant_type=refresh_token", json={"refresh_token": token}).json()["error_code"]
            for token in (first, second)
        ]

        assert ["refresh_token_already_used", "refresh_token_not_found"] == codes


class TestSession:
    """GET /user and POST /logout."""

    def test_user(self, call: Call) -> None:
        """The bearer's account."""
        token = call("POST", "/signup", json=CREDENTIALS).json()["access_token"]

        assert CREDENTIALS["email"] == call("GET", "/user", bearer=token).json()["email"]

    def test_logged_out(self, call: Call) -> None:
        """After logging out the session is not found."""
        token = call("POST", "/signup", json=CREDENTIALS).json()["access_token"]

        assert 204 == call("POST", "/logout?scope=local", bearer=token).status_code
        assert "session_not_found" == call("GET", "/user", bearer=token).json()["error_code"]

    @pytest.mark.parametrize(("bearer", "status"), [("", 401), ("a.b.c", 403)])
    def test_no_session(self, call: Call, bearer: str, status: int) -> None:
        """No token and a bad one are told apart."""
        assert status == call("GET", "/user", bearer=bearer).status_code

    def test_without_the_projects_key(self, gotrue: GoTrue) -> None:
        """The gateway before the service wants the project's key, except for published ones."""
        assert 401 == httpx.get(f"{gotrue.url}/auth/v1/user").status_code
        assert 200 == httpx.get(f"{gotrue.url}/auth/v1/.well-known/jwks.json").status_code


class TestKeys:
    """GET /.well-known/jwks.json."""

    @pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
    def test_verify(self, algorithm: Any) -> None:
        """A token verifies with the key of its id, before and after a rotation."""
        with serving(GoTrue(algorithm=algorithm)) as gotrue:
            tokens = [gotrue.sign(gotrue.claims(str(uuid4()), "", ""))]
            gotrue.rotate_keys()
            tokens.append(gotrue.sign(gotrue.claims(str(uuid4()), "", "")))
            keys = jwt.PyJWKSet.from_dict(httpx.get(f"{gotrue.url}/auth/v1/.well-known/jwks.json").json())

            for token in tokens:
                key = keys[jwt.get_unverified_header(token)["kid"]]
                assert "authenticated" == jwt.decode(token, key, audience="authenticated")["role"]

    def test_legacy_secret_is_not_published(self) -> None:
        """A project with a shared secret publishes no key."""
        with serving(GoTrue(algorithm="HS256")) as gotrue:
            assert {"keys": []} == httpx.get(f"{gotrue.url}/auth/v1/.well-known/jwks.json").json()


class TestFaults:
    """Trouble on demand."""

    def test_answer(self, call: Call, gotrue: GoTrue) -> None:
        """While a fault is set, every answer is it."""
        gotrue.fault = Fault(status=500, body=b"no")

        assert (500, b"no") == (call("GET", "/user").status_code, call("GET", "/user").content)

    def test_stopped(self, call: Call, gotrue: GoTrue) -> None:
        """A stopped server answers on no connection, not even an open one."""
        call("GET", "/user")
        gotrue.stop()

        with pytest.raises(httpx.TransportError):
            call("GET", "/user")

    @pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
    def test_no_json(self, call: Call, body: bytes) -> None:
        """A body that is no JSON object is refused."""
        assert 400 == call("POST", "/signup", content=body).status_code
