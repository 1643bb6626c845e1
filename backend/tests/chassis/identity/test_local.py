"""The local identity provider on a real Postgres: accounts and sign-in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import jwt
import psycopg
import pytest
from tests.chassis.identity.conftest import KEYS, PASSWORD, Ask, Calendar, provider_with
from tests.conftest import TestDatabase

from coachwork.chassis.identity.errors import EmailTaken, InvalidCredentials, WeakPassword
from coachwork.chassis.identity.local import LocalIdentityProvider
from coachwork.chassis.identity.passwords import Passwords
from coachwork.chassis.identity.port import SignedIn
from coachwork.chassis.sql.database import Database


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
            "app_metadata": {},
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


class TestPublicKeys:
    """The key set."""

    def test_all_without_secrets(self, provider: LocalIdentityProvider) -> None:
        """Every configured key is published, none with its private part."""
        keys = provider.public_keys()["keys"]

        assert [key.kid for key in KEYS] == [key["kid"] for key in keys]
        assert not any("d" in key for key in keys)
