"""What a month uses at one level of traffic: measured where that was possible, assumed where not."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from deployment.cost.configuration import Function

_FILE = Path(__file__).with_name("assumptions.toml")
_HUNDRED = Decimal(100)
MONTH_HOURS = Decimal(730)
MONTH_SECONDS = MONTH_HOURS * 3600


@dataclass(frozen=True)
class Assumption:
    """A figure that was not measured, and why it is what it is."""

    name: str
    value: Decimal
    why: str


class AssumptionUnknown(LookupError):
    """There is no such assumption."""


class Assumptions:
    """The repository's assumptions, with `given` ones in their places."""

    def __init__(self, given: Mapping[str, Decimal] | None = None) -> None:
        listed = tomllib.loads(_FILE.read_text())
        self._all = {name: Assumption(name, Decimal(entry["value"]), entry["why"]) for name, entry in listed.items()}
        for name, value in (given or {}).items():
            if name not in self._all:
                raise AssumptionUnknown(f"there is no assumption {name}: {', '.join(sorted(self._all))}")
            self._all[name] = Assumption(name, value, "given")

    def __getitem__(self, name: str) -> Decimal:
        return self._all[name].value

    def share(self, name: str) -> Decimal:
        """Return an assumption that is a percentage, as a part of one."""
        return self[name] / _HUNDRED

    def listed(self) -> list[Assumption]:
        """Return all of them, in the order of their file."""
        return list(self._all.values())


@dataclass(frozen=True)
class Measured:
    """What a function's REPORT lines said of its invocations.

    Args:
        invocations: how many there were.
        mean_billed_ms: of one, its start included where there was one.
        cold_percent: of a hundred, how many started an instance.
    """

    invocations: int
    mean_billed_ms: Decimal
    cold_percent: Decimal


@dataclass(frozen=True)
class Work:
    """What one function does in a month, in invocations and seconds of them all; `why` says how that is known."""

    invocations: Decimal
    cold_starts: Decimal
    seconds: Decimal
    why: str


@dataclass(frozen=True)
class Usage:
    """A month.

    Args:
        requests: of the API.
        assumptions: for what nobody measured.
        measured: of each function there are REPORT lines of, by its name.
    """

    requests: int
    assumptions: Assumptions
    measured: Mapping[str, Measured]

    def of(self, percent: str) -> Decimal:
        """Return the share of the requests that an assumption names."""
        return self.requests * self.assumptions.share(percent)

    def knowledge_requests(self, has_knowledge: bool) -> Decimal:
        """Return the requests to the service knowledge."""
        return self.of("knowledge_percent") if has_knowledge else Decimal(0)

    def documents(self, has_knowledge: bool) -> Decimal:
        """Return the documents that are ingested."""
        return self.of("ingestion_percent") if has_knowledge else Decimal(0)

    def work(self, function: Function, *, functions: int, has_knowledge: bool) -> Work:
        """Return what `function` does, which is one of `functions`."""
        part = self._part(function, functions)
        ingestions = self.documents(has_knowledge) if function.is_knowledge or functions == 1 else Decimal(0)
        invocations = self.requests * part + ingestions
        if (found := self.measured.get(function.name)) is not None:
            seconds = invocations * found.mean_billed_ms / 1000
            cold = invocations * found.cold_percent / _HUNDRED
            why = f"measured: {found.mean_billed_ms:.0f} ms of {found.invocations} invocations, starts included"
            return Work(invocations, cold, seconds, why)
        return self._assumed(invocations, ingestions)

    def _part(self, function: Function, functions: int) -> Decimal:
        if functions == 1:
            return Decimal(1)
        share = self.assumptions.share("knowledge_percent")
        return share if function.is_knowledge else (1 - share) / (functions - 1)

    def _assumed(self, invocations: Decimal, ingestions: Decimal) -> Work:
        given = self.assumptions
        chats = (invocations - ingestions) * given.share("chat_percent")
        others = invocations - ingestions - chats
        cold = invocations * given.share("cold_percent")
        seconds = (
            chats * given["chat_seconds"]
            + others * given["request_seconds"]
            + ingestions * given["ingestion_seconds"]
            + cold * given["init_seconds"]
        )
        times = {"chat": "chat_seconds", "else": "request_seconds", "starts": "init_seconds"}
        why = f"assumed: {', '.join(f'{noun} {given[name]} s' for noun, name in times.items())}"
        return Work(invocations, cold, seconds, why)
