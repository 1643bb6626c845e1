"""What the application knows of a service before it loads it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from fastapi import APIRouter

if TYPE_CHECKING:
    from coachwork.chassis.resources import Resources
    from coachwork.chassis.settings import BucketPurpose
    from coachwork.chassis.tasks import ArrivalHandler, TaskHandler

EraseHandler = Callable[["Resources", UUID], Mapping[str, int]]
"""Removes everything of somebody whose account goes, however often it is called; returns how much of what it was."""


@dataclass(frozen=True)
class Endpoints:
    """Those of a service's endpoints whose paths begin with the segments of `prefix`; `load` imports them.

    `max_request_bytes` is how large a body they take; None: as large as MAX_REQUEST_BYTES says.
    """

    prefix: str
    load: Callable[[], Sequence[APIRouter]]
    max_request_bytes: int | None = None

    def own(self, path: str) -> bool:
        """Whether a request for `path` is theirs."""
        return path == self.prefix or path.startswith(f"{self.prefix}/")


@dataclass(frozen=True)
class Service:
    """A service, by its endpoints, whose order is that of the OpenAPI document, by its tasks, and by its arrivals.

    A task's name begins with the service's, an arrival's is what its bucket is for; what stands there imports the
    handler. `erase` imports what removes somebody's data from where the identity provider's database is not, and
    `prepare` what makes, before a snapshot, all that would otherwise be read or imported at its first use.
    """

    name: str
    endpoints: Sequence[Endpoints]
    tasks: "Mapping[str, Callable[[], TaskHandler]]" = field(default_factory=dict)
    arrivals: "Mapping[BucketPurpose, Callable[[], ArrivalHandler]]" = field(default_factory=dict)
    erase: Callable[[], EraseHandler] | None = None
    prepare: Callable[[], Callable[[], None]] | None = None
