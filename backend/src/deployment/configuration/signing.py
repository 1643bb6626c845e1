"""The keys that sign access tokens: P-256 private keys, one after another in PEM form."""

import re

_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.+?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
_WANTS = "wants one or more P-256 private keys in PEM form"


def new_key() -> str:
    """Return a new private key."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def problem_with(value: str) -> str:
    """Return what is wrong with these keys; empty when nothing is."""
    found = _PEM.findall(value)
    if not found or _PEM.sub("", value).strip():
        return _WANTS
    return next((wrong for pem in found if (wrong := _problem_with_one(pem))), "")


def _problem_with_one(pem: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        return f"{_WANTS}, without a password"
    return "" if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name == "secp256r1" else _WANTS
