"""How signing keys are read and published."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from tests.chassis.identity.conftest import Issuer, new_pem

from coachwork.chassis.errors import ConfigurationError
from coachwork.chassis.identity.issuers import local_issuer
from coachwork.chassis.identity.keys import signing_keys, thumbprint, usable_keys
from coachwork.chassis.identity.tokens import IssuerTokenVerifier


class TestSigningKeys:
    """Private keys, as AUTH_SIGNING_KEYS holds them."""

    def test_several(self) -> None:
        """Concatenated keys are read in their order."""
        first, second = new_pem(), new_pem()

        both = signing_keys(first + second)

        assert [signing_keys(first)[0].kid, signing_keys(second)[0].kid] == [key.kid for key in both]

    def test_on_one_line(self) -> None:
        r"""A console that stores line breaks as \n is understood."""
        pem = new_pem()

        assert signing_keys(pem)[0].kid == signing_keys(pem.replace("\n", "\\n"))[0].kid

    @pytest.mark.parametrize(
        "pem",
        [
            "no key",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            new_pem(ec.SECP384R1()),
            rsa.generate_private_key(public_exponent=65537, key_size=2048)
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            .decode(),
            ec.generate_private_key(ec.SECP256R1())
            .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
            .decode(),
        ],
        ids=["text", "garbage", "P-384", "RSA", "encrypted"],
    )
    def test_anything_else(self, pem: str) -> None:
        """What is no plain P-256 key is refused by the variable's name, without showing any of it."""
        with pytest.raises(ConfigurationError) as caught:
            signing_keys(pem)

        assert ["AUTH_SIGNING_KEYS"] == [problem.variable for problem in caught.value.problems]
        assert pem not in caught.value.detail

    def test_public_half(self) -> None:
        """What is published has no private part."""
        jwk = signing_keys(new_pem())[0].public_jwk

        assert {"kty", "crv", "x", "y", "kid", "alg", "use"} == set(jwk)


class TestThumbprint:
    """The ids of keys."""

    def test_depends_on_the_key_alone(self) -> None:
        """The members RFC 7638 names count, and no other. Source of the key: RFC 7517, appendix A.1."""
        jwk = {
            "kty": "EC",
            "crv": "P-256",
            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        }

        assert "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s" == thumbprint({**jwk, "kid": "1", "use": "enc"})


class TestRotation:
    """A new key comes in before it signs, the old one leaves when its tokens are gone."""

    def test_all_keys_verify(self) -> None:
        """Tokens of either key are good while both are configured."""
        old, new = Issuer(), Issuer()
        verifier = IssuerTokenVerifier([local_issuer([new.key, old.key], "coachwork")])

        assert [old.user_id, new.user_id] == [verifier.verify(one.token()).user_id for one in (old, new)]


class TestUsableKeys:
    """What is taken from a published set."""

    def test_leaves_the_rest_out(self) -> None:
        """Keys of other uses, kinds or shapes spoil nothing for the good one."""
        good = dict(signing_keys(new_pem())[0].public_jwk)
        others = [
            {},
            {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"},
            {**good, "use": "enc"},
            {**good, "alg": "none"},
            {**good, "alg": ["ES256"]},
            {**good, "alg": "HS256"},
            {**good, "x": 7},
            {**good, "x": "AAAA"},
            {"kty": "RSA", "n": "!", "e": "AQAB"},
            {"kty": "unheard of"},
        ]

        assert [good["kid"]] == [key.key_id for key in usable_keys([*others, good])]
