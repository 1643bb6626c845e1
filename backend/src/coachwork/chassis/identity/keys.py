"""Keys that verify tokens, each bound to the one algorithm it may be used with."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps, loads
from typing import Any, Protocol

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt import PyJWK
from jwt.algorithms import ECAlgorithm
from jwt.exceptions import PyJWTError
from jwt.utils import base64url_encode

from coachwork.chassis.errors import ConfigurationError, VariableProblem

_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_PUBLISHED = (None, "ES256", "RS256")
_WANTED = "wants one or more P-256 private keys in PEM form, unencrypted"


class KeySource(Protocol):
    """Finds the key a token names."""

    def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """Return the key for exactly this algorithm, or None; a token without `kid` fits a lone key.

        Raises `IdentityUnavailable` when the keys cannot be had.
        """


class StaticKeys:
    """Public keys known from the start."""

    def __init__(self, keys: Iterable[Mapping[str, Any]]) -> None:
        self._keys = usable_keys(keys)

    def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """Return the key of this id and algorithm."""
        return match(self._keys, kid, algorithm)


class SharedSecret:
    """One secret both sides know (HS256), whatever `kid` the token names."""

    def __init__(self, secret: str) -> None:
        self._key = PyJWK({"kty": "oct", "k": base64url_encode(secret.encode()).decode()}, "HS256")

    def find(self, kid: str | None, algorithm: str) -> PyJWK | None:  # noqa: ARG002  there is one key only
        """Return the secret, for HS256 alone."""
        return self._key if algorithm == self._key.algorithm_name else None


@dataclass(frozen=True)
class SigningKey:
    """A private P-256 key; its id is the thumbprint of its public half, so equal keys have equal ids."""

    private_key: EllipticCurvePrivateKey
    public_jwk: Mapping[str, Any]

    @property
    def kid(self) -> str:
        """The key's id in token headers and in the key set."""
        return str(self.public_jwk["kid"])


def signing_keys(pems: str) -> Sequence[SigningKey]:
    """Read concatenated PEMs: the first signs, all verify, so a key rotates in before it signs and out after.

    Raises:
        ConfigurationError: one of them is no unencrypted P-256 private key.
    """
    blocks = _PEM.findall(pems.replace("\\n", "\n"))  # many consoles store a line break as backslash and n
    if not blocks:
        raise ConfigurationError([VariableProblem("AUTH_SIGNING_KEYS", _WANTED)])
    return [_signing_key(block) for block in blocks]


def usable_keys(keys: Iterable[Mapping[str, Any]]) -> Sequence[PyJWK]:
    """Return the public signature keys among `keys`; what this library cannot use is left out, as RFC 7517 asks."""
    usable = []
    for key in keys:
        # a symmetric key in a published set is no secret, so it verifies nothing
        if key.get("use", "sig") != "sig" or key.get("kty") == "oct" or key.get("alg") not in _PUBLISHED:
            continue
        try:
            usable.append(PyJWK(dict(key)))
        except (PyJWTError, TypeError, ValueError):
            continue
    return usable


def match(keys: Sequence[PyJWK], kid: str | None, algorithm: str) -> PyJWK | None:
    """Return the key of this id and algorithm; without an id, the only key of the algorithm."""
    fitting = [key for key in keys if key.algorithm_name == algorithm and kid in (None, key.key_id)]
    return fitting[0] if len(fitting) == 1 else None


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the SHA-256 thumbprint of an elliptic curve key. Source: RFC 7638, section 3."""
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    canonical = dumps(members, sort_keys=True, separators=(",", ":")).encode()
    return base64url_encode(sha256(canonical).digest()).decode()


def _signing_key(pem: str) -> SigningKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as error:  # garbage, or encrypted
        raise ConfigurationError([VariableProblem("AUTH_SIGNING_KEYS", _WANTED)]) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise ConfigurationError([VariableProblem("AUTH_SIGNING_KEYS", _WANTED)])
    jwk = loads(ECAlgorithm.to_jwk(key.public_key()))
    return SigningKey(key, {**jwk, "kid": thumbprint(jwk), "alg": "ES256", "use": "sig"})
