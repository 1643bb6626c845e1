"""What tests of the stand-in for Supabase Auth share."""

from collections.abc import Callable
from typing import Any

import httpx
import jwt
from supabase import Client, ClientOptions
from supabase_auth import SyncGoTrueClient

from rehearsal.vendors.gotrue import GoTrue

CREDENTIALS = {"email": "sam@example.com", "password": "correct horse"}
Call = Callable[..., httpx.Response]


def sdk(gotrue: GoTrue, key: str) -> SyncGoTrueClient:
    """Return the real SDK's client for one caller."""
    options = ClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=httpx.Client())
    return Client(gotrue.url, key, options).auth


def claims_of(auth: SyncGoTrueClient) -> dict[str, Any]:
    """Return the claims of a fresh access token."""
    session = auth.sign_in_with_password(CREDENTIALS).session
    assert session
    claims: dict[str, Any] = jwt.decode(session.access_token, options={"verify_signature": False})
    return claims
