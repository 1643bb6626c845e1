"""The local identity provider: accounts in Postgres, ES256 access tokens, refresh tokens that work once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID, uuid4

import jwt

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.identity.credentials import PASSWORD_POLICY, is_acceptable_password
from coachwork.chassis.identity.errors import (
    AccountGone,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    WeakPassword,
)
from coachwork.chassis.identity.issuers import AUDIENCE, local_issuer
from coachwork.chassis.identity.keys import SigningKey
from coachwork.chassis.identity.passwords import Passwords
from coachwork.chassis.identity.port import Account, Principal, Removed, SignedIn
from coachwork.chassis.identity.tokens import IssuerTokenVerifier
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session

_REFRESH_TOKEN_BYTES = 32


@dataclass(frozen=True)
class _StoredAccount:
    id: UUID
    email: str
    encrypted_password: str


@dataclass(frozen=True)
class _StoredToken:
    family_id: UUID
    id: UUID
    email: str


class LocalIdentityProvider:
    """Keeps accounts and refresh tokens in Postgres, and signs access tokens itself.

    Args:
        database: where `auth.users` and `auth.refresh_tokens` are.
        keys: the first signs, all are published.
        issuer: the `iss` of every token.
        access_token_seconds: how long an access token lives.
        refresh_token_seconds: how long a refresh token may wait for its one use.
        passwords: how passwords are hashed.
        clock: the present, aware.
    """

    def __init__(
        self,
        database: Database,
        keys: Sequence[SigningKey],
        *,
        issuer: str,
        access_token_seconds: int,
        refresh_token_seconds: int,
        passwords: Passwords | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._keys = keys
        self._issuer = issuer
        self._access_token_seconds = access_token_seconds
        self._refresh_token_lifetime = timedelta(seconds=refresh_token_seconds)
        self._passwords = passwords or Passwords()
        self._clock = clock
        self._verifier = IssuerTokenVerifier([local_issuer(keys, issuer)])

    def register(self, email: str, password: str) -> Account:
        """Create an account; raises `EmailTaken` or `WeakPassword`."""
        if not is_acceptable_password(password):
            raise WeakPassword(f"The password {PASSWORD_POLICY}")
        encoded = self._passwords.hash(password)
        with self._database.service_session() as session:
            user_id = session.value(
                """insert into auth.users (email, encrypted_password) values (%(email)s, %(encoded)s)
                on conflict (lower(email)) do nothing returning id""",
                {"email": email, "encoded": encoded},
            )
        if user_id is None:
            raise EmailTaken
        return Account(user_id, email)

    def sign_in(self, email: str, password: str) -> SignedIn:
        """Start a family of tokens; raises `InvalidCredentials`, as fast for an unknown account as for a known one."""
        with self._database.service_session() as session:
            account = session.one(
                _StoredAccount,
                "select id, email, encrypted_password from auth.users where lower(email) = %(email)s",
                {"email": email.lower()},
            )
        # between the two transactions, so no connection waits for the hash
        if not self._passwords.matches(account.encrypted_password if account else None, password) or not account:
            raise InvalidCredentials
        with self._database.service_session() as session:
            self._renew_hash(session, account, password)
            self._drop_expired(session, account.id)
            return self._issue(session, Account(account.id, account.email), uuid4())

    def refresh(self, refresh_token: str) -> SignedIn:
        """Trade the token for a new pair, once; a second use revokes every token of its sign-in.

        Raises:
            InvalidRefreshToken: it is unknown, expired, revoked or used; what was revoked stays so.
        """
        digest = _digest(refresh_token)
        with self._database.service_session() as session:
            family_id = session.value(
                "select family_id from auth.refresh_tokens where token_sha256 = %(digest)s",
                {"digest": digest},
            )
            issued = self._rotate(session, digest, family_id) if family_id else None
        # raised out here: inside, the exception would take the revocation back
        if issued is None:
            raise InvalidRefreshToken
        return issued

    def sign_out(self, access_token: str) -> None:
        """Revoke the refresh tokens of this sign-in; raises `Unauthenticated` for a token that does not verify."""
        try:
            family_id = UUID(str(self._verifier.verify(access_token).claims.get("session_id")))
        except ValueError as error:
            raise Unauthenticated("The access token belongs to no session") from error
        with self._database.service_session() as session:
            _lock_family(session, family_id)
            self._revoke(session, family_id)

    def delete_account(
        self, principal: Principal, database: Database, remove_rows: Callable[[Session], Removed]
    ) -> Removed:
        """Delete the caller's rows, refresh tokens and account, in one transaction; raises `AccountGone`."""
        account = {"id": principal.user_id}
        with database.session(principal) as session:
            with session.as_service():
                # in the order `refresh` takes them; whoever adds a row of the account's waits, and then finds it gone
                session.execute("select from auth.refresh_tokens where user_id = %(id)s for update", account)
                if not session.value("select id from auth.users where id = %(id)s for update", account):
                    raise AccountGone
            removed = remove_rows(session)
            with session.as_service():
                session.execute("delete from auth.users where id = %(id)s", account)
        return removed

    def public_keys(self) -> Mapping[str, Any]:
        """Return the key set that verifies our tokens."""
        return {"keys": [dict(key.public_jwk) for key in self._keys]}

    def _rotate(self, session: Session, digest: bytes, family_id: UUID) -> SignedIn | None:
        _lock_family(session, family_id)
        stored = session.one(
            _StoredToken,
            """update auth.refresh_tokens as token set used_at = %(now)s from auth.users as account
            where token.token_sha256 = %(digest)s and token.used_at is null and token.revoked_at is null
              and token.expires_at > %(now)s and account.id = token.user_id
            returning token.family_id, account.id, account.email""",
            {"digest": digest, "now": self._clock()},
        )
        if stored is None:
            self._revoke(session, family_id)
            return None
        return self._issue(session, Account(stored.id, stored.email), stored.family_id)

    def _issue(self, session: Session, account: Account, family_id: UUID) -> SignedIn:
        refresh_token = token_urlsafe(_REFRESH_TOKEN_BYTES)
        now = self._clock()
        session.execute(
            """insert into auth.refresh_tokens (token_sha256, family_id, user_id, expires_at)
            values (%(digest)s, %(family_id)s, %(user_id)s, %(expires_at)s)""",
            {
                "digest": _digest(refresh_token),
                "family_id": family_id,
                "user_id": account.id,
                "expires_at": now + self._refresh_token_lifetime,
            },
        )
        granted: Mapping[str, Any] = session.value(
            "select raw_app_meta_data from auth.users where id = %(id)s", {"id": account.id}
        )
        access_token = self._signed(account, granted, family_id, now)
        return SignedIn(access_token, refresh_token, self._access_token_seconds, account)

    def _signed(self, account: Account, app_metadata: Mapping[str, Any], family_id: UUID, now: datetime) -> str:
        issued_at = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(account.id),
            "email": account.email,
            "role": "authenticated",
            "app_metadata": app_metadata,
            "session_id": str(family_id),
            "jti": str(uuid4()),
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + self._access_token_seconds,
        }
        return jwt.encode(claims, self._keys[0].private_key, "ES256", {"kid": self._keys[0].kid})

    def _renew_hash(self, session: Session, account: _StoredAccount, password: str) -> None:
        if self._passwords.is_outdated(account.encrypted_password):
            session.execute(
                """update auth.users set encrypted_password = %(new)s
                where id = %(id)s and encrypted_password = %(old)s""",
                {"new": self._passwords.hash(password), "old": account.encrypted_password, "id": account.id},
            )

    def _drop_expired(self, session: Session, user_id: UUID) -> None:
        session.execute(
            "delete from auth.refresh_tokens where user_id = %(user_id)s and expires_at < %(now)s",
            {"user_id": user_id, "now": self._clock()},
        )

    def _revoke(self, session: Session, family_id: UUID) -> None:
        session.execute(
            """update auth.refresh_tokens set revoked_at = %(now)s
            where family_id = %(family_id)s and revoked_at is null""",
            {"family_id": family_id, "now": self._clock()},
        )


def _digest(refresh_token: str) -> bytes:
    """A token of 256 random bits needs no salt: nobody can guess what to hash."""
    return sha256(refresh_token.encode(errors="replace")).digest()


def _lock_family(session: Session, family_id: UUID) -> None:
    """Make rotation and revocation of one family take turns, or a token given meanwhile would outlive a revocation."""
    session.value("select pg_advisory_xact_lock(hashtextextended(%(id)s, 0))", {"id": f"refresh {family_id}"})
