"""Whose documents, and the parts of the system they are in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from coachwork.chassis.identity.kept import Keeper, Note
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.repository.chunks import ChunkStore
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents

if TYPE_CHECKING:
    from coachwork.chassis.blobs import BlobStore
    from coachwork.chassis.vectors import VectorIndex

INDEX = "knowledge"
"""The name of the vector index."""

_NOTE = Note("knowledge", "DELETE /api/v1/knowledge")
_GRACE_SECONDS = 15.0
_LEAST_LEASE_SECONDS = 50.0
"""Few steps of an ingestion take longer without a sign, and Lambda tries again what broke off after a minute.

Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""


@dataclass(frozen=True)
class Owner:
    """Somebody with documents, and the call of Lambda that acts for them; each part is opened when it is asked for.

    Args:
        clock: the present, aware.
    """

    resources: Resources
    id: UUID
    invocation: Invocation = field(default_factory=Invocation)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def documents(self) -> Documents:
        """The documents."""
        return Documents(self.resources.tables("documents"), self.clock)

    @property
    def collections(self) -> Collections:
        """The collections."""
        return Collections(self.resources.tables("documents"), self.clock)

    @property
    def originals(self) -> "BlobStore":
        """The files as they were uploaded."""
        return self.resources.blobs("documents")

    @property
    def chunks(self) -> ChunkStore:
        """The chunks."""
        return ChunkStore(self.originals)

    @property
    def index(self) -> "VectorIndex":
        """The vectors."""
        return self.resources.vector_index(INDEX)

    def queue_ends_at(self) -> datetime:
        """Return when a document that is queued now counts as forgotten."""
        return self.clock() + timedelta(seconds=self.resources.tasks().longest_wait_seconds + _GRACE_SECONDS)

    def lease_ends_at(self) -> datetime:
        """Return when whoever gives a sign now counts as gone."""
        slowest = 4 * self.resources.settings.openai_timeout_seconds
        return self.clock() + timedelta(seconds=max(_LEAST_LEASE_SECONDS, slowest))


def keeper(resources: Resources) -> Keeper:
    """Return what notes, beside the accounts, that this service keeps something of somebody."""
    return Keeper(resources.database, _NOTE)
