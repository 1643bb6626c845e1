"""Numbers as they are shown: samples with their spread, targets, sections of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any


@dataclass(frozen=True)
class Sample:
    """Repeated measurements of one thing: the middle, and the lowest and highest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Sample":
        """Summarise `values`, of which there is at least one."""
        return cls(median(values), min(values), max(values))

    def shown(self, digits: int = 0) -> str:
        """Return it as `middle (lowest to highest)`."""
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


@dataclass(frozen=True)
class Target:
    """What was aimed at, and what was measured."""

    name: str
    measured: float
    at_most: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether it was reached in this run."""
        return self.measured <= self.at_most


@dataclass(frozen=True)
class Section:
    """One table of the report and the same for machines; `note` says how it was measured."""

    key: str
    title: str
    note: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Mapping[str, Any]
    targets: Sequence[Target] = field(default=())


def percentile_95(values: Sequence[float]) -> float:
    """Return the value that 95 of 100 stay under; `values` are at least two."""
    return quantiles(values, n=20)[-1]


def ratio(values: Sequence[float], to: Sequence[float]) -> float:
    """Return the median of the rounds' own ratios: a machine that slows down for a while slows both."""
    return median(one / other for one, other in zip(values, to, strict=True))
