"""The stand-in for Supabase Auth, its vendor's client, and somebody who signed up."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from supabase_auth import SyncGoTrueAdminAPI, SyncGoTrueClient
from tests.rehearsal.gotrue.calls import CREDENTIALS, Call, sdk

from rehearsal.vendors.gotrue import GoTrue, serving


@pytest.fixture
def gotrue() -> Iterator[GoTrue]:
    """Yield a running server."""
    with serving(GoTrue()) as server:
        yield server


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


@pytest.fixture
def call(gotrue: GoTrue) -> Iterator[Call]:
    """Yield a function that sends one request with the project's key."""
    with httpx.Client(base_url=f"{gotrue.url}/auth/v1", headers={"apikey": gotrue.api_key}) as client:

        def send(method: str, path: str, *, bearer: str = "", **options: Any) -> httpx.Response:
            headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
            return client.request(method, path, headers=headers, **options)

        yield send
