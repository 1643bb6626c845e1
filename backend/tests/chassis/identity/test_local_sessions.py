"""The local identity provider on a real Postgres: how sessions go on and end."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import jwt
import pytest
from tests.chassis.identity.conftest import KEYS, PASSWORD, Ask, Calendar, new_pem

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.identity.errors import InvalidRefreshToken
from coachwork.chassis.identity.keys import signing_keys
from coachwork.chassis.identity.local import LocalIdentityProvider
from coachwork.chassis.identity.port import SignedIn


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
