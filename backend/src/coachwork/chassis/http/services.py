"""What the application knows of a service before it loads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter


@dataclass(frozen=True)
class Endpoints:
    """Those of a service's endpoints whose paths begin with `prefix`; `load` imports them."""

    prefix: str
    load: Callable[[], Sequence[APIRouter]]

    def own(self, path: str) -> bool:
        """Whether a request for `path` is theirs."""
        return path.startswith(self.prefix)


@dataclass(frozen=True)
class Service:
    """A service, by its endpoints; their order is that of the OpenAPI document."""

    name: str
    endpoints: Sequence[Endpoints]
