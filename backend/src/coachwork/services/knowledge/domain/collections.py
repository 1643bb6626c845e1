"""Collections: a name that documents can be put under, within which no file is twice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Collection:
    """A collection of `owner_id`; `closing_until` is until when it takes no documents because it is being deleted."""

    id: UUID
    owner_id: UUID
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    version: int = 1
    closing_until: datetime | None = None
