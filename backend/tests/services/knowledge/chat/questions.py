"""Documents that are there to be asked, without the way they came, and a model that says what it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient
from tests.services.knowledge.makers import indexed

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models import Answer, ChatRequest, Heard, ToolChoice, Usage
from coachwork.chassis.pdf import PageText
from coachwork.chassis.resources import Resources
from coachwork.chassis.vectors import Item
from coachwork.services.knowledge.domain.chunks import chunks_of
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.repository.chunks import ChunkStore
from coachwork.services.knowledge.repository.documents import Documents

Json = dict[str, Any]
CHAT = "/api/v1/knowledge/chat"
TURNS = f"{CHAT}/turns"
THREADS = "/api/v1/knowledge/threads"
LATER = {"Prefer": "respond-async"}
LEASE = (
    "Lease of the flat at 4 Orchard Row. The rent is 1,150 euros a month and is due on the third working day.",
    "Ending the lease. Either party may end the lease with three months' notice, which must be given in writing."
    " The deposit of two months' rent is paid back within six weeks of the keys being handed over.",
)
BOILER = (
    "The boiler of the flat is serviced once a year, in October. When the pressure falls under 1.2 bar, open the blue"
    " valve until the needle stands at 1.6 bar.",
)


def given_document(resources: Resources, owner_id: UUID, name: str, pages: Sequence[str], **fields: Any) -> Document:
    """Return a document that is searched, of these pages."""
    chunks = list(chunks_of(PageText(number, text) for number, text in enumerate(pages, 1)))
    document = indexed(owner_id, name=name, pages=len(pages), chunks=len(chunks), **fields)
    ChunkStore(resources.blobs("documents")).write(owner_id, document.id, document.generation, chunks)
    vectors = resources.embedder().embed([chunk.text for chunk in chunks])
    resources.vector_index("knowledge").upsert(
        [
            Item(
                f"{document.id}:{document.generation}:{chunk.number}",
                chunk.text,
                vector,
                {
                    "owner_id": str(owner_id),
                    "document_id": str(document.id),
                    "generation": document.generation,
                    "number": chunk.number,
                    "page": chunk.page,
                },
            )
            for chunk, vector in zip(chunks, vectors, strict=True)
        ]
    )
    Documents(resources.tables("documents")).create(document, 1_000)
    return document


@dataclass
class ToldModel:
    """Says what it is told, once `then` has returned, and keeps what it was asked."""

    says: Callable[[ChatRequest], Answer] = lambda request: Answer("Told [1].", [request.passages[0].id], Usage(20, 2))
    then: Callable[[Heard], None] | None = None
    asked: list[ChatRequest] = field(default_factory=list)
    name = "told"

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Want nothing."""
        return ToolChoice()

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Answer as told."""
        self.asked.append(request)
        if self.then and heard:
            self.then(heard)
        return self.says(request)


def answering(resources: Resources, model: ToldModel, **parts: Any) -> Resources:
    """Return the resources with this model, and other parts."""
    return replace(
        resources, chat_model=lambda: model, **{name: lambda part=part: part for name, part in parts.items()}
    )


def ask(client: TestClient, message: str, **fields: Any) -> Json:
    """Ask, and return the turn."""
    response = client.post(CHAT, json={"message": message, **fields})
    assert response.status_code == 200, response.text
    turn: Json = response.json()
    return turn


def ask_later(client: TestClient, message: str, **fields: Any) -> Json:
    """Ask without waiting; return the turn as it is then."""
    response = client.post(CHAT, json={"message": message, **fields}, headers=LATER)
    assert response.status_code == 202, response.text
    state: Json = response.json()
    return state


def state_of(client: TestClient, turn_id: str) -> Json:
    """Return how far a turn is."""
    response = client.get(f"{TURNS}/{turn_id}")
    assert response.status_code == 200, response.text
    state: Json = response.json()
    return state
