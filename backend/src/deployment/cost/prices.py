"""The price list: dated data of this repository, read and never fetched."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

BASE_REGION = "us-east-1"
_FILE = Path(__file__).with_name("prices.toml")
_MEMORY = "memory"
_MILLION = Decimal(1_000_000)


@dataclass(frozen=True)
class Price:
    """What one unit costs in US dollars.

    Args:
        name: its name in the list.
        amount: for one `unit`.
        unit: what is counted.
        free: how many units are free each month, for ever.
        region: whose price it is; the base region's where the list has no other.
        source: what says so.
        seen: when that read it, as year-month; "memory" when no source was found.
    """

    name: str
    amount: Decimal
    unit: str
    free: Decimal
    region: str
    source: str
    seen: str

    @property
    def is_verified(self) -> bool:
        """Whether a source was found for it."""
        return self.seen != _MEMORY


class PriceUnknown(LookupError):
    """The list has no such price."""


class PriceList:
    """The prices of a region.

    Args:
        region: such as eu-central-1; where the list knows no price of its own for it, the base region's is taken.
        listed: the list, as its file has it.
    """

    def __init__(self, region: str, listed: Mapping[str, Any] | None = None) -> None:
        self.region = region
        self._listed = listed if listed is not None else tomllib.loads(_FILE.read_text())
        self.retrieved = str(self._listed["retrieved"])

    def price(self, name: str) -> Price:
        """Return a price; raises `PriceUnknown`."""
        try:
            entry = self._listed["prices"][name]
        except KeyError:
            raise PriceUnknown(f"the price list has no {name}") from None
        own = entry.get("regions", {}).get(self.region)
        found = {"amount": entry["base"], "source": entry["source"], "seen": entry["seen"], **(own or {})}
        return Price(
            name=name,
            amount=Decimal(found["amount"]),
            unit=entry["unit"],
            free=Decimal(entry.get("free", "0")),
            region=self.region if own else BASE_REGION,
            source=found["source"],
            seen=found["seen"],
        )

    def tokens(self, model: str, kind: str) -> Price:
        """Return what one token of `kind` (input or output) of a model costs; raises `PriceUnknown`."""
        entry = self._listed["models"].get(model, {})
        if kind not in entry:
            known = ", ".join(sorted(self._listed["models"]))
            raise PriceUnknown(f"the price list has no {kind} tokens of {model}; it knows {known}")
        amount = Decimal(entry[kind]) / _MILLION
        return Price(f"{model} {kind}", amount, "token", Decimal(0), "everywhere", entry["source"], entry["seen"])
