"""Argon2id hashes of passwords, and the same work for accounts that do not exist."""

from base64 import b64encode
from secrets import token_bytes

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Source: OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, 2 passes, 1 lane. The memory fits the smallest
# function forty times over, and one lane starts no threads.
_MEMORY_KIB, _PASSES, _LANES = 19_456, 2, 1


class Passwords:
    """Hashes and verifies; the defaults are what new hashes get, older ones are renewed at the next sign-in."""

    def __init__(self, memory_kib: int = _MEMORY_KIB, passes: int = _PASSES, lanes: int = _LANES) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        salt, digest = (_encoded(token_bytes(size)) for size in (self._hasher.salt_len, self._hasher.hash_len))
        self._nobodys_hash = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${digest}"

    def hash(self, password: str) -> str:
        """Return an encoded hash with a salt of its own."""
        return self._hasher.hash(password)

    def matches(self, encoded: str | None, password: str) -> bool:
        """Whether the password is the hashed one; takes as long when there is no hash, and answers no."""
        try:
            return self._hasher.verify(encoded or self._nobodys_hash, password) and encoded is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, encoded: str) -> bool:
        """Whether the hash was made with other parameters than new ones are."""
        return self._hasher.check_needs_rehash(encoded)


def _encoded(value: bytes) -> str:
    return b64encode(value).decode().rstrip("=")
