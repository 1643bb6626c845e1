"""One permission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Permission:
    """An action on a resource, with the condition keys (lower case) that the call itself brings."""

    action: str
    resource: str
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
