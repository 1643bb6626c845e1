"""What ends a rehearsal early, each with words for the user and no stack trace.

RehearsalError
├── AlreadyRunning   another rehearsal stands or runs in the same folder
├── NotRunning    there is nothing to end
├── WorkspaceUnusable    the folder cannot be written to
├── PortTaken        the port asked for is taken, or is none
└── StepFailed       a step of it failed
"""


class RehearsalError(Exception):
    """Something the user can act on; the message says what."""


class AlreadyRunning(RehearsalError):
    """Two rehearsals at once would share one folder."""


class NotRunning(RehearsalError):
    """No rehearsal was left standing."""


class WorkspaceUnusable(RehearsalError):
    """Nothing can be kept where a rehearsal keeps its things."""


class PortTaken(RehearsalError):
    """The port cannot be served on."""


class StepFailed(RehearsalError):
    """A step failed; the message has its cause."""

    def __init__(self, step: str, cause: str) -> None:
        super().__init__(f"{step} failed:\n{_indented(cause)}")
        self.step = step


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else "" for line in text.strip("\n").splitlines())
