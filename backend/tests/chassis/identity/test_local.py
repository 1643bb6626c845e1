"""The local identity provider on a real Postgres."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import psycopg
import pytest
from tests.chassis.identity.conftest import new_pem
from tests.conftest import TestDatabase

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.identity.errors import EmailTaken, InvalidCredentials, InvalidRefreshToken, WeakPassword
from coachwork.chassis.identity.keys import SigningKey, signing_keys
from coachwork.chassis.identity.local import LocalIdentityProvider
from coachwork.chassis.identity.passwords import Passwords
from coachwork.chassis.identity.port import SignedIn
from coachwork.chassis.sql.database import Database

PASSWORD = "correct horse battery"
CHEAP = Passwords(memory_kib=64, passes=1, lanes=1)
KEYS = signing_keys(new_pem() + new_pem())
Ask = Callable[..., object]


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


class TestRegister:
    """New accounts."""

    def test_account(self, provider: LocalIdentityProvider, email: str) -> None:
        """A new account can sign in."""
        account = provider.register(email, PASSWORD)

        assert account == provider.sign_in(email, PASSWORD).account

    def test_password_is_hashed(self, provider: LocalIdentityProvider, email: str, ask: Ask) -> None:
        """What is stored is an Argon2id hash."""
        provider.register(email, PASSWORD)

        stored = str(ask("select encrypted_password from auth.users where email = %s", email))

        assert stored.startswith("$argon2id$")
        assert PASSWORD not in stored

    def test_taken(self, provider: LocalIdentityProvider, email: str) -> None:
        """An address has one account."""
        provider.register(email, PASSWORD)

        with pytest.raises(EmailTaken):
            provider.register(email, "another password")

    def test_taken_at_the_same_time(self, provider: LocalIdentityProvider, email: str) -> None:
        """Of several registrations at once, one gets the address."""

        def register(_: int) -> bool:
            try:
                return bool(provider.register(email, PASSWORD))
            except EmailTaken:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert 1 == sum(pool.map(register, range(4)))

    def test_weak_password(self, provider: LocalIdentityProvider, email: str) -> None:
        """The refusal says what is wanted and does not repeat what was given."""
        with pytest.raises(WeakPassword) as caught:
            provider.register(email, "hunter2")

        assert "The password wants 10 to 200 characters" == caught.value.detail


class TestSignIn:
    """Credentials for tokens."""

    def test_claims(self, signed_in: SignedIn, email: str, calendar: Calendar) -> None:
        """The access token says what Supabase's would, and names the key that signed it."""
        claims = jwt.decode(
            signed_in.access_token, KEYS[0].private_key.public_key(), ["ES256"], audience="authenticated"
        )
        now = int(calendar.now.timestamp())

        assert {"jti", "session_id"} == {name for name in ("jti", "session_id") if claims.pop(name)}
        assert {
            "iss": "coachwork",
            "aud": "authenticated",
            "sub": str(signed_in.account.id),
            "email": email,
            "role": "authenticated",
            "iat": now,
            "nbf": now,
            "exp": now + 900,
        } == claims
        assert KEYS[0].kid == jwt.get_unverified_header(signed_in.access_token)["kid"]

    def test_wrong_password(self, provider: LocalIdentityProvider, email: str) -> None:
        """A wrong password and an unknown account get the same answer."""
        provider.register(email, PASSWORD)
        answers = []
        for given in (email, f"nobody-{email}"):
            with pytest.raises(InvalidCredentials) as caught:
                provider.sign_in(given, "not the password")
            answers.append(caught.value.detail)

        assert answers[0] == answers[1]

    def test_account_of_another_provider(
        self, provider: LocalIdentityProvider, email: str, test_database: TestDatabase
    ) -> None:
        """An account without a password of ours lets nobody in."""
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute("insert into auth.users (email, encrypted_password) values (%s, '')", [email])

        with pytest.raises(InvalidCredentials):
            provider.sign_in(email, "")

    def test_hash_is_renewed(self, database: Database, calendar: Calendar, email: str, ask: Ask) -> None:
        """A hash made with older parameters is replaced at the next sign-in, and the password stays good."""
        stored = "select encrypted_password from auth.users where email = %s"
        provider_with(database, calendar).register(email, PASSWORD)
        stronger = provider_with(database, calendar, Passwords(memory_kib=128, passes=1, lanes=1))

        stronger.sign_in(email, PASSWORD)

        assert "m=128,t=1,p=1" in str(ask(stored, email))
        assert email == stronger.sign_in(email, PASSWORD).account.email

    def test_refresh_token_is_hashed(self, signed_in: SignedIn, ask: Ask) -> None:
        """The database holds a digest, so whoever reads it cannot refresh."""
        found = ask(
            "select count(*) from auth.refresh_tokens where token_sha256 = sha256(%s::bytea)",
            signed_in.refresh_token.encode(),
        )

        assert 1 == found

    def test_drops_expired_tokens(
        self, provider: LocalIdentityProvider, calendar: Calendar, email: str, signed_in: SignedIn, ask: Ask
    ) -> None:
        """Tokens that can no longer be used do not pile up."""
        calendar.now += timedelta(seconds=3_601)
        provider.sign_in(email, PASSWORD)

        assert 1 == ask("select count(*) from auth.refresh_tokens where user_id = %s", signed_in.account.id)


class TestRefresh:
    """A refresh token for a new pair."""

    def test_rotates(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """The new pair works, for the same account and session."""
        second = provider.refresh(signed_in.refresh_token)
        third = provider.refresh(second.refresh_token)

        sessions = {
            jwt.decode(one.access_token, options={"verify_signature": False})["session_id"]
            for one in (signed_in, second, third)
        }
        assert signed_in.account == third.account
        assert 1 == len(sessions)
        assert 3 == len({signed_in.refresh_token, second.refresh_token, third.refresh_token})

    def test_reuse_revokes_the_family(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """When a used token comes back, one of two holders is a thief: both must sign in again."""
        second = provider.refresh(signed_in.refresh_token)

        with pytest.raises(InvalidRefreshToken):
            provider.refresh(signed_in.refresh_token)
        with pytest.raises(InvalidRefreshToken):
            provider.refresh(second.refresh_token)

    def test_reuse_spares_other_sessions(
        self, provider: LocalIdentityProvider, signed_in: SignedIn, email: str
    ) -> None:
        """The user's sign-in on another device is a family of its own."""
        elsewhere = provider.sign_in(email, PASSWORD)
        provider.refresh(signed_in.refresh_token)
        with pytest.raises(InvalidRefreshToken):
            provider.refresh(signed_in.refresh_token)

        assert signed_in.account == provider.refresh(elsewhere.refresh_token).account

    def test_at_the_same_time(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """Of several uses at once, one wins."""

        def refresh(_: int) -> bool:
            try:
                return bool(provider.refresh(signed_in.refresh_token))
            except InvalidRefreshToken:
                return False

        with ThreadPoolExecutor(4) as pool:
            assert 1 == sum(pool.map(refresh, range(4)))

    def test_reuse_beside_rotation(self, provider: LocalIdentityProvider, email: str, ask: Ask) -> None:
        """A token given while its family is being revoked is revoked with it."""
        account = provider.register(email, PASSWORD)

        def attempt(token: str) -> None:
            with suppress(InvalidRefreshToken):
                provider.refresh(token)

        for _ in range(10):
            first = provider.sign_in(email, PASSWORD)
            second = provider.refresh(first.refresh_token)
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(attempt, [second.refresh_token, first.refresh_token]))

        alive = "select count(*) from auth.refresh_tokens where user_id = %s and revoked_at is null"
        assert 0 == ask(alive, account.id)

    def test_expired(self, provider: LocalIdentityProvider, calendar: Calendar, signed_in: SignedIn) -> None:
        """A token that waited too long is void."""
        calendar.now += timedelta(seconds=3_601)

        with pytest.raises(InvalidRefreshToken):
            provider.refresh(signed_in.refresh_token)

    @pytest.mark.parametrize("token", ["", "made up", "\x00", "\ud800", "x" * 5_000])
    def test_unknown(self, provider: LocalIdentityProvider, token: str) -> None:
        """What we never gave is refused."""
        with pytest.raises(InvalidRefreshToken):
            provider.refresh(token)


class TestSignOut:
    """The end of a session."""

    def test_revokes(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """No refresh token of the session works any more, those of the future included."""
        newest = provider.refresh(signed_in.refresh_token)

        provider.sign_out(signed_in.access_token)

        with pytest.raises(InvalidRefreshToken):
            provider.refresh(newest.refresh_token)

    def test_twice(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """Signing out again changes nothing."""
        provider.sign_out(signed_in.access_token)
        provider.sign_out(signed_in.access_token)

    def test_forged(self, provider: LocalIdentityProvider, signed_in: SignedIn) -> None:
        """Nobody is signed out by a token that does not verify, or that belongs to no session."""
        claims = jwt.decode(signed_in.access_token, options={"verify_signature": False})
        forged = jwt.encode(claims, signing_keys(new_pem())[0].private_key, "ES256", {"kid": KEYS[0].kid})
        sessionless = jwt.encode({**claims, "session_id": None}, KEYS[0].private_key, "ES256", {"kid": KEYS[0].kid})

        for token in (forged, sessionless):
            with pytest.raises(Unauthenticated):
                provider.sign_out(token)
        assert signed_in.account == provider.refresh(signed_in.refresh_token).account


class TestPublicKeys:
    """The key set."""

    def test_all_without_secrets(self, provider: LocalIdentityProvider) -> None:
        """Every configured key is published, none with its private part."""
        keys = provider.public_keys()["keys"]

        assert [key.kid for key in KEYS] == [key["kid"] for key in keys]
        assert not any("d" in key for key in keys)
