"""What the checks of one run share: the deployment, the accounts, and what is to be removed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from deployment.smoke.answer import Answer
from deployment.smoke.client import ApiClient
from deployment.smoke.failures import NotTried
from deployment.smoke.outcome import Options

Undo = Callable[[], Answer]
"""Removes or restores one thing; its answer is 2xx, or 404 when there is nothing to do."""


@dataclass
class Account:
    """An account of the test's; `token` is empty until it has signed in."""

    email: str
    password: str = field(repr=False)
    is_kept: bool = False
    token: str = field(default="", repr=False)

    @classmethod
    def generated(cls) -> "Account":
        """Return a throw-away account nobody has yet."""
        return cls(f"smoke-{secrets.token_hex(8)}@example.com", secrets.token_urlsafe(24))

    @property
    def credentials(self) -> dict[str, str]:
        """What it signs in with."""
        return {"email": self.email, "password": self.password}


class CheckContext:
    """One run's state.

    Args:
        client: the deployment.
        options: what the run was told.
    """

    def __init__(self, client: ApiClient, options: Options) -> None:
        self.client = client
        self.options = options
        self.mark = secrets.token_hex(6)
        """Part of every name the run gives."""
        self.account: Account | None = None
        self.admin: Account | None = None
        self.stranger = Account.generated()
        """Never registered: its failed sign-ins are counted, and shut nobody out."""
        self.strangers_failures = 0
        self.workout_id = ""
        self.log_id = ""
        self.document_id = ""
        self.created_accounts: list[Account] = []
        """Accounts to delete: noted before they are registered, so that none is forgotten."""
        self.undo: dict[str, Undo] = {}
        """What deleting those accounts does not remove, by its name."""
        self.has_failed = False
        """Whether a check has failed."""

    def token(self) -> str:
        """Return the account's token; raises `NotTried` when nobody has signed in."""
        if self.account is None or not self.account.token:
            raise NotTried("nobody is signed in")
        return self.account.token

    def patience_seconds(self, longest: float) -> float:
        """Return how long to wait for what goes on in the background: less where the verdict is certain."""
        return min(longest, self.options.seconds_after_failure) if self.has_failed else longest

    def add_cleanup(self, name: str, undo: Undo) -> None:
        """Undo this at the end, unless deleting the account does."""
        if self.account is None or self.account.is_kept:
            self.undo[name] = undo
