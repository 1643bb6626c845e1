"""What the Auth service keeps of each user, and whom it tells when one comes or goes."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

Json = dict[str, Any]


class Listener(Protocol):
    """Is told of users before the caller is; raises `Refusal` where it cannot follow, and nothing changes."""

    def added(self, user_id: str, email: str) -> None:
        """Take note of a new user."""

    def renamed(self, user_id: str, email: str) -> None:
        """Take note of another address."""

    def removed(self, user_id: str) -> None:
        """Take note that the user is gone."""


def _app_metadata() -> Json:
    return {"provider": "email", "providers": ["email"]}


def _now() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class User:
    """One account; without a password nobody signs in to it."""

    id: str
    email: str
    password: str | None
    confirmed: bool
    app_metadata: Json = field(default_factory=_app_metadata)
    created_at: str = field(default_factory=_now)
    deleted_at: str | None = None

    @property
    def obfuscated_email(self) -> str:
        """What a soft deletion puts in the address's place, so it is free for a new account."""
        return urlsafe_b64encode(sha256(f"{self.id}{self.email}".encode()).digest()).decode().rstrip("=")

    def change_app_metadata(self, changes: Json) -> None:
        """Set what is given, drop what is given as null, and leave the rest."""
        merged = {**self.app_metadata, **changes}
        self.app_metadata = {name: value for name, value in merged.items() if value is not None}

    def soft_delete(self) -> None:
        """Leave a row that says nothing of its user and lets nobody in."""
        self.email, self.password, self.app_metadata, self.deleted_at = self.obfuscated_email, None, {}, _now()

    def as_json(self, *, known_identity: bool = True) -> Json:
        """Return the user as the service words it; a made-up one has no identity."""
        deleted = {"deleted_at": self.deleted_at} if self.deleted_at else {}
        return {
            "id": self.id,
            "aud": "authenticated",
            "role": "authenticated",
            "email": self.email,
            "email_confirmed_at": self.created_at if self.confirmed else None,
            "app_metadata": self.app_metadata,
            "user_metadata": {},
            "identities": [self._identity()] if known_identity else [],
            "created_at": self.created_at,
            "updated_at": self.created_at,
            "is_anonymous": False,
            **deleted,
        }

    def _identity(self) -> Json:
        return {
            "id": self.id,
            "identity_id": self.id,
            "user_id": self.id,
            "provider": "email",
            "identity_data": {} if self.deleted_at else {"email": self.email, "sub": self.id},
            "created_at": self.created_at,
            "last_sign_in_at": self.created_at,
            "updated_at": self.created_at,
        }


@dataclass
class RefreshToken:
    """A refresh token, which works once."""

    user: User
    session_id: str
    used: bool = False
