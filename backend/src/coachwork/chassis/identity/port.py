"""The ports: who a caller is, how a token proves it, and where accounts live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.sql.session import Session

Removed = TypeVar("Removed")


@dataclass(frozen=True)
class Principal:
    """A verified caller. `claims` are the token's own, handed to Postgres for row level security."""

    user_id: UUID
    email: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_admin(self) -> bool:
        """Whether the token's `app_metadata`, which users cannot write, gives the role `admin`."""
        granted = self.claims.get("app_metadata")
        return isinstance(granted, Mapping) and granted.get("role") == "admin"


@dataclass(frozen=True)
class Account:
    """What an identity provider tells about a user."""

    id: UUID
    email: str


@dataclass(frozen=True)
class SignedIn:
    """A fresh pair of tokens; the access token lives `expires_in_seconds`, the refresh token works once."""

    access_token: str
    refresh_token: str
    expires_in_seconds: int
    account: Account


class TokenVerifier(Protocol):
    """Turns an access token into a principal."""

    def verify(self, token: str) -> Principal:
        """Return the principal; raises `Unauthenticated` unless signature, algorithm, issuer, audience and times hold.

        Raises `IdentityUnavailable` when the issuer's keys cannot be fetched.
        """


class IdentityProvider(Protocol):
    """Where accounts live. Every method raises `IdentityUnavailable` when the provider does not answer as it should."""

    def register(self, email: str, password: str) -> Account:
        """Create an account; raises `EmailTaken` or `WeakPassword`."""

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Return tokens; raises `InvalidCredentials`, the same for a wrong password and an unknown account."""

    def refresh(self, refresh_token: str) -> SignedIn:
        """Trade a refresh token for a new pair; one that was used before revokes its whole family."""

    def sign_out(self, access_token: str) -> None:
        """Revoke the session's refresh tokens; the access token itself lives until it expires."""

    def delete_account(
        self, principal: Principal, database: "Database", remove_rows: "Callable[[Session], Removed]"
    ) -> Removed:
        """Run `remove_rows` in the caller's own session, then delete the account; return what it says it removed.

        Where the accounts are in `database` it is one transaction, and nobody adds a row meanwhile.

        Raises:
            AccountGone: there is no such account; nothing was removed.
            AccountsNotRemovable: we lack the right; nothing was removed.
            AccountRemains: the rows are gone, the account is not; the same call again finishes it.
        """

    def public_keys(self) -> Mapping[str, Any]:
        """Return the JSON Web Key Set that verifies this provider's tokens; empty when another host publishes it."""
