"""Administrators: who is one, who may make one, and what others are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI
from psycopg import errors
from starlette.testclient import TestClient

from coachwork.chassis.errors import Forbidden
from coachwork.chassis.http.dependencies import CurrentAdmin
from coachwork.chassis.http.problems import documented
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.main import create_app

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

_RAISE = """update auth.users set raw_app_meta_data = '{"role": "admin"}'"""


@pytest.fixture
def guarded(resources: Resources) -> FastAPI:
    """Return an application with one operation for administrators."""
    app = create_app(replace(resources), [])

    @app.get("/guarded", responses=documented(Forbidden))
    def answer(admin: CurrentAdmin) -> str:
        return str(admin.user_id)

    return app


class TestPrincipal:
    """`Principal.is_admin`."""

    @pytest.mark.parametrize(
        "claims",
        [
            {},
            {"app_metadata": None},
            {"app_metadata": "admin"},
            {"app_metadata": {"role": "user"}},
            {"app_metadata": {"role": ["admin"]}},
            {"role": "admin"},
            {"user_metadata": {"role": "admin"}},
        ],
    )
    def test_others(self, claims: dict[str, object]) -> None:
        """Nothing but the role in `app_metadata` counts; least of all what users write themselves."""
        assert not Principal(uuid4(), claims=claims).is_admin

    def test_admin(self) -> None:
        """The one claim that does."""
        assert Principal(uuid4(), claims={"app_metadata": {"provider": "email", "role": "admin"}}).is_admin


class TestCurrentAdmin:
    """The dependency."""

    def test_admin(
        self, guarded: FastAPI, client_for: Callable[..., TestClient], sign_in_admin: Callable[..., dict[str, str]]
    ) -> None:
        """A token of a granted account opens the operation."""
        client = client_for(guarded)
        assert 200 == client.get("/guarded", headers=sign_in_admin(client)).status_code

    def test_user(
        self, guarded: FastAPI, client_for: Callable[..., TestClient], sign_in: Callable[..., dict[str, str]]
    ) -> None:
        """Others are told, as a problem."""
        client = client_for(guarded)
        answer = client.get("/guarded", headers=sign_in(client))
        assert (403, "urn:coachwork:problem:forbidden") == (answer.status_code, answer.json()["type"])

    def test_nobody(self, guarded: FastAPI, client_for: Callable[..., TestClient]) -> None:
        """Without a token it is a 401."""
        assert 401 == client_for(guarded).get("/guarded").status_code


class TestRefresh:
    """What a grant does to who is signed in."""

    def test_takes_the_role_up(self, resources: Resources, test_database: "TestDatabase") -> None:
        """A refreshed token knows it, the one before does not."""
        provider, verify = resources.identity_provider(), resources.token_verifier().verify
        email, password = f"{uuid4()}@example.com", "a password of the tests"
        account = provider.register(email, password)
        before = provider.sign_in(email, password)
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute(_RAISE + " where id = %s", [account.id])
        after = provider.refresh(before.refresh_token)

        assert (False, True) == (verify(before.access_token).is_admin, verify(after.access_token).is_admin)


class TestRaisingOneself:
    """Nobody who uses the API, nor the API itself, makes an administrator."""

    @pytest.mark.parametrize("role", ["authenticated", "anon", "coachwork_service"])
    def test_no_role_of_the_application_may(self, test_database: "TestDatabase", role: str) -> None:
        """The application's login cannot write the column under any role it may take."""
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute(f"set local role {role}")
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(_RAISE)

    def test_nor_be_born_one(self, test_database: "TestDatabase") -> None:
        """Registering cannot set it either."""
        with psycopg.connect(test_database.app_url) as connection:
            connection.execute("set local role coachwork_service")
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(
                    """insert into auth.users (email, encrypted_password, raw_app_meta_data)
                    values ('eve@example.com', '', '{"role": "admin"}')"""
                )
