"""Rows of an export under ids of their own in the account they are restored to, and text a spreadsheet only shows."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

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


def shown_as_text(cell: str) -> str:
    """Return a cell no spreadsheet runs as a formula: an apostrophe stands before what looks like one.

    Source: OWASP, "CSV Injection".
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
