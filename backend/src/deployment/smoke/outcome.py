"""What a smoke test is told, and what it tells."""

from dataclasses import dataclass, field

SKIPPED = "skipped: "
NOT_TRIED = "not tried: "


class BadUrl(ValueError):
    """The URL is none an API can be called at."""


@dataclass(frozen=True)
class Options:
    """What the test may use and what it is to expect.

    Args:
        admin_email: an administrator's account, for the upload of a video.
        admin_password: its password.
        admin_token: an administrator's access token, instead of the two.
        origin: the front end's origin, which CORS must let in; without it, that part is skipped.
        foreign_origin: an origin CORS must not let in.
        expects_docs: whether /docs is to answer, as it does outside production.
        expects_documents: whether the service knowledge is to be there; else its checks are skipped where it is not.
        has_gateway: whether requests come through one; a version that no caller has yet is asked past it.
        timeout_seconds: how long any answer may take; API Gateway waits 29 seconds for its function.
        guesses_passwords: whether to guess until that is refused; then no test runs from here for a quarter of an hour.
        ingestion_seconds: how long a document may take from one state to the end of its ingestion.
        seconds_after_failure: how long a turn or a document may take once a check has failed: the verdict is certain.
        tries: how often the application is asked whether it is alive while the gateway gets no answer of it.
        email: an existing account to use where nobody can register; its data is cleaned, the account is kept.
        password: its password.
    """

    admin_email: str = ""
    admin_password: str = field(default="", repr=False)
    admin_token: str = field(default="", repr=False)
    origin: str = ""
    foreign_origin: str = "https://attacker.example"
    expects_docs: bool = False
    expects_documents: bool = False
    guesses_passwords: bool = True
    has_gateway: bool = True
    timeout_seconds: float = 35
    ingestion_seconds: float = 90
    seconds_after_failure: float = 20
    tries: int = 5
    email: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Check:
    """One check: what was seen, or in `failure` what was wrong, line by line; no failure is success."""

    name: str
    seconds: float
    requests: int
    note: str
    failure: str

    @property
    def is_skipped(self) -> bool:
        """Whether an option it needs was not given."""
        return self.note.startswith(SKIPPED)

    @property
    def is_not_tried(self) -> bool:
        """Whether a check it builds on had failed."""
        return self.note.startswith(NOT_TRIED)


@dataclass(frozen=True)
class Outcome:
    """All checks in their order, and how many requests they took."""

    checks: tuple[Check, ...]
    requests: int

    @property
    def failures(self) -> tuple[Check, ...]:
        """Those that failed."""
        return tuple(check for check in self.checks if check.failure)
