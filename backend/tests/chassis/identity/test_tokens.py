"""Which tokens prove who somebody is, and which prove nothing."""

import json
from base64 import urlsafe_b64encode
from time import time
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.chassis.identity.conftest import Issuer

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.identity.keys import SharedSecret, StaticKeys
from coachwork.chassis.identity.tokens import MAX_TOKEN_CHARACTERS, IssuerTokenVerifier, TrustedIssuer

SECRET = "a shared secret of at least thirty-two bytes"


def encoded(part: object) -> str:
    """Return one segment of a token."""
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return urlsafe_b64encode(raw).decode().rstrip("=")


class TestAcceptable:
    """Tokens that prove who somebody is."""

    def test_gives_the_principal(self, issuer: Issuer) -> None:
        """The subject becomes the user's id, and the claims come along for row level security."""
        principal = issuer.verifier().verify(issuer.token(session_id="s"))

        assert issuer.user_id == principal.user_id
        assert "sam@example.com" == principal.email
        assert "s" == principal.claims["session_id"]

    def test_without_an_address(self, issuer: Issuer) -> None:
        """An account may have no e-mail address."""
        assert issuer.verifier().verify(issuer.token(email="")).email is None

    def test_clocks_may_differ_by_seconds(self, issuer: Issuer) -> None:
        """A token from an issuer whose clock is a little ahead is good."""
        ahead = int(time()) + 5

        assert issuer.user_id == issuer.verifier().verify(issuer.token(nbf=ahead, iat=ahead)).user_id

    def test_audience_among_several(self, issuer: Issuer) -> None:
        """A token may be meant for others as well."""
        token = issuer.token(aud=["authenticated", "another"])

        assert issuer.user_id == issuer.verifier().verify(token).user_id

    def test_shared_secret(self, issuer: Issuer) -> None:
        """An issuer with a shared secret is verified with it, whatever key the token names."""
        verifier = IssuerTokenVerifier([TrustedIssuer("old", "authenticated", {"HS256": SharedSecret(SECRET)})])
        token = jwt.encode(issuer.claims(iss="old"), SECRET, "HS256", {"kid": "any"})

        assert issuer.user_id == verifier.verify(token).user_id

    def test_each_issuer_has_its_own_keys(self, issuer: Issuer) -> None:
        """One issuer's key does not speak for another issuer."""
        other = Issuer(name="other")
        verifier = IssuerTokenVerifier(
            [
                TrustedIssuer(one.name, "authenticated", {"ES256": StaticKeys([one.key.public_jwk])})
                for one in (issuer, other)
            ]
        )

        assert other.user_id == verifier.verify(other.token()).user_id
        with pytest.raises(Unauthenticated):
            verifier.verify(issuer.token(iss="other"))


class TestForged:
    """Tokens somebody made without the key."""

    def test_signature_of_another_key(self, issuer: Issuer) -> None:
        """The right key id with the wrong signature proves nothing."""
        forged = jwt.encode(issuer.claims(), Issuer().key.private_key, "ES256", {"kid": issuer.key.kid})

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(forged)

    def test_changed_claims(self, issuer: Issuer) -> None:
        """A signature does not carry over to other claims."""
        header, _, signature = issuer.token().split(".")
        claims = encoded(issuer.claims(sub=str(uuid4())))

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(f"{header}.{claims}.{signature}")

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
    def test_no_signature(self, issuer: Issuer, algorithm: str) -> None:
        """An unsigned token proves nothing, however its algorithm is spelt."""
        header = encoded({"alg": algorithm, "typ": "JWT", "kid": issuer.key.kid})

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(f"{header}.{encoded(issuer.claims())}.")

    def test_public_key_as_shared_secret(self, issuer: Issuer) -> None:
        """HS256 with the published key as its secret proves nothing, although that key verifies ES256."""
        public = issuer.key.private_key.public_key()
        for secret in (
            public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
            json.dumps(dict(issuer.key.public_jwk)).encode(),
        ):
            signing_input = f"{encoded({'alg': 'HS256', 'kid': issuer.key.kid})}.{encoded(issuer.claims())}"
            signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
                signing_input.encode(), secret
            )
            with pytest.raises(Unauthenticated):
                issuer.verifier().verify(f"{signing_input}.{encoded(signature)}")

    def test_algorithm_the_issuer_does_not_use(self, issuer: Issuer) -> None:
        """A well-signed token of another algorithm is refused by the allow-list."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(jwt.encode(issuer.claims(), key, "RS256", {"kid": issuer.key.kid}))

    def test_key_in_the_header(self, issuer: Issuer) -> None:
        """A key the token brings along is not looked at."""
        forger = Issuer()
        header = {"kid": forger.key.kid, "jwk": dict(forger.key.public_jwk), "jku": "http://127.0.0.1:9/keys"}

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(jwt.encode(issuer.claims(), forger.key.private_key, "ES256", header))


class TestWrongClaims:
    """Tokens the issuer signed, but not for this, or not for now."""

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "somebody else"},
            {"iss": None},
            {"iss": ["coachwork"]},
            {"aud": "another"},
            {"aud": None},
            {"aud": []},
            {"aud": {"authenticated": True}},
            {"exp": None},
            {"exp": "soon"},
            {"nbf": "never"},
            {"sub": None},
            {"sub": "admin"},
            {"sub": ""},
            {"sub": 7},
        ],
    )
    def test_refused(self, issuer: Issuer, changed: dict[str, object]) -> None:
        """Issuer, audience, times and a UUID as subject are all wanted."""
        claims = issuer.claims(**changed)
        payload = f"{encoded({'alg': 'ES256', 'kid': issuer.key.kid})}.{encoded(claims)}"
        signature = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(
            payload.encode(), issuer.key.private_key
        )

        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(f"{payload}.{encoded(signature)}")

    def test_expired(self, issuer: Issuer) -> None:
        """An expired token says so, for front ends to refresh."""
        with pytest.raises(Unauthenticated) as caught:
            issuer.verifier().verify(issuer.token(exp=int(time()) - 60))

        assert "The access token has expired" == caught.value.detail

    @pytest.mark.parametrize("claim", ["nbf", "iat"])
    def test_from_the_future(self, issuer: Issuer, claim: str) -> None:
        """A token does not work before its time."""
        with pytest.raises(Unauthenticated) as caught:
            issuer.verifier().verify(issuer.token(**{claim: int(time()) + 600}))

        assert "The access token is not valid yet" == caught.value.detail


class TestMalformed:
    """What is no token at all."""

    @pytest.mark.parametrize(
        "token",
        [
            "",
            ".",
            "..",
            "a.b.c",
            "Bearer x",
            "é.é.é",
            "\x00",
            "[].[].[]",
            f"{encoded([])}.{encoded([])}.",
            f"{encoded({'alg': ['ES256']})}.{encoded({'iss': 'coachwork'})}.AAAA",
            f"{encoded({'alg': 'ES256', 'kid': 7})}.{encoded({'iss': 'coachwork'})}.AAAA",
            f"{encoded({'alg': 'ES256', 'kid': {}})}.{encoded({'iss': 'coachwork'})}.AAAA",
            f"{encoded(b'[' * 2900)}.{encoded({})}.AAAA",
            f"{encoded({'alg': 'ES256'})}.{encoded(b'[' * 2900)}.AAAA",
            f"{encoded({'alg': 'ES256'})}.{encoded(b'9' * 5000)}.AAAA",
            f"{encoded({'alg': 'ES256'})}.{encoded(bytes([0xFF, 0xFE]))}.AAAA",
        ],
    )
    def test_refused(self, issuer: Issuer, token: str) -> None:
        """Garbage of any kind is refused, never a failure of ours."""
        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(token)

    @pytest.mark.parametrize("claims", [{"email": "\ud800@example.com"}, {"user_metadata": {"\udfff": [1]}}])
    def test_half_a_character(self, issuer: Issuer, claims: dict[str, object]) -> None:
        """Claims with text that is none prove nothing, whoever signed them: no answer and no database can hold it."""
        with pytest.raises(Unauthenticated):
            issuer.verifier().verify(issuer.token(**claims))

    def test_huge(self, issuer: Issuer) -> None:
        """A token no gateway would pass is refused before it is read, even when it is well signed."""
        with pytest.raises(Unauthenticated) as caught:
            issuer.verifier().verify(issuer.token(padding="x" * MAX_TOKEN_CHARACTERS))

        assert "The access token is too long" == caught.value.detail

    def test_detail_tells_nothing(self, issuer: Issuer) -> None:
        """The answer repeats nothing of the token."""
        with pytest.raises(Unauthenticated) as caught:
            issuer.verifier().verify(issuer.token(aud="my-secret-audience"))

        assert "The access token is not valid" == caught.value.detail
