"""How an owner's things lie in the table `documents`: their keys, and their attributes as JSON has them."""

import json
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from coachwork.chassis.documents.port import Attributes, Key
from coachwork.services.knowledge.domain.collections import Collection
from coachwork.services.knowledge.domain.documents import Chunking, Claim, Document
from coachwork.services.knowledge.schemas.states import State

FILE_HASH_INDEX = "FileHashIndex"
DOCUMENT = "DOC#"
COLLECTION = "COLL#"
_TALLY = "TALLY"


def partition_of(owner_id: UUID) -> str:
    """Return where everything of an owner is."""
    return f"OWNER#{owner_id}"


def document_key(owner_id: UUID, document_id: UUID) -> Key:
    """Return where a document is; by its sort key documents are in the order of their making."""
    return Key(partition_of(owner_id), f"{DOCUMENT}{document_id}")


def collection_key(owner_id: UUID, collection_id: UUID) -> Key:
    """Return where a collection is."""
    return Key(partition_of(owner_id), f"{COLLECTION}{collection_id}")


def claim_key(claim: Claim) -> Key:
    """Return where the claim of a hash is: one place for each file of a collection."""
    return Key(partition_of(claim.owner_id), f"HASH#{claim.collection_id or '-'}#{claim.sha256}")


def tally_key(owner_id: UUID) -> Key:
    """Return where it is counted what an owner has."""
    return Key(partition_of(owner_id), _TALLY)


def file_hash(owner_id: UUID, sha256: str) -> str:
    """Return by what the index finds a file of an owner's, and nobody else's."""
    return f"{owner_id}#{sha256}"


def attributes_of(document: Document, revision: int) -> Attributes:
    """Return what is stored of a document; `revision` changes with each write."""
    searched = {"file_hash": file_hash(document.owner_id, document.sha256)} if document.sha256 else {}
    expiring = {"expires_at": seconds(document.expires_at)} if document.expires_at else {}
    return {
        "revision": revision,
        "name": document.name,
        "size_bytes": document.size_bytes,
        "created_at": document.created_at.isoformat(),
        "updated_at": document.updated_at.isoformat(),
        "collection_id": _text(document.collection_id),
        "tags": list(document.tags),
        "sha256": document.sha256,
        "state": document.state,
        "reason": json.dumps(document.reason) if document.reason else None,
        "pages_done": document.pages_done,
        "pages_total": document.pages_total,
        "chunks_done": document.chunks_done,
        "chunks_total": document.chunks_total,
        "generation": document.generation,
        "pages": document.pages,
        "chunks": document.chunks,
        "attempt": document.attempt,
        "version": document.version,
        "building": document.building,
        "chunk_characters": document.chunking.characters,
        "overlap_sentences": document.chunking.overlap_sentences,
        "due_at": _text(document.due_at and document.due_at.isoformat()),
        "is_removed": document.is_removed,
        **searched,
        **expiring,
    }


def document_of(key: Key, stored: Attributes) -> Document:
    """Return the document that is stored so."""
    row = dict(stored)
    return Document(
        id=UUID(key.sort.removeprefix(DOCUMENT)),
        owner_id=_owner_of(key),
        name=row["name"],
        size_bytes=row["size_bytes"],
        created_at=datetime.fromisoformat(row["created_at"]),
        updated_at=datetime.fromisoformat(row["updated_at"]),
        collection_id=_id(row["collection_id"]),
        tags=tuple(row["tags"]),
        sha256=row["sha256"],
        state=cast(State, row["state"]),
        reason=json.loads(row["reason"]) if row["reason"] else None,
        pages_done=row["pages_done"],
        pages_total=row["pages_total"],
        chunks_done=row["chunks_done"],
        chunks_total=row["chunks_total"],
        generation=row["generation"],
        pages=row["pages"],
        chunks=row["chunks"],
        attempt=row["attempt"],
        version=row["version"],
        expires_at=_moment(row.get("expires_at")),
        building=row["building"],
        chunking=Chunking(row["chunk_characters"], row["overlap_sentences"]),
        due_at=datetime.fromisoformat(row["due_at"]) if row["due_at"] else None,
        is_removed=row["is_removed"],
    )


def claim_attributes(claim: Claim) -> Attributes:
    """Return what is stored of a claim."""
    expiring = {"expires_at": seconds(claim.expires_at)} if claim.expires_at else {}
    return {"document_id": str(claim.document_id), **expiring}


def collection_attributes(collection: Collection) -> Attributes:
    """Return what is stored of a collection."""
    closing = {"closing_until": seconds(collection.closing_until)} if collection.closing_until else {}
    return {
        "name": collection.name,
        "description": collection.description,
        "created_at": collection.created_at.isoformat(),
        "updated_at": collection.updated_at.isoformat(),
        "version": collection.version,
        "is_open": collection.closing_until is None,
        **closing,
    }


def collection_of(key: Key, stored: Attributes) -> Collection:
    """Return the collection that is stored so."""
    return Collection(
        id=UUID(key.sort.removeprefix(COLLECTION)),
        owner_id=_owner_of(key),
        name=stored["name"],
        description=stored["description"],
        created_at=datetime.fromisoformat(stored["created_at"]),
        updated_at=datetime.fromisoformat(stored["updated_at"]),
        version=stored["version"],
        closing_until=_moment(stored.get("closing_until")),
    )


def seconds(moment: datetime) -> int:
    """Return a moment as the table's own clock has it: whole seconds since 1970."""
    return int(moment.timestamp())


def _moment(stored: int | None) -> datetime | None:
    return None if stored is None else datetime.fromtimestamp(stored, UTC)


def _owner_of(key: Key) -> UUID:
    return UUID(key.partition.removeprefix("OWNER#"))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _id(stored: str | None) -> UUID | None:
    return None if stored is None else UUID(stored)
