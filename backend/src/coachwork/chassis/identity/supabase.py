"""Accounts at Supabase Auth, through its own SDK; its tokens are verified here, with no call to it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import httpx
from pydantic import ValidationError
from supabase import Client, ClientOptions
from supabase_auth import SyncGoTrueAdminAPI, SyncGoTrueClient
from supabase_auth.errors import AuthApiError, AuthError, AuthWeakPasswordError
from supabase_auth.types import AuthResponse

from coachwork.chassis.errors import CoachworkError, IdentityUnavailable, TooManyRequests, Unauthenticated
from coachwork.chassis.identity.errors import (
    AccountGone,
    AccountRefused,
    AccountRemains,
    AccountsNotRemovable,
    EmailNotConfirmed,
    EmailRefused,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    WeakPassword,
)
from coachwork.chassis.identity.port import Account, Principal, Removed, SignedIn

if TYPE_CHECKING:
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.sql.session import Session

_RETRY_AFTER_SECONDS = 60

# Source: supabase.com/docs/guides/auth/debugging/error-codes
_ERRORS: Mapping[str, type[CoachworkError]] = {
    "user_already_exists": EmailTaken,
    "email_exists": EmailTaken,
    "email_address_invalid": EmailRefused,
    "email_address_not_authorized": EmailRefused,
    "validation_failed": EmailRefused,
    "signup_disabled": AccountRefused,
    "email_provider_disabled": AccountRefused,
    "user_banned": AccountRefused,
    "email_not_confirmed": EmailNotConfirmed,
    "invalid_credentials": InvalidCredentials,
    "refresh_token_not_found": InvalidRefreshToken,
    "refresh_token_already_used": InvalidRefreshToken,
    "session_expired": InvalidRefreshToken,
    "bad_jwt": Unauthenticated,
    "no_authorization": Unauthenticated,
}
_SESSION_IS_GONE = frozenset({"session_not_found", "user_not_found"})
_WANTED = {
    "length": "be longer",
    "characters": "mix letters, digits and symbols",
    "pwned": "not be one known from a data breach",
}


class SupabaseIdentityProvider:
    """Registers and signs in at a Supabase project.

    Args:
        project_url: the project's, like https://abc.supabase.co.
        key: the project's publishable (anonymous) key.
        service_role_key: its secret key, used for nothing but deleting accounts; without it none is deleted.
        timeout_seconds: for connecting, and for each silence while an answer arrives.
    """

    def __init__(
        self, project_url: str, key: str, *, service_role_key: str | None = None, timeout_seconds: float = 5.0
    ) -> None:
        self._project_url = project_url
        self._key = key
        self._service_role_key = service_role_key
        # Connections are shared between callers, cookies are not.
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._http = httpx.Client(timeout=timeout_seconds, cookies=no_cookies)

    def register(self, email: str, password: str) -> Account:
        """Create an account; where the project confirms addresses there is no session yet, but there is an account."""
        with self._translated():
            answer = self._auth().sign_up({"email": email, "password": password})
        # For an address that is taken but must not be told, Supabase makes up a user without identities.
        if answer.user is not None and answer.user.identities == []:
            raise EmailTaken
        return _account(answer, email)

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Return tokens of Supabase's; raises `InvalidCredentials` or `EmailNotConfirmed`."""
        with self._translated():
            answer = self._auth().sign_in_with_password({"email": email, "password": password})
        return _signed_in(answer, email)

    def refresh(self, refresh_token: str) -> SignedIn:
        """Trade a refresh token for a new pair; raises `InvalidRefreshToken`, Supabase decides about reuse."""
        with self._translated(gone=InvalidRefreshToken):
            answer = self._auth().refresh_session(refresh_token)
        return _signed_in(answer)

    def sign_out(self, access_token: str) -> None:
        """Revoke this session's refresh tokens; a session that is gone already is signed out."""
        with self._translated(gone=None):
            self._auth().admin.sign_out(access_token, "local")

    def delete_account(
        self, principal: Principal, database: "Database", remove_rows: "Callable[[Session], Removed]"
    ) -> Removed:
        """Delete the caller's rows, then the account at Supabase.

        Raises:
            AccountGone, AccountsNotRemovable, IdentityUnavailable, TooManyRequests: nothing was removed.
            AccountRemains: the rows are gone, the account is not; the same call again finishes it.
        """
        user_id = str(principal.user_id)
        with self._administering() as admin:
            admin.get_user_by_id(user_id)  # a wrong key or an outage shows here, before anything is removed
        with database.session(principal) as session:
            removed = remove_rows(session)
        try:
            with self._administering() as admin:
                admin.delete_user(user_id)
        except AccountGone:  # by the same request on another instance
            return removed
        except CoachworkError as error:
            raise AccountRemains from error
        return removed

    def public_keys(self) -> Mapping[str, Any]:
        """Return no keys: the project publishes its own."""
        return {"keys": []}

    def close(self) -> None:
        """Close the connections to Supabase."""
        self._http.close()

    @contextmanager
    def _administering(self) -> Iterator[SyncGoTrueAdminAPI]:
        """Yield the admin API; its refusals are the operator's to mend, never the caller's."""
        if self._service_role_key is None:
            raise AccountsNotRemovable
        with self._translated(gone=AccountGone):
            try:
                yield self._auth(self._service_role_key).admin
            except AuthApiError as error:
                if error.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
                    raise AccountsNotRemovable from error
                raise

    def _auth(self, key: str | None = None) -> SyncGoTrueClient:
        """Return a client for one call: the SDK keeps the session it made, and the next caller must not inherit it."""
        options = ClientOptions(
            auto_refresh_token=False, persist_session=False, flow_type="implicit", httpx_client=self._http
        )
        return Client(self._project_url, key or self._key, options).auth

    @contextmanager
    def _translated(self, gone: type[CoachworkError] | None = InvalidCredentials) -> Iterator[None]:
        """Turn the SDK's errors into ours; `gone` is what a session that no longer exists means."""
        try:
            yield
        except AuthWeakPasswordError as error:
            wanted = [_WANTED[reason] for reason in error.reasons if reason in _WANTED] or ["be stronger"]
            raise WeakPassword(f"The password should {' and '.join(wanted)}") from error
        except AuthApiError as error:
            if error.code in _SESSION_IS_GONE:
                if gone is None:
                    return
                raise gone from error
            raise _ours(error) from error
        except (AuthError, httpx.HTTPError, ValidationError, ValueError) as error:
            raise IdentityUnavailable from error


def _ours(error: AuthApiError) -> CoachworkError:
    code = cast("str | None", error.code)
    if error.status == httpx.codes.TOO_MANY_REQUESTS:
        return TooManyRequests(_RETRY_AFTER_SECONDS, "The identity provider asks to wait")
    if code is not None and code in _ERRORS and error.status < httpx.codes.INTERNAL_SERVER_ERROR:
        return _ERRORS[code]()
    return IdentityUnavailable()


def _signed_in(answer: AuthResponse, email: str = "") -> SignedIn:
    session = answer.session
    if session is None:
        raise IdentityUnavailable
    return SignedIn(session.access_token, session.refresh_token, session.expires_in, _account(answer, email))


def _account(answer: AuthResponse, email: str = "") -> Account:
    if answer.user is None:
        raise IdentityUnavailable
    try:
        return Account(UUID(answer.user.id), answer.user.email or email)
    except ValueError as error:
        raise IdentityUnavailable from error
