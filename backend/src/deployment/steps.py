"""The steps of a command: shown while they are at work, remembered when they are done, explained when they fail."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from deployment.account import EXPIRED_WORDS, credentials_problem, expired
from deployment.errors import CredentialsUnusable, DeploymentError, StateLocked, StepFailed, ToolMissing
from deployment.image.errors import BuilderMissing, ImageError
from deployment.progress import Progress
from deployment.terraform.events import error_diagnostics
from deployment.terraform.program import TerraformFailed, TerraformUnusable

_LOCK = {
    name: re.compile(rf"^\s*[│|]?\s*{name}:\s+(\S.*)$", re.MULTILINE) for name in ("ID", "Operation", "Who", "Created")
}
_NOT_STORED = "Failed to persist state to backend"
_KEPT = (
    "\nNor could state be stored: what was made by then is written down below build/ on this machine. The same command,"
    " run from here, stores it first, and takes the lock of this run away."
)

Note = Callable[[str], None]
"""Is told how far a step is."""


class Steps:
    """Shows steps, and knows which are done.

    Args:
        display: shows them.
        environment: what ENV says, for the commands in messages.
    """

    def __init__(self, display: Progress, environment: str) -> None:
        self._display = display
        self._environment = environment
        self.done: list[str] = []
        self.at_work = ""

    @contextmanager
    def step(self, name: str) -> Iterator[Note]:
        """Show a step; yields what notes how far it is.

        Raises:
            DeploymentError: what ended it, in words.
        """
        last = [""]

        def note(words: str) -> None:
            last[0] = words
            self._display.note(name, words)

        self._display.begin(name)
        self.at_work = name
        try:
            yield note
        except (BotoCoreError, ClientError, TerraformFailed, TerraformUnusable, ImageError) as error:
            raise self._explained(name, error) from error
        self._display.end(name, last[0])
        self.at_work = ""
        self.done.append(name)

    def _explained(self, step: str, error: Exception) -> DeploymentError:
        if isinstance(error, TerraformFailed):
            return self._of_terraform(step, str(error))
        if isinstance(error, TerraformUnusable | BuilderMissing):
            return ToolMissing(str(error))
        if isinstance(error, ImageError):
            return StepFailed(step, str(error))
        return credentials_problem(error) or StepFailed(step, f"AWS: {error}")

    def _of_terraform(self, step: str, said: str) -> DeploymentError:
        kept = _KEPT if _NOT_STORED in said else ""
        if any(words in said for words in EXPIRED_WORDS):
            return CredentialsUnusable(f"{expired()}{kept}")
        told = error_diagnostics(said)
        if "Error acquiring the state lock" in told:
            return StateLocked(lock_words(told, self._environment))
        return StepFailed(step, f"{told}{kept}")


def lock_words(said: str, environment: str) -> str:
    """Return who holds a lock, and how to take it away."""
    found = {name: match[1].strip() for name, pattern in _LOCK.items() if (match := pattern.search(said))}
    lock_id = found.get("ID", "unknown")
    return (
        f"the state of {environment} is locked since {found.get('Created', 'an unknown time')} by"
        f" {found.get('Who', 'somebody')} ({found.get('Operation', 'unknown operation')}), lock {lock_id}.\n"
        "If that run still works, wait for it. If it was cut off, take its lock away and run this again:\n"
        f"    make unlock ENV={environment} LOCK={lock_id}"
    )
