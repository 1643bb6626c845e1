"""What `GetAuthorizationToken` gave out, each for the registry of one account in one region.

Source: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_AuthorizationData.html
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

USER = "AWS"
_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Whose:
    """The registry that a password opens."""

    account: str
    region: str


class Passwords:
    """Gives passwords out and knows them until they end.

    Args:
        now: the time, aware.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = Lock()
        self._given: dict[str, tuple[Whose, datetime]] = {}

    def give(self, whose: Whose) -> tuple[str, datetime]:
        """Return a new password, and when it ends."""
        password, ends = secrets.token_urlsafe(48), self._now() + _LIFETIME
        with self._lock:
            self._given[password] = (whose, ends)
        return password, ends

    def whose(self, user: str, password: str) -> Whose | None:
        """Return whose registry these open; None where they open none."""
        with self._lock:
            whose, ends = self._given.get(password, (None, self._now()))
        return whose if user == USER and self._now() < ends else None


passwords = Passwords()
"""Those of this local AWS."""
