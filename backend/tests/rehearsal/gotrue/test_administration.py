"""Administration of users at the stand-in for Supabase Auth: its key, changes, deletion."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from supabase_auth import SyncGoTrueAdminAPI, SyncGoTrueClient
from supabase_auth.errors import AuthApiError
from tests.conftest import TestDatabase
from tests.rehearsal.gotrue.calls import CREDENTIALS, Call, claims_of, sdk
from tests.undeletable_account import undeletable

from rehearsal.vendors.gotrue import GoTrue, serving


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
                undeletable(test_database.owner_url, user_id),
                sdk(gotrue, gotrue.service_role_key) as owner,
                pytest.raises(AuthApiError) as caught,
            ):
                owner.admin.delete_user(user_id)

            assert (500, "unexpected_failure") == (caught.value.status, caught.value.code)
            assert client.sign_in_with_password(credentials).session
