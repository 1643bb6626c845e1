"""The Supabase provider: the real SDK against a server that speaks GoTrue's protocol."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from coachwork.chassis.errors import CoachworkError, IdentityUnavailable, TooManyRequests, Unauthenticated
from coachwork.chassis.identity.errors import (
    AccountRefused,
    EmailNotConfirmed,
    EmailRefused,
    EmailTaken,
    InvalidCredentials,
    InvalidRefreshToken,
    WeakPassword,
)
from coachwork.chassis.identity.issuers import supabase_issuer
from coachwork.chassis.identity.supabase import SupabaseIdentityProvider
from coachwork.chassis.identity.tokens import IssuerTokenVerifier
from rehearsal.vendors.gotrue import Fault, GoTrue, serving

EMAIL, PASSWORD = "sam@example.com", "correct horse battery"


def refusal(status: int, code: str) -> Fault:
    """Return the error GoTrue answers with this code."""
    return Fault(status, f'{{"code": "{code}", "message": "as the service words it"}}'.encode())


@pytest.fixture
def provider(gotrue: GoTrue) -> Iterator[SupabaseIdentityProvider]:
    """Yield a provider for the project."""
    made = SupabaseIdentityProvider(gotrue.url, gotrue.api_key, timeout_seconds=2.0)
    yield made
    made.close()


class TestRegister:
    """Sign-up."""

    def test_account(self, provider: SupabaseIdentityProvider) -> None:
        """A new account can sign in."""
        account = provider.register(EMAIL, PASSWORD)

        assert account == provider.sign_in(EMAIL, PASSWORD).account

    def test_taken(self, provider: SupabaseIdentityProvider) -> None:
        """An address has one account."""
        provider.register(EMAIL, PASSWORD)

        with pytest.raises(EmailTaken):
            provider.register(EMAIL, PASSWORD)

    def test_weak_password(self, provider: SupabaseIdentityProvider) -> None:
        """The project's own policy is passed on in our words."""
        with pytest.raises(WeakPassword) as caught:
            provider.register(EMAIL, "short")

        assert "The password should be longer" == caught.value.detail

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (refusal(422, "signup_disabled"), AccountRefused),
            (refusal(400, "email_address_invalid"), EmailRefused),
            (refusal(429, "over_email_send_rate_limit"), TooManyRequests),
        ],
        ids=["closed", "address", "rate"],
    )
    def test_refused(
        self, provider: SupabaseIdentityProvider, gotrue: GoTrue, fault: Fault, error: type[CoachworkError]
    ) -> None:
        """What the project refuses is a failure with a type of its own."""
        gotrue.fault = fault

        with pytest.raises(error):
            provider.register(EMAIL, PASSWORD)


class TestConfirmation:
    """Projects that confirm addresses."""

    @pytest.fixture
    def gotrue(self) -> Iterator[GoTrue]:
        """Yield a project that confirms addresses."""
        with serving(GoTrue(confirm_email=True)) as server:
            yield server

    def test_account_without_session(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """There is an account at once, and a session after the address is confirmed."""
        account = provider.register(EMAIL, PASSWORD)
        with pytest.raises(EmailNotConfirmed):
            provider.sign_in(EMAIL, PASSWORD)
        gotrue.confirm(EMAIL)

        assert account == provider.sign_in(EMAIL, PASSWORD).account

    def test_made_up_user(self, provider: SupabaseIdentityProvider) -> None:
        """Supabase makes a user up for a taken address; we do not pass it off as an account."""
        provider.register(EMAIL, PASSWORD)

        with pytest.raises(EmailTaken):
            provider.register(EMAIL, PASSWORD)


class TestSignIn:
    """Credentials for tokens."""

    def test_wrong_password(self, provider: SupabaseIdentityProvider) -> None:
        """A wrong password and an unknown account get the same answer."""
        provider.register(EMAIL, PASSWORD)

        for email in (EMAIL, "nobody@example.com"):
            with pytest.raises(InvalidCredentials):
                provider.sign_in(email, "not the password")

    def test_suspended(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """A banned user is told apart from a wrong password, as Supabase does."""
        gotrue.fault = refusal(400, "user_banned")

        with pytest.raises(AccountRefused):
            provider.sign_in(EMAIL, PASSWORD)

    def test_token_verifies(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """The project's access token proves the user here, with no more than its URL."""
        account = provider.register(EMAIL, PASSWORD)
        verifier = IssuerTokenVerifier([supabase_issuer(gotrue.url)])

        assert account.id == verifier.verify(provider.sign_in(EMAIL, PASSWORD).access_token).user_id

    def test_legacy_token_verifies(self) -> None:
        """With the legacy secret HS256 tokens verify, without it none do."""
        with serving(GoTrue(algorithm="HS256")) as gotrue:
            provider = SupabaseIdentityProvider(gotrue.url, gotrue.api_key)
            account = provider.register(EMAIL, PASSWORD)
            token = provider.sign_in(EMAIL, PASSWORD).access_token
            provider.close()

            knowing = IssuerTokenVerifier([supabase_issuer(gotrue.url, gotrue.jwt_secret)])
            assert account.id == knowing.verify(token).user_id
            with pytest.raises(Unauthenticated):
                IssuerTokenVerifier([supabase_issuer(gotrue.url)]).verify(token)


class TestRefresh:
    """A refresh token for a new pair."""

    def test_rotates(self, provider: SupabaseIdentityProvider) -> None:
        """The new pair works, for the same account."""
        provider.register(EMAIL, PASSWORD)
        first = provider.sign_in(EMAIL, PASSWORD)

        second = provider.refresh(first.refresh_token)

        assert first.account == second.account
        assert first.account == provider.refresh(second.refresh_token).account

    def test_reuse(self, provider: SupabaseIdentityProvider) -> None:
        """A token that comes back ends the session."""
        provider.register(EMAIL, PASSWORD)
        first = provider.sign_in(EMAIL, PASSWORD)
        second = provider.refresh(first.refresh_token)

        for token in (first.refresh_token, second.refresh_token):
            with pytest.raises(InvalidRefreshToken):
                provider.refresh(token)

    @pytest.mark.parametrize("code", ["session_not_found", "session_expired", "refresh_token_not_found"])
    def test_ended_session(self, provider: SupabaseIdentityProvider, gotrue: GoTrue, code: str) -> None:
        """However Supabase words it, the user must sign in again."""
        gotrue.fault = refusal(400, code)

        with pytest.raises(InvalidRefreshToken):
            provider.refresh("any")


class TestSignOut:
    """The end of a session."""

    def test_revokes_this_session_alone(self, provider: SupabaseIdentityProvider) -> None:
        """Its refresh token is void; the one of another device is not."""
        provider.register(EMAIL, PASSWORD)
        here, elsewhere = (provider.sign_in(EMAIL, PASSWORD) for _ in range(2))

        provider.sign_out(here.access_token)

        with pytest.raises(InvalidRefreshToken):
            provider.refresh(here.refresh_token)
        assert elsewhere.account == provider.refresh(elsewhere.refresh_token).account

    def test_twice(self, provider: SupabaseIdentityProvider) -> None:
        """Signing out again changes nothing."""
        provider.register(EMAIL, PASSWORD)
        token = provider.sign_in(EMAIL, PASSWORD).access_token

        provider.sign_out(token)
        provider.sign_out(token)

    def test_forged(self, provider: SupabaseIdentityProvider) -> None:
        """A token the project did not sign is refused."""
        with pytest.raises(Unauthenticated):
            provider.sign_out("made.up.token")


class TestIsolation:
    """One client for many callers."""

    def test_sessions_do_not_leak(self, provider: SupabaseIdentityProvider) -> None:
        """The SDK keeps nothing of the user before: a call without a session has none."""
        provider.register(EMAIL, PASSWORD)
        provider.sign_in(EMAIL, PASSWORD)

        assert provider._auth().get_session() is None
        with pytest.raises(CoachworkError):
            provider.refresh("")

    def test_signing_in_leaves_others_signed_in(self, provider: SupabaseIdentityProvider) -> None:
        """Signing one user out does not touch who signed in after."""
        tokens = []
        for email in (EMAIL, f"{uuid4()}@example.com"):
            provider.register(email, PASSWORD)
            tokens.append(provider.sign_in(email, PASSWORD))

        provider.sign_out(tokens[0].access_token)

        assert tokens[1].account == provider.refresh(tokens[1].refresh_token).account

    def test_publishes_no_keys(self, provider: SupabaseIdentityProvider) -> None:
        """The project publishes its own."""
        assert {"keys": []} == provider.public_keys()


class TestOutage:
    """Supabase does not answer as it should."""

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(),
            Fault(body=b""),
            Fault(body=b"{}"),
            Fault(body=b'{"id": "7", "aud": "", "app_metadata": {}, "user_metadata": {}, "created_at": 0}'),
            Fault(status=500),
            Fault(status=400),
            Fault(status=503, body=b'{"message": "no"}'),
            refusal(500, "unexpected_failure"),
            refusal(500, "invalid_credentials"),
            refusal(400, "some code of tomorrow"),
            Fault(status=422, body=b'{"code": "weak_password", "message": "no reasons"}'),
            Fault(status=302),
            Fault(delay_seconds=5),
        ],
        ids=["html", "empty", "object", "id", "500", "400", "503", "json", "code", "new", "reasons", "302", "slow"],
    )
    def test_every_call(self, provider: SupabaseIdentityProvider, gotrue: GoTrue, fault: Fault) -> None:
        """Garbage, errors and silence are the provider's failure, never a wrong password."""
        gotrue.fault = fault

        for call in (
            lambda: provider.register(EMAIL, PASSWORD),
            lambda: provider.sign_in(EMAIL, PASSWORD),
            lambda: provider.refresh("any"),
        ):
            with pytest.raises(IdentityUnavailable):
                call()

    def test_down(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """Nobody listens, on a connection that was open as well as on a new one."""
        provider.register(EMAIL, PASSWORD)
        token = provider.sign_in(EMAIL, PASSWORD).access_token
        gotrue.stop()

        for call in (
            lambda: provider.register(EMAIL, PASSWORD),
            lambda: provider.sign_in(EMAIL, PASSWORD),
            lambda: provider.sign_out(token),
        ):
            with pytest.raises(IdentityUnavailable):
                call()

    def test_recovers(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """When it is back, so are we."""
        gotrue.stop()
        with pytest.raises(IdentityUnavailable):
            provider.register(EMAIL, PASSWORD)
        gotrue.start()

        assert EMAIL == provider.register(EMAIL, PASSWORD).email

    def test_throttled(self, provider: SupabaseIdentityProvider, gotrue: GoTrue) -> None:
        """Supabase asks us to wait, and we pass it on."""
        gotrue.fault = refusal(429, "over_request_rate_limit")

        with pytest.raises(TooManyRequests) as caught:
            provider.sign_in(EMAIL, PASSWORD)

        assert {"Retry-After": "60"} == caught.value.headers
