"""What ends a deployment early, each with words for the user and no stack trace.

DeploymentError
├── AlreadyRunning            another command changes the environment from this checkout
├── ConfigurationIncomplete   a setting the services need is missing or has no right form
├── CredentialsUnusable       there are none, they have expired, or they are another account's
├── Declined                  the user did not say yes
├── EnvironmentUnknown        there is no such environment, or its variables make no sense
├── NothingDeployed           there is nothing to look at, or to go back to
├── ReleaseFailed             the new version was not well, or could not be shifted to
├── StateLocked               somebody else works on the state, or did and was cut off
├── StepFailed                a step of it failed
└── ToolMissing               a program is missing or too old
"""


class DeploymentError(Exception):
    """Something the user can act on; the message says what."""


class AlreadyRunning(DeploymentError):
    """Another command changes the environment from this checkout."""


class ConfigurationIncomplete(DeploymentError):
    """A setting is missing or wrong; its value is in no message."""


class CredentialsUnusable(DeploymentError):
    """AWS does not know who is asking, or it is not who should."""


class Declined(DeploymentError):
    """Nothing was done, because nobody agreed to it."""


class EnvironmentUnknown(DeploymentError):
    """There is no such environment, or its variables make no sense."""


class NothingDeployed(DeploymentError):
    """What was asked about is not there."""


class ReleaseFailed(DeploymentError):
    """The new version does not serve callers; the message says which does."""


class StateLocked(DeploymentError):
    """The state is locked."""


class ToolMissing(DeploymentError):
    """A program is missing or too old; the message says how to get it."""


class StepFailed(DeploymentError):
    """A step failed; the message has its cause."""

    def __init__(self, step: str, cause: str) -> None:
        super().__init__(f"{step} failed:\n{_indented(cause)}")
        self.step = step


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line.strip() else "" for line in text.strip("\n").splitlines())
