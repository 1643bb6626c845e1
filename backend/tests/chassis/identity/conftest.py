"""What the identity tests share: an issuer with a key of its own, and tokens it would or would not sign."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time
from typing import Any
from uuid import UUID, uuid4

import jwt
import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.conftest import TestDatabase

from coachwork.chassis.identity.issuers import local_issuer
from coachwork.chassis.identity.keys import SigningKey, signing_keys
from coachwork.chassis.identity.local import LocalIdentityProvider
from coachwork.chassis.identity.passwords import Passwords
from coachwork.chassis.identity.port import SignedIn
from coachwork.chassis.identity.tokens import IssuerTokenVerifier
from coachwork.chassis.sql.database import Database
from rehearsal.vendors.gotrue import GoTrue, serving


def new_pem(curve: ec.EllipticCurve | None = None) -> str:
    """Return a fresh private key as PEM; P-256 by default."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


PASSWORD = "correct horse battery"
CHEAP = Passwords(memory_kib=64, passes=1, lanes=1)
KEYS = signing_keys(new_pem() + new_pem())
Ask = Callable[..., object]


@dataclass
class Issuer:
    """Signs whatever it is told to."""

    key: SigningKey = field(default_factory=lambda: signing_keys(new_pem())[0])
    user_id: UUID = field(default_factory=uuid4)
    name: str = "coachwork"

    def claims(self, **changed: object) -> dict[str, Any]:
        """Return acceptable claims, with some changed; None removes one."""
        now = int(time())
        claims = {
            "iss": self.name,
            "aud": "authenticated",
            "sub": str(self.user_id),
            "email": "sam@example.com",
            "iat": now,
            "nbf": now,
            "exp": now + 60,
        }
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def token(self, **changed: object) -> str:
        """Return a token with these claims."""
        return jwt.encode(self.claims(**changed), self.key.private_key, "ES256", {"kid": self.key.kid})

    def verifier(self) -> IssuerTokenVerifier:
        """Return a verifier that trusts this issuer alone."""
        return IssuerTokenVerifier([local_issuer([self.key], self.name)])


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    """Return an issuer with one key."""
    return Issuer()


@pytest.fixture
def gotrue() -> Iterator[GoTrue]:
    """Yield a running Supabase Auth that signs with ES256."""
    with serving(GoTrue()) as server:
        yield server


@dataclass
class Clock:
    """Seconds that pass when told to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        """Return the present."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands still."""
    return Clock()


class Calendar:
    """The present, which moves when told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the present."""
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    """Return a calendar that stands at today."""
    return Calendar()


def provider_with(
    database: Database, calendar: Calendar, passwords: Passwords = CHEAP, keys: list[SigningKey] | None = None
) -> LocalIdentityProvider:
    """Return a provider with hashes cheap enough for a test."""
    return LocalIdentityProvider(
        database,
        keys or KEYS,
        issuer="coachwork",
        access_token_seconds=900,
        refresh_token_seconds=3_600,
        passwords=passwords,
        clock=calendar,
    )


@pytest.fixture
def provider(database: Database, calendar: Calendar) -> LocalIdentityProvider:
    """Return a provider."""
    return provider_with(database, calendar)


@pytest.fixture
def email() -> str:
    """Return an address nobody has."""
    return f"{uuid4()}@example.com"


@pytest.fixture
def signed_in(provider: LocalIdentityProvider, email: str) -> SignedIn:
    """Return the tokens of a new user."""
    provider.register(email, PASSWORD)
    return provider.sign_in(email, PASSWORD)


@pytest.fixture
def ask(test_database: TestDatabase) -> Ask:
    """Return a function that asks the database, as its owner, for one value."""

    def one_value(statement: str, *parameters: object) -> object:
        with psycopg.connect(test_database.owner_url) as connection:
            row = connection.execute(statement, parameters).fetchone()
            return row and row[0]

    return one_value
