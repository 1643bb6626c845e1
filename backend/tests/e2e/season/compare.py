"""Compares what the API showed with what the ledger says, figure by figure, and counts the figures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Near:
    """An exact figure, which is shown rounded to so many digits."""

    exact: Fraction | float
    digits: int = 1

    def __eq__(self, other: object) -> bool:
        """Whether the figure shown is the exact one, rounded; of two that are equally near, either."""
        if not isinstance(other, int | float):
            return False
        return abs(float(self.exact) - other) <= 0.5 * 10.0**-self.digits + 1e-9

    __hash__ = None  # type: ignore[assignment]  # equal to many figures


@dataclass(frozen=True)
class Holds:
    """Something shown that has to fulfil a condition, which `wanted` says in words."""

    wanted: str
    test: Callable[[Any], bool]

    def __eq__(self, other: object) -> bool:
        """Whether it holds."""
        return self.test(other)

    __hash__ = None  # type: ignore[assignment]  # equal to many figures


@dataclass(frozen=True)
class InAnyOrder:
    """A list whose order says nothing."""

    items: Sequence[str]


@dataclass
class Comparison:
    """How many figures were compared, by what they are of."""

    counts: dict[str, int] = field(default_factory=dict)

    def agree(self, of: str, expected: object, shown: object) -> None:
        """Fail, with every difference, unless the figures shown are the expected ones.

        Of a mapping only what is expected is looked at; lists have the same length.
        """
        differences, count = [], 0
        for where, wanted, found in _leaves(expected, shown, of):
            count += 1
            if not (wanted == found and isinstance(wanted, bool) == isinstance(found, bool)):
                differences.append(f"{where}: the ledger says {wanted!r}, shown was {found!r}")
        self.counts[of] = self.counts.get(of, 0) + count
        assert not differences, f"{len(differences)} of {count} figures\n" + "\n".join(differences[:40])


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


def _leaves(expected: object, shown: object, where: str) -> Iterator[tuple[str, object, object]]:
    if isinstance(expected, InAnyOrder):
        expected, shown = sorted(expected.items), sorted(shown) if isinstance(shown, list) else shown
    if isinstance(expected, Mapping) and isinstance(shown, Mapping):
        for name, value in expected.items():
            yield from _leaves(value, shown.get(name, _Nothing()), f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(shown, list):
        yield f"{where} has", len(expected), len(shown)
        for place, (one, other) in enumerate(zip(expected, shown, strict=False)):
            yield from _leaves(one, other, f"{where}[{place}]")
    else:
        yield where, expected, shown


def moment(at: datetime) -> str:
    """Return a moment as the API writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
