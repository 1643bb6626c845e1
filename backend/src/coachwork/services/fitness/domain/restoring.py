"""Rows of an export, under ids of their own in the account they are restored to; and text a spreadsheet only shows."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from coachwork.services.fitness.domain.logs import is_plausible

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Ids:
    """New ids for an export's: the same for the same id and account, so a second restore finds the first.

    Source: RFC 9562, section 5.5 (names hashed within a namespace, here the account's id).
    """

    def __init__(self, exporter: UUID, account: UUID) -> None:
        self._account = account
        self._is_same = exporter == account

    def of(self, value: UUID) -> UUID:
        """Return what an id becomes; in the account it came from it stays."""
        return value if self._is_same else uuid5(self._account, str(value))

    def renamed(self, value: Any) -> Any:
        """Return a row, or what is in it, with every id in it become its own; also those that a tool's result names."""
        if isinstance(value, UUID):
            return self.of(value)
        if isinstance(value, Mapping):
            return {name: self._named(name, part) for name, part in value.items()}
        return [self.renamed(part) for part in value] if isinstance(value, list | tuple) else value

    def _named(self, name: str, value: Any) -> Any:
        is_text = name.endswith("_id") and isinstance(value, str) and _UUID.fullmatch(value)
        return str(self.of(UUID(value))) if is_text else self.renamed(value)


def implausible_times(row: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """Yield the fields of an exported row with a time that nothing here can have: before 1950, or a day after `now`.

    Near the calendar's ends a time is also one that Postgres takes in one zone and nobody can read in another.
    """
    for name, value in row.items():
        times = value if isinstance(value, list) else [value]
        if any(isinstance(one, datetime) and not is_plausible(one, now) for one in times):
            yield name


def shown_as_text(cell: str) -> str:
    """Return a cell no spreadsheet runs as a formula: an apostrophe stands before what looks like one.

    Source: OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
