"""One order out of several: what stands high in many is first.

Source: Cormack, Clarke, Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods".
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_K = 60
"""What keeps the first places from deciding alone; the paper's."""

Key = TypeVar("Key", bound=Hashable)
Leg = TypeVar("Leg", bound=Hashable)


@dataclass(frozen=True)
class Fused(Generic[Key, Leg]):
    """One thing, with its place (from 1 on) in each order that has it; `score` is the sum of 1 / (60 + place)."""

    key: Key
    score: float
    ranks: Mapping[Leg, int]


def fused(orders: Mapping[Leg, Sequence[Key]]) -> list[Fused[Key, Leg]]:
    """Return everything that is in any order, the best first; where two are equal, the one met first.

    A thing that is in one order more than once counts where it stands first.
    """
    ranks: defaultdict[Key, dict[Leg, int]] = defaultdict(dict)
    for leg, order in orders.items():
        for place, key in enumerate(dict.fromkeys(order), 1):
            ranks[key][leg] = place
    found = [Fused(key, sum(1 / (_K + place) for place in places.values()), places) for key, places in ranks.items()]
    return sorted(found, key=lambda one: -one.score)
