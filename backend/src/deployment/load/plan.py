"""What a run of load is told, and what the program that sends it is handed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True)
class Person:
    """An account that users sign in with; `is_kept` is one that was given, and outlives the run."""

    email: str
    password: str = field(repr=False)
    is_kept: bool = False

    @property
    def credentials(self) -> dict[str, str]:
        """What it signs in with."""
        return {"email": self.email, "password": self.password}


@dataclass(frozen=True)
class Plan:
    """One run.

    Args:
        url: where the API is, its stage included, without a slash at its end.
        users: how many there are at once when all have come.
        seconds: for how long requests are begun, from the first user on.
        ramp_seconds: over how long users come, one after another.
        pause_seconds: how long a user thinks between two requests, give or take a half.
        timeout_seconds: how long a request may take before it has failed.
        chat_percent: the share of requests that ask the coach, which costs tokens.
        most_chats: how many such requests there are in all.
        most_documents: how many small PDFs are uploaded in all.
        has_documents: whether the deployment serves documents.
    """

    url: str
    users: int = 10
    seconds: float = 30.0
    ramp_seconds: float = 5.0
    pause_seconds: float = 1.0
    timeout_seconds: float = 35.0
    chat_percent: float = 2.0
    most_chats: int = 20
    most_documents: int = 5
    has_documents: bool = True


@dataclass(frozen=True)
class Job:
    """A plan with the people who carry it out: what the sending program reads from its standard input."""

    plan: Plan
    people: Sequence[Person]

    def written(self) -> str:
        """Return it as one line of JSON, passwords included: for a pipe, never for a file or a command line."""
        return json.dumps({"plan": asdict(self.plan), "people": [asdict(person) for person in self.people]})

    @classmethod
    def read(cls, line: str) -> Self:
        """Return what `written` wrote."""
        told = json.loads(line)
        return cls(Plan(**told["plan"]), [Person(**person) for person in told["people"]])
