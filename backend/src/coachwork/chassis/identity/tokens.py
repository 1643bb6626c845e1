"""Verification of access tokens: who issued it decides which keys, algorithms and audience count."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

import jwt
from jwt.exceptions import ExpiredSignatureError, ImmatureSignatureError, PyJWTError

from coachwork.chassis.errors import Unauthenticated
from coachwork.chassis.identity.keys import KeySource
from coachwork.chassis.identity.port import Principal

MAX_TOKEN_CHARACTERS = 8_192
"""API Gateway passes 10,240 bytes of headers in all, so a longer token cannot be meant for us."""

_LEEWAY_SECONDS = 10
_INVALID = "The access token is not valid"


@dataclass(frozen=True)
class TrustedIssuer:
    """An issuer, and the keys for each algorithm it may sign with; no other algorithm is tried."""

    issuer: str
    audience: str
    keys: Mapping[str, KeySource]


class IssuerTokenVerifier:
    """Verifies tokens of the issuers it trusts: signature, algorithm, issuer, audience, times and subject."""

    def __init__(self, issuers: Iterable[TrustedIssuer]) -> None:
        self._issuers = {trusted.issuer: trusted for trusted in issuers}

    def prepare(self) -> None:
        """Import what the first signature wants; use none of its randomness."""
        import_module("cryptography.hazmat.backends.openssl.backend")

    def verify(self, token: str) -> Principal:
        """Return the principal the token proves.

        Raises:
            Unauthenticated: it proves nothing; the detail never repeats any of it.
            IdentityUnavailable: the issuer's keys cannot be fetched.
        """
        if len(token) > MAX_TOKEN_CHARACTERS:
            raise Unauthenticated("The access token is too long")
        try:
            claims = self._verified_claims(token)
        except ExpiredSignatureError as error:
            raise Unauthenticated("The access token has expired") from error
        except ImmatureSignatureError as error:
            raise Unauthenticated("The access token is not valid yet") from error
        except (PyJWTError, ValueError, RecursionError) as error:  # deep nesting exhausts the JSON parser
            raise Unauthenticated(_INVALID) from error
        return _principal(claims)

    def _verified_claims(self, token: str) -> dict[str, Any]:
        unverified = jwt.decode_complete(token, options={"verify_signature": False})
        name, header = unverified["payload"].get("iss"), unverified["header"]
        trusted = self._issuers.get(name) if isinstance(name, str) else None
        algorithm = header.get("alg")
        source = trusted.keys.get(algorithm) if trusted and isinstance(algorithm, str) else None
        key = source.find(header.get("kid"), algorithm) if source else None
        if trusted is None or key is None:
            raise Unauthenticated(_INVALID)
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=trusted.audience,
            issuer=trusted.issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud", "sub"], "enforce_minimum_key_length": True},
        )


def _principal(claims: dict[str, Any]) -> Principal:
    try:
        user_id = UUID(claims["sub"])
    except ValueError as error:
        raise Unauthenticated(_INVALID) from error
    try:
        json.dumps(claims, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:  # half a character, which neither Postgres nor an answer can hold
        raise Unauthenticated(_INVALID) from error
    email = claims.get("email")
    return Principal(user_id, email if isinstance(email, str) and email else None, claims)
