"""Tells whoever wants to know that traffic was moved from one version to another without a request to Lambda."""

from collections.abc import Callable

_listeners: list[Callable[[], None]] = []


def on_alias_moved(listener: Callable[[], None]) -> None:
    """Have `listener` hear whenever an alias was moved; whoever listened before no longer does."""
    _listeners[:] = [listener]


def alias_moved() -> None:
    """Say that an alias was moved."""
    for listener in _listeners:
        listener()
