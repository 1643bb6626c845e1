"""The stand-in for Supabase Auth, seen on the wire."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest
from supabase import Client, ClientOptions
from supabase_auth import SyncGoTrueAdminAPI, SyncGoTrueClient
from supabase_auth.errors import AuthApiError
from tests.conftest import TestDatabase
from tests.held_account import held

from rehearsal.vendors.gotrue import Fault, GoTrue, serving

CREDENTIALS = {"email": "sam@example.com", "password": "correct horse"}
Call = Callable[..., httpx.Response]


@pytest.fixture
def gotrue() -> Iterator[GoTrue]:
    """Yield a running server."""
    with serving(GoTrue()) as server:
        yield server


def sdk(gotrue: GoTrue, key: str) -> SyncGoTrueClient:
    """Return the real SDK's client for one caller."""
    options = ClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=httpx.Client())
    return Client(gotrue.url, key, options).auth


@pytest.fixture
def auth(gotrue: GoTrue) -> Iterator[SyncGoTrueClient]:
    """Yield the real SDK with the public key."""
    with sdk(gotrue, gotrue.api_key) as client:
        yield client


@pytest.fixture
def admin(gotrue: GoTrue) -> Iterator[SyncGoTrueAdminAPI]:
    """Yield the real SDK's admin API with the secret key."""
    with sdk(gotrue, gotrue.service_role_key) as client:
        yield client.admin


@pytest.fixture
def user_id(auth: SyncGoTrueClient) -> str:
    """Return a new user's id."""
    user = auth.sign_up(CREDENTIALS).user
    assert user
    return user.id


def claims_of(auth: SyncGoTrueClient) -> dict[str, Any]:
    """Return the claims of a fresh access token."""
    session = auth.sign_in_with_password(CREDENTIALS).session
    assert session
    claims: dict[str, Any] = jwt.decode(session.access_token, options={"verify_signature": False})
    return claims


@pytest.fixture
def call(gotrue: GoTrue) -> Iterator[Call]:
    """Yield a function that sends one request with the project's key."""
    with httpx.Client(base_url=f"{gotrue.url}/auth/v1", headers={"apikey": gotrue.api_key}) as client:

        def send(method: str, path: str, *, bearer: str = "", **options: Any) -> httpx.Response:
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            return client.request(method, path, headers=headers, **options)

        yield send


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


class TestAdminKey:
    """Who may administer."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_public_key(self, call: Call, gotrue: GoTrue, user_id: str, method: str) -> None:
        """The public key administers nothing."""
        answer = call(method, f"/admin/users/{user_id}", bearer=gotrue.api_key)

        assert (403, {"code": 403, "error_code": "not_admin", "msg": "User not allowed"}) == (
            answer.status_code,
            answer.json(),
        )

    def test_users_token(self, call: Call, user_id: str) -> None:
        """Nor does a user's own token."""
        token = call("POST", "/token?grant_type=password", json=CREDENTIALS).json()["access_token"]

        assert "not_admin" == call("DELETE", f"/admin/users/{user_id}", bearer=token).json()["error_code"]

    def test_no_token(self, call: Call, user_id: str) -> None:
        """Nobody is told apart from the wrong one."""
        assert 401 == call("DELETE", f"/admin/users/{user_id}").status_code

    def test_wrong_key(self, gotrue: GoTrue, user_id: str) -> None:
        """The gateway refuses a key that is none, in its own words, as the SDK finds."""
        with sdk(gotrue, "not-the-key") as client, pytest.raises(AuthApiError) as caught:
            client.admin.delete_user(user_id)

        assert (401, "Invalid API key") == (caught.value.status, caught.value.message)

    def test_public_key_through_the_sdk(self, gotrue: GoTrue, user_id: str) -> None:
        """The SDK finds a code it knows."""
        with sdk(gotrue, gotrue.api_key) as client, pytest.raises(AuthApiError) as caught:
            client.admin.delete_user(user_id)

        assert (403, "not_admin") == (caught.value.status, caught.value.code)


class TestAdministration:
    """/admin/users/{id}, through the real SDK."""

    def test_get(self, admin: SyncGoTrueAdminAPI, user_id: str) -> None:
        """A user as the service knows them."""
        user = admin.get_user_by_id(user_id).user

        assert (user_id, {"provider": "email", "providers": ["email"]}) == (user.id, user.app_metadata)

    def test_app_metadata(self, auth: SyncGoTrueClient, admin: SyncGoTrueAdminAPI, user_id: str) -> None:
        """What an admin sets is merged, is in the tokens from then on, and goes with null."""
        before = claims_of(auth)["app_metadata"]
        changed = admin.update_user_by_id(user_id, {"app_metadata": {"role": "admin"}}).user.app_metadata
        with_role = claims_of(auth)["app_metadata"]
        admin.update_user_by_id(user_id, {"app_metadata": {"role": None}})

        assert {"provider": "email", "providers": ["email"]} == before
        assert {**before, "role": "admin"} == changed == with_role
        assert before == claims_of(auth)["app_metadata"]

    @pytest.mark.parametrize("body", [{"email": "other@example.com"}, {"app_metadata": []}, {}])
    def test_more_than_app_metadata(self, call: Call, gotrue: GoTrue, user_id: str, body: dict[str, Any]) -> None:
        """What it does not do it refuses, rather than pretend."""
        answer = call("PUT", f"/admin/users/{user_id}", bearer=gotrue.service_role_key, json=body)

        assert 400 == answer.status_code

    @pytest.mark.parametrize(
        ("name", "code"), [("0b5c1f9e-8f0e-4f2a-9a51-5d7c9a3e6b10", "user_not_found"), ("7", "validation_failed")]
    )
    def test_unknown(self, call: Call, gotrue: GoTrue, name: str, code: str) -> None:
        """Who is not there is not found."""
        answer = call("GET", f"/admin/users/{name}", bearer=gotrue.service_role_key)

        assert (404, code) == (answer.status_code, answer.json()["error_code"])


class TestDeletion:
    """DELETE /admin/users/{id}, through the real SDK."""

    @pytest.mark.parametrize("softly", [False, True])
    def test_signs_out_for_good(
        self, auth: SyncGoTrueClient, admin: SyncGoTrueAdminAPI, call: Call, softly: bool
    ) -> None:
        """Password, refresh token and access token are void, and the address is free again."""
        session = call("POST", "/signup", json=CREDENTIALS).json()
        admin.delete_user(session["user"]["id"], softly)

        refresh = {"refresh_token": session["refresh_token"]}
        codes = [
            call("POST", "/token?grant_type=password", json=CREDENTIALS).json()["error_code"],
            call("POST", "/token?grant_type=refresh_token", json=refresh).json()["error_code"],
            call("GET", "/user", bearer=session["access_token"]).json()["error_code"],
        ]
        gone = "session_not_found" if softly else "user_not_found"
        assert ["invalid_credentials", "refresh_token_not_found", gone] == codes
        assert auth.sign_up(CREDENTIALS).session

    def test_twice(self, admin: SyncGoTrueAdminAPI, user_id: str) -> None:
        """Who is deleted is not found."""
        admin.delete_user(user_id)

        with pytest.raises(AuthApiError) as caught:
            admin.delete_user(user_id)
        assert (404, "user_not_found") == (caught.value.status, caught.value.code)

    def test_softly(self, admin: SyncGoTrueAdminAPI, user_id: str) -> None:
        """A soft deletion leaves a user about whom nothing is known; saying it twice does no harm."""
        for _ in range(2):
            admin.delete_user(user_id, should_soft_delete=True)

        left = admin.get_user_by_id(user_id).user
        assert (user_id, {}, False) == (left.id, left.app_metadata, CREDENTIALS["email"] == left.email)

    @pytest.mark.parametrize(("softly", "rows"), [(False, 0), (True, 1)])
    def test_row_in_postgres(self, test_database: TestDatabase, softly: bool, rows: int) -> None:
        """The row goes with its user; after a soft deletion it stays, without the address."""
        credentials = {**CREDENTIALS, "email": f"{uuid4()}@example.com"}
        with serving(GoTrue(users_table=test_database.owner_url)) as gotrue:
            with sdk(gotrue, gotrue.api_key) as client:
                user = client.sign_up(credentials).user
            with sdk(gotrue, gotrue.service_role_key) as client:
                client.admin.delete_user(user.id, softly)  # type: ignore[union-attr]  # signed up at once

        with psycopg.connect(test_database.owner_url) as connection:
            found = connection.execute("select email from auth.users where id = %s", [user.id]).fetchall()
        assert (rows, False) == (len(found), (credentials["email"],) in found)

    def test_a_row_that_cannot_go(self, test_database: TestDatabase) -> None:
        """Where a table holds on to the row, the user stays, and the service says that it failed."""
        credentials = {**CREDENTIALS, "email": f"{uuid4()}@example.com"}
        gotrue = GoTrue(users_table=test_database.owner_url)
        with serving(gotrue), sdk(gotrue, gotrue.api_key) as client:
            user_id = client.sign_up(credentials).user.id  # type: ignore[union-attr]  # signed up at once
            with (
                held(test_database.owner_url, user_id),
                sdk(gotrue, gotrue.service_role_key) as owner,
                pytest.raises(AuthApiError) as caught,
            ):
                owner.admin.delete_user(user_id)

            assert (500, "unexpected_failure") == (caught.value.status, caught.value.code)
            assert client.sign_in_with_password(credentials).session


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
