"""What the application knows of a service before it loads it."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter


@dataclass(frozen=True)
class Service:
    """A service: `load` imports it and returns its router; paths under `prefixes` belong to it."""

    name: str
    prefixes: tuple[str, ...]
    load: Callable[[], APIRouter]

    def owns(self, path: str) -> bool:
        """Whether a request for `path` is this service's."""
        return path.startswith(self.prefixes)
