"""People with documents, and what tests of theirs share."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.document_tables import DocumentStage
from tests.pdfs import drawn

DOCUMENTS, COLLECTIONS = "/api/v1/documents", "/api/v1/knowledge/collections"
EVERY_BYTE = drawn([b"BT /F1 12 Tf 72 720 Td (Bleed the radiators first.) Tj ET"], more=[bytes(range(256)) * 4])
Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, and the deployment they talk to."""

    client: TestClient
    stage: DocumentStage

    @property
    def app(self) -> FastAPI:
        """The application."""
        app: Any = self.client.app
        assert isinstance(app, FastAPI)
        return app

    @property
    def id(self) -> UUID:
        """Their id."""
        return UUID(self.client.get("/api/v1/users/me").json()["id"])

    def settle(self) -> None:
        """Wait until what was begun behind answers is done."""
        self.app.state.resources.tasks().settle()

    def send(self, content: bytes = EVERY_BYTE, name: str = "boiler.pdf", **fields: str) -> Json:
        """Send a file, and return its document when it has been ingested."""
        files = {"file": (name, content, "application/pdf")}
        answer = self.client.post(DOCUMENTS, files=files, data=fields)
        assert 202 == answer.status_code, answer.text
        return self.read(answer.json()["document"])

    def read(self, document: Json) -> Json:
        """Return a document as it is when what was begun is done."""
        self.settle()
        found: Json = self.client.get(f"{DOCUMENTS}/{document['id']}").json()
        return found

    def left(self, user_id: UUID) -> list[str]:
        """Return the sort keys and the object keys of somebody."""
        rows = self.stage.table("documents").query(f"OWNER#{user_id}", limit=1_000).documents
        prefixes = (f"originals/{user_id}/", f"chunks/{user_id}/")
        blobs = [blob.key for prefix in prefixes for blob in self.stage.blobs().page(prefix, limit=100).blobs]
        return [row.key.sort for row in rows if row.key.sort != "TALLY"] + blobs


def problem(answer: Any) -> tuple[int, str]:
    """Return the status and the type of a problem."""
    assert "application/problem+json" == answer.headers["content-type"]
    return answer.status_code, answer.json()["type"].removeprefix("urn:coachwork:problem:")


def upload(form: Json, content: bytes) -> int:
    """Post a file as a form says; return the object store's status."""
    return httpx.post(form["url"], data=form["fields"], files={"file": content}).status_code
