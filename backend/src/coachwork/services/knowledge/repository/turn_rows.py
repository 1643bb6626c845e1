"""Turns as they lie in the chat history: keys, and attributes back and forth."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.documents import Document, Key
from coachwork.services.knowledge.domain.turns import Citation, OpenTurn, Scope, Turn
from coachwork.services.knowledge.repository.rows import partition_of, seconds

OPEN, THREAD, TURN = "OPEN#", "THREAD#", "TURN#"
OPEN_DAYS = 1
"""For how long a turn is found by its id alone; an answered one then is in its thread still."""


def thread_key(owner_id: UUID, thread_id: UUID) -> Key:
    """Return where a thread lies."""
    return Key(partition_of(owner_id), f"{THREAD}{thread_id}")


def turn_key(owner_id: UUID, thread_id: UUID, turn_id: UUID) -> Key:
    """Return where an answered turn lies."""
    return Key(partition_of(owner_id), f"{TURN}{thread_id}#{turn_id}")


def turn_of(found: Document) -> Turn:
    """Return the turn a document holds."""
    _, thread_id, turn_id = found.key.sort.split("#")
    attributes = found.attributes
    citations = [
        Citation(**{**citation, "document_id": UUID(citation["document_id"])}) for citation in attributes["citations"]
    ]
    return Turn(
        turn_id=UUID(turn_id),
        thread_id=UUID(thread_id),
        question=attributes["question"],
        answer=attributes["answer"],
        model=attributes["model"],
        citations=citations,
        degraded=attributes["degraded"],
        input_tokens=attributes["input_tokens"],
        output_tokens=attributes["output_tokens"],
        created_at=datetime.fromisoformat(attributes["created_at"]),
    )


def turn_attributes(turn: Turn) -> dict[str, Any]:
    """Return what is stored of an answered turn beside its key and when it is forgotten."""
    kept = {name: value for name, value in asdict(turn).items() if name not in {"turn_id", "thread_id"}}
    citations = [{**citation, "document_id": str(citation["document_id"])} for citation in kept["citations"]]
    return {**kept, "citations": citations, "degraded": list(turn.degraded), "created_at": turn.created_at.isoformat()}


def open_key(owner_id: UUID, turn_id: UUID) -> Key:
    """Return where a question lies while it is found by its id alone."""
    return Key(partition_of(owner_id), f"{OPEN}{turn_id}")


def open_attributes(turn: OpenTurn) -> dict[str, Any]:
    """Return what is stored of a question."""
    scope = turn.scope
    return {
        "thread_id": str(turn.thread_id) if turn.thread_id else None,
        "question": turn.question,
        "scope": {
            "collection_id": str(scope.collection_id) if scope.collection_id else None,
            "document_ids": None if scope.document_ids is None else [str(one) for one in scope.document_ids],
            "tags": list(scope.tags),
        },
        "state": turn.state,
        "attempt": turn.attempt,
        "due_at": turn.due_at.isoformat(),
        "partial_text": turn.partial_text,
        "problem": dict(turn.problem) if turn.problem else None,
        "created_at": turn.created_at.isoformat(),
        "updated_at": turn.updated_at.isoformat(),
        "expires_at": seconds(turn.created_at) + OPEN_DAYS * 86_400,
    }


def open_turn_of(turn_id: UUID, found: Document) -> OpenTurn:
    """Return the question a document holds."""
    attributes = found.attributes
    scope, thread_id = attributes["scope"], attributes["thread_id"]
    return OpenTurn(
        turn_id=turn_id,
        thread_id=UUID(thread_id) if thread_id else None,
        question=attributes["question"],
        scope=Scope(
            collection_id=UUID(scope["collection_id"]) if scope["collection_id"] else None,
            document_ids=None if scope["document_ids"] is None else [UUID(one) for one in scope["document_ids"]],
            tags=scope["tags"],
        ),
        state=attributes["state"],
        attempt=attributes["attempt"],
        due_at=datetime.fromisoformat(attributes["due_at"]),
        partial_text=attributes["partial_text"],
        problem=attributes["problem"],
        created_at=datetime.fromisoformat(attributes["created_at"]),
        updated_at=datetime.fromisoformat(attributes["updated_at"]),
    )
