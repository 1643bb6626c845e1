"""Erasure: everything an owner has in this service, with or without their account."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from coachwork.chassis.keywords import KeywordIndexUnavailable
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.repository.everything import close, erase_rows
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.threads import delete_history


@dataclass(frozen=True)
class Erased:
    """How much there was."""

    documents: int
    collections: int
    objects: int
    vectors: int
    chat_entries: int


def erase(owner: Owner) -> Erased:
    """Remove everything; after a failure the same call goes on.

    The rows go first, with which all else is found by nobody; what an ingestion writes meanwhile, it takes along when
    it finds that its document is gone.
    """
    rows = erase_rows(owner.resources.tables("documents"), owner.id)
    objects = owner.chunks.delete_all(owner.id) + owner.originals.delete_prefix(f"originals/{owner.id}/")
    vectors = owner.index.ids({"owner_id": str(owner.id)})
    owner.index.delete(vectors)
    with suppress(KeywordIndexUnavailable):  # an instance without an index of words has none of theirs
        owner.resources.keyword_index().forget(str(owner.id))
    chat_entries = delete_history(owner.resources, owner.id)
    return Erased(rows.documents, rows.collections, objects, len(vectors), chat_entries)


def erase_account(resources: Resources, owner_id: UUID) -> dict[str, int]:
    """Remove everything of somebody whose account goes; their tokens that live on make nothing new.

    A deployment that names no table keeps nothing.
    """
    if resources.settings.documents_table_name is None:
        return {}
    owner = Owner(resources, owner_id)
    lifetime = timedelta(seconds=resources.settings.access_token_seconds)
    close(resources.tables("documents"), owner_id, owner.clock() + lifetime + timedelta(days=1))
    return vars(erase(owner))
