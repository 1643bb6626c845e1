"""Keys an issuer publishes, fetched from a server that speaks its protocol."""

from uuid import uuid4

import pytest
from tests.chassis.identity.conftest import Clock, Issuer

from coachwork.chassis.errors import IdentityUnavailable, Unauthenticated
from coachwork.chassis.identity.keys import SharedSecret
from coachwork.chassis.identity.remote_keys import RemoteKeys
from coachwork.chassis.identity.tokens import IssuerTokenVerifier, TrustedIssuer
from rehearsal.vendors.gotrue import Fault, GoTrue, serving


def verifier_of(gotrue: GoTrue, clock: Clock) -> IssuerTokenVerifier:
    """Return a verifier that knows the project by its URL alone."""
    keys = RemoteKeys(f"{gotrue.url}/auth/v1/.well-known/jwks.json", timeout_seconds=2.0, clock=clock)
    issuer = TrustedIssuer(f"{gotrue.url}/auth/v1", "authenticated", {"ES256": keys, "RS256": keys})
    return IssuerTokenVerifier([issuer])


def token_of(gotrue: GoTrue, **headers: str) -> str:
    """Return a token the project signed."""
    return gotrue.sign(gotrue.claims(str(uuid4()), "sam@example.com", str(uuid4())), **headers)


class TestFetching:
    """When the key set is asked for."""

    def test_once_for_many_tokens(self, gotrue: GoTrue, clock: Clock) -> None:
        """Known keys verify without a call."""
        verifier = verifier_of(gotrue, clock)

        for _ in range(3):
            verifier.verify(token_of(gotrue))

        assert 1 == len(gotrue.requests)

    def test_never_for_another_algorithm(self, gotrue: GoTrue, clock: Clock) -> None:
        """What the issuer cannot have signed costs it nothing."""
        verifier = verifier_of(gotrue, clock)

        with pytest.raises(Unauthenticated):
            verifier.verify(Issuer(name="stranger").token())

        assert [] == gotrue.requests

    def test_rsa(self, clock: Clock) -> None:
        """A project that signs with RS256 is understood."""
        with serving(GoTrue(algorithm="RS256")) as gotrue:
            assert "sam@example.com" == verifier_of(gotrue, clock).verify(token_of(gotrue)).email

    def test_again_when_old(self, gotrue: GoTrue, clock: Clock) -> None:
        """A key that was withdrawn stops verifying within ten minutes."""
        verifier, token = verifier_of(gotrue, clock), token_of(gotrue)
        verifier.verify(token)
        gotrue.rotate_keys(keep=0)
        clock.seconds += 601

        with pytest.raises(Unauthenticated):
            verifier.verify(token)


class TestRotation:
    """A token names a key we have not seen."""

    def test_fetches_once(self, gotrue: GoTrue, clock: Clock) -> None:
        """A new key is found at once, and the old one still verifies."""
        verifier, old = verifier_of(gotrue, clock), token_of(gotrue)
        verifier.verify(old)
        gotrue.rotate_keys()

        verifier.verify(token_of(gotrue))
        verifier.verify(old)

        assert 2 == len(gotrue.requests)

    def test_is_rationed(self, gotrue: GoTrue, clock: Clock) -> None:
        """Made-up key ids cause one call in thirty seconds, not one each."""
        verifier = verifier_of(gotrue, clock)
        verifier.verify(token_of(gotrue))

        for _ in range(5):
            with pytest.raises(Unauthenticated):
                verifier.verify(token_of(gotrue, kid=str(uuid4())))
        assert 2 == len(gotrue.requests)

        clock.seconds += 31
        with pytest.raises(Unauthenticated):
            verifier.verify(token_of(gotrue, kid=str(uuid4())))
        assert 3 == len(gotrue.requests)

    def test_known_keys_are_not_held_up(self, gotrue: GoTrue, clock: Clock) -> None:
        """While made-up ids are rationed, real tokens verify."""
        verifier = verifier_of(gotrue, clock)
        for _ in range(2):
            with pytest.raises(Unauthenticated):
                verifier.verify(token_of(gotrue, kid="made up"))

        assert "sam@example.com" == verifier.verify(token_of(gotrue)).email


class TestIssuerInTrouble:
    """The issuer does not answer as it should."""

    def test_down(self, gotrue: GoTrue, clock: Clock) -> None:
        """With no keys at all nobody can be told apart, and that is not the caller's fault."""
        verifier, token = verifier_of(gotrue, clock), token_of(gotrue)
        gotrue.stop()

        with pytest.raises(IdentityUnavailable):
            verifier.verify(token)

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(),
            Fault(body=b"[]"),
            Fault(body=b'{"keys": 7}'),
            Fault(body=b'{"keys": [7]}'),
            Fault(body=b"\xff\xfe"),
            Fault(body=b'{"keys": []}' + b" " * 200_000),
            Fault(status=500),
            Fault(status=302),
            Fault(delay_seconds=5),
        ],
        ids=["html", "list", "number", "no key", "bytes", "huge", "error", "redirect", "slow"],
    )
    def test_nonsense(self, gotrue: GoTrue, clock: Clock, fault: Fault) -> None:
        """Whatever comes instead of a key set is the issuer's failure, not ours and not the caller's."""
        verifier, token = verifier_of(gotrue, clock), token_of(gotrue)
        gotrue.fault = fault

        with pytest.raises(IdentityUnavailable):
            verifier.verify(token)

    def test_recovers(self, gotrue: GoTrue, clock: Clock) -> None:
        """A second after a failure the issuer gets another chance."""
        verifier, token = verifier_of(gotrue, clock), token_of(gotrue)
        gotrue.fault = Fault(status=500)
        for _ in range(3):
            with pytest.raises(IdentityUnavailable):
                verifier.verify(token)
        assert 1 == len(gotrue.requests)
        gotrue.fault = None
        clock.seconds += 1.1

        assert "sam@example.com" == verifier.verify(token).email

    def test_old_keys_bridge_an_outage(self, gotrue: GoTrue, clock: Clock) -> None:
        """Keys we have verify for an hour while the issuer is down, and no longer."""
        verifier, token = verifier_of(gotrue, clock), token_of(gotrue)
        verifier.verify(token)
        gotrue.stop()

        clock.seconds += 3_000
        assert "sam@example.com" == verifier.verify(token).email

        clock.seconds += 601
        with pytest.raises(IdentityUnavailable):
            verifier.verify(token)


class TestLegacySecret:
    """Projects that still sign with a shared secret."""

    def test_beside_published_keys(self, clock: Clock) -> None:
        """A project that moves to signing keys has tokens of both kinds for a while."""
        with serving(GoTrue(algorithm="HS256")) as gotrue:
            keys = RemoteKeys(f"{gotrue.url}/auth/v1/.well-known/jwks.json", clock=clock)
            trusted = {"ES256": keys, "HS256": SharedSecret(gotrue.jwt_secret)}
            verifier = IssuerTokenVerifier([TrustedIssuer(f"{gotrue.url}/auth/v1", "authenticated", trusted)])
            before = token_of(gotrue)
            gotrue.algorithm = "ES256"

            after = token_of(gotrue)

            assert ["sam@example.com"] * 2 == [verifier.verify(token).email for token in (before, after)]
