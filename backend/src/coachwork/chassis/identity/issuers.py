"""The issuers we can trust; verifying their tokens loads neither the SDK nor the password hasher."""

from collections.abc import Sequence

from coachwork.chassis.identity.keys import KeySource, SharedSecret, SigningKey, StaticKeys
from coachwork.chassis.identity.tokens import TrustedIssuer

AUDIENCE = "authenticated"
"""The audience of every user's token, as Supabase names it."""


def local_issuer(keys: Sequence[SigningKey], issuer: str) -> TrustedIssuer:
    """Return what a verifier needs to trust tokens signed with these keys."""
    return TrustedIssuer(issuer, AUDIENCE, {"ES256": StaticKeys(key.public_jwk for key in keys)})


def supabase_issuer(project_url: str, jwt_secret: str | None = None) -> TrustedIssuer:
    """Return what a verifier needs to trust a project's tokens.

    Args:
        project_url: the project's, like https://abc.supabase.co.
        jwt_secret: the legacy shared secret; without it no HS256 token is accepted.
    """
    from coachwork.chassis.identity.remote_keys import RemoteKeys  # an HTTP client, which local tokens never need

    issuer = f"{project_url}/auth/v1"
    published = RemoteKeys(f"{issuer}/.well-known/jwks.json")
    keys: dict[str, KeySource] = {"ES256": published, "RS256": published}
    if jwt_secret:
        keys["HS256"] = SharedSecret(jwt_secret)
    return TrustedIssuer(issuer, AUDIENCE, keys)
