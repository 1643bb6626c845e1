"""Documents over HTTP, as people meet them: uploaded, watched, found again, deleted, and gone everywhere."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from mangum import Mangum
from starlette.testclient import TestClient
from tests.document_tables import DocumentStage
from tests.lambda_events import rest_api
from tests.pdfs import drawn, pdf

from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.arrivals import run_arrivals
from coachwork.chassis.tasks.port import Invocation
from coachwork.chassis.turns.limits import POLL_SECONDS

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


@pytest.fixture
def new_person(
    resources: Resources,
    started_documents: DocumentStage,
    client_for: Callable[[Resources], TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> Callable[[], Person]:
    """Return a maker of people, all of one deployment."""
    named = {name.lower(): value for name, value in started_documents.environ.items()}
    parts = replace(
        resources,
        settings=resources.settings.model_copy(update=named),
        tables=started_documents.table,
        blobs=lambda _: started_documents.blobs(),
    )

    def make() -> Person:
        client = client_for(parts)
        client.headers.update(sign_in(client))
        return Person(client, started_documents)

    return make


@pytest.fixture
def person(new_person: Callable[[], Person]) -> Person:
    """Return somebody."""
    return new_person()


def problem(answer: Any) -> tuple[int, str]:
    """Return the status and the type of a problem."""
    assert "application/problem+json" == answer.headers["content-type"]
    return answer.status_code, answer.json()["type"].removeprefix("urn:coachwork:problem:")


def upload(form: Json, content: bytes) -> int:
    """Post a file as a form says; return the object store's status."""
    return httpx.post(form["url"], data=form["fields"], files={"file": content}).status_code


class TestSent:
    """A file that goes with the request."""

    def test_byte_for_byte(self, person: Person) -> None:
        """What is downloaded is what was sent, under its name."""
        document = person.send(name="Ärger mit dem Kessel.pdf", tags="House, heating, HOUSE")
        assert ("indexed", ["House", "heating"]) == (document["state"], document["tags"])
        link = person.client.get(f"{DOCUMENTS}/{document['id']}/download")
        saved = httpx.get(link.json()["url"])
        assert (EVERY_BYTE, "no-store") == (saved.content, link.headers["cache-control"])
        assert "%C3%84rger%20mit%20dem%20Kessel.pdf" in saved.headers["content-disposition"]

    def test_through_api_gateway(self, person: Person) -> None:
        """As base64 in an event, no byte is changed either."""
        request = httpx.Request("POST", "http://test", files={"file": ("a.pdf", EVERY_BYTE, "application/pdf")})
        headers = {**request.headers, "Authorization": person.client.headers["Authorization"]}
        event = rest_api("POST", DOCUMENTS)
        event |= {
            "body": b64encode(request.read()).decode(),
            "isBase64Encoded": True,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
        }
        context = SimpleNamespace(
            aws_request_id="77375676-xmpl", invoked_function_arn=None, get_remaining_time_in_millis=lambda: 60_000
        )
        answered = Mangum(person.app, lifespan="off")(event, context)  # type: ignore[arg-type]  # the fields it reads
        assert 202 == answered["statusCode"], answered["body"]
        person.settle()
        [document] = person.client.get(DOCUMENTS).json()["items"]
        assert sha256(EVERY_BYTE).hexdigest() == document["sha256"]

    def test_too_large_for_a_request(self, person: Person) -> None:
        """It is refused with 413, before it is read."""
        answer = person.client.post(DOCUMENTS, files={"file": ("a.pdf", bytes(4_600_000))})
        assert (413, "payload-too-large") == problem(answer)

    def test_the_same_again_with_its_key(self, person: Person) -> None:
        """A request that is repeated because its answer was lost is answered as it was."""
        body = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + EVERY_BYTE + b"\r\n--b--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "once"}
        sent = [person.client.post(DOCUMENTS, content=body, headers=headers) for _ in range(2)]
        assert [202, 202] == [answer.status_code for answer in sent]
        assert sent[0].json() == sent[1].json()

    @pytest.mark.parametrize(
        ("data", "refused"),
        [
            ({"collection_id": "none of yours"}, (422, "invalid-request")),
            ({"collection_id": str(uuid4())}, (404, "collection-not-found")),
            ({"color": "blue"}, (422, "invalid-request")),
            ({"name": "../\u202e"}, (422, "unfit-name")),
        ],
    )
    def test_what_stands_beside_it(self, person: Person, data: dict[str, str], refused: tuple[int, str]) -> None:
        """The form's other fields are checked like any body's."""
        assert refused == problem(person.client.post(DOCUMENTS, files={"file": EVERY_BYTE}, data=data))

    def test_no_json(self, person: Person) -> None:
        """A body that is neither is refused."""
        answer = person.client.post(DOCUMENTS, content=b"{", headers={"Content-Type": "application/json"})
        assert (400, "malformed-request") == problem(answer)


class TestUploaded:
    """A file that is announced, and uploaded to the object store."""

    def test_the_whole_way(self, person: Person) -> None:
        """202 and a form; the upload; complete; indexed."""
        announced = {"name": "boiler.pdf", "size_bytes": len(EVERY_BYTE), "sha256": sha256(EVERY_BYTE).hexdigest()}
        answer = person.client.post(DOCUMENTS, json=announced)
        made = answer.json()
        place = f"{DOCUMENTS}/{made['document']['id']}"
        assert (202, place, 900) == (answer.status_code, answer.headers["location"], made["upload_expires_in_seconds"])
        assert (409, "upload-missing") == problem(person.client.post(f"{place}/complete"))
        assert 204 == upload(made["upload"], EVERY_BYTE)
        begun = person.client.post(f"{place}/complete")
        assert (202, "queued", str(POLL_SECONDS)) == (
            begun.status_code,
            begun.json()["state"],
            begun.headers["retry-after"],
        )
        document = person.read(made["document"])
        assert ("indexed", 1, 1, True) == (
            document["state"], document["pages_done"], document["pages_total"], document["is_searched"]
        )  # fmt: skip

    def test_told_by_the_object_store(self, person: Person) -> None:
        """Its event is enough."""
        made = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": len(EVERY_BYTE)}).json()
        assert 204 == upload(made["upload"], EVERY_BYTE)
        tell = {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Post",
            "s3": {"bucket": {"name": person.stage.bucket}, "object": {"key": made["upload"]["fields"]["key"]}},
        }
        state = person.app.state
        counts = run_arrivals({"Records": [tell, tell]}, Invocation(), state.resources, state.services)
        assert {"done": 2, "refused": 0, "failed": 0} == counts
        assert "indexed" == person.read(made["document"])["state"]

    @pytest.mark.parametrize("content", [EVERY_BYTE + b" ", EVERY_BYTE[:-1]])
    def test_another_size(self, person: Person, content: bytes) -> None:
        """The object store refuses it."""
        made = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": len(EVERY_BYTE)}).json()
        assert 400 <= upload(made["upload"], content) < 500

    def test_larger_than_any_may_be(self, person: Person) -> None:
        """It is refused before it is uploaded."""
        answer = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": 50_000_001})
        assert (413, "file-too-large") == problem(answer)

    def test_several(self, person: Person, new_person: Callable[[], Person]) -> None:
        """Each is answered for itself, in order: another's collection is refused, the others are made."""
        theirs = new_person().client.post(COLLECTIONS, json={"name": "House"}).json()["id"]
        items = [
            {"name": "a.pdf", "size_bytes": 10},
            {"name": "b.pdf", "size_bytes": 10, "collection_id": theirs},
            {"name": "c.pdf", "size_bytes": 60_000_000},
        ]
        answer = person.client.post(f"{DOCUMENTS}/batch", json={"items": items})
        made, *refused = answer.json()["items"]
        assert (202, "a.pdf") == (answer.status_code, made["document"]["name"])
        assert [404, 413] == [one["problem"]["status"] for one in refused]

    def test_too_many_at_once(self, person: Person) -> None:
        """A batch has fifty at most."""
        items = [{"name": "a.pdf", "size_bytes": 10}] * 51
        assert (422, "invalid-request") == problem(person.client.post(f"{DOCUMENTS}/batch", json={"items": items}))


class TestList:
    """`GET /api/v1/documents`."""

    def test_pages_and_filters(self, person: Person) -> None:
        """The newest first, a page at a time, and only what is asked for."""
        house = person.client.post(COLLECTIONS, json={"name": "House"}).json()["id"]
        first = person.send(pdf(["One."]), "1.pdf", tags="tax")
        second = person.send(pdf(["Two."]), "2.pdf", collection_id=house)
        waiting = person.client.post(DOCUMENTS, json={"name": "3.pdf", "size_bytes": 10}).json()["document"]

        def listed(**params: Any) -> list[str]:
            found: Json = person.client.get(DOCUMENTS, params=params).json()
            rest = listed(**{**params, "cursor": found["next_cursor"]}) if found["next_cursor"] else []
            return [one["id"] for one in found["items"]] + rest

        assert [waiting["id"], second["id"], first["id"]] == listed(limit=1) == listed()
        assert [second["id"]] == listed(collection_id=house)
        assert [first["id"]] == listed(tag="TAX") == listed(sha256=first["sha256"].upper())
        assert [waiting["id"]] == listed(state="awaiting_upload")
        assert [] == listed(collection_id=str(uuid4()))

    @pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJub25lIl0"])
    def test_a_cursor_of_somebodys_making(self, person: Person, cursor: str) -> None:
        """It is refused."""
        assert (422, "invalid-request") == problem(person.client.get(DOCUMENTS, params={"cursor": cursor}))


class TestChanges:
    """What its owner changes of a document."""

    def test_with_the_version_that_was_seen(self, person: Person) -> None:
        """The second of two who saw the same is told."""
        document = person.send()
        place = f"{DOCUMENTS}/{document['id']}"
        seen = {"If-Match": person.client.get(place).headers["etag"]}
        assert 200 == person.client.patch(place, json={"name": "Kessel", "tags": ["a"]}, headers=seen).status_code
        again = person.client.patch(place, json={"tags": ["b"]}, headers=seen)
        assert (412, "precondition-failed") == problem(again)
        assert ("Kessel", ["a"]) == (person.read(document)["name"], person.read(document)["tags"])

    def test_into_a_collection_that_has_it(self, person: Person) -> None:
        """There it would be twice."""
        house = person.client.post(COLLECTIONS, json={"name": "House"}).json()["id"]
        person.send(collection_id=house)
        document = person.send()
        answer = person.client.patch(f"{DOCUMENTS}/{document['id']}", json={"collection_id": house})
        assert (409, "duplicate-document") == problem(answer)

    @pytest.mark.parametrize("body", [{}, {"name": None}, {"tags": None}, {"state": "indexed"}, {"tags": [""]}])
    def test_what_is_no_change(self, person: Person, body: Json) -> None:
        """It is refused."""
        document = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": 10}).json()["document"]
        answer = person.client.patch(f"{DOCUMENTS}/{document['id']}", json=body)
        assert (422, "invalid-request") == problem(answer)


class TestChunks:
    """What a document was cut into."""

    def test_cut_anew(self, person: Person) -> None:
        """Smaller chunks are more, and each names its page and its place there."""
        document = person.send(pdf(["Bleed the radiators first. " * 20, "Close the valve."]))
        place = f"{DOCUMENTS}/{document['id']}"
        answer = person.client.post(f"{place}/rechunk", json={"chunk_characters": 200, "overlap_sentences": 0})
        assert (202, True) == (answer.status_code, answer.json()["is_searched"])
        after = person.read(document)
        assert (2, 200) == (after["generation"], after["chunk_characters"])
        assert after["chunks_total"] > document["chunks_total"]
        chunks = person.client.get(f"{place}/chunks", params={"limit": 100}).json()["items"]
        assert list(range(after["chunks_total"])) == [one["number"] for one in chunks]
        assert ("Close the valve.", 2) == (chunks[-1]["text"], chunks[-1]["page"])
        last = person.client.get(f"{place}/chunks/{chunks[-1]['number']}").json()
        assert chunks[-1] == last
        assert (404, "chunk-not-found") == problem(person.client.get(f"{place}/chunks/{len(chunks)}"))

    def test_of_a_document_without(self, person: Person) -> None:
        """It says that it is not indexed."""
        document = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": 10}).json()["document"]
        assert (409, "not-indexed") == problem(person.client.get(f"{DOCUMENTS}/{document['id']}/chunks"))


class TestFailure:
    """A document that cannot be ingested."""

    def test_it_says_why(self, person: Person) -> None:
        """The reason is a problem like any other, and the same file may come again."""
        for _ in range(2):
            document = person.send(pdf(["", ""]))
            reason = document["reason"]
            assert ("failed", "no-text", False, document["id"]) == (
                document["state"], reason["cause"], reason["is_retryable"], reason["instance"]
            )  # fmt: skip

    def test_what_cannot_be_done(self, person: Person) -> None:
        """Nothing is cancelled that is done, and nothing retried that has not failed."""
        place = f"{DOCUMENTS}/{person.send()['id']}"
        assert (409, "nothing-to-cancel") == problem(person.client.post(f"{place}/cancel"))
        assert (409, "nothing-to-retry") == problem(person.client.post(f"{place}/retry"))

    def test_cancelled(self, person: Person) -> None:
        """An upload that is not wanted any more frees its hash."""
        announced = {"name": "a.pdf", "size_bytes": 10, "sha256": "0" * 64}
        document = person.client.post(DOCUMENTS, json=announced).json()["document"]
        assert (409, "duplicate-document") == problem(person.client.post(DOCUMENTS, json=announced))
        assert "cancelled" == person.client.post(f"{DOCUMENTS}/{document['id']}/cancel").json()["state"]
        assert 202 == person.client.post(DOCUMENTS, json=announced).status_code


class TestGone:
    """What is deleted."""

    def test_a_document(self, person: Person) -> None:
        """It is gone from the list, the tables, the bucket and the index."""
        document = person.send()
        place = f"{DOCUMENTS}/{document['id']}"
        removed = person.client.delete(place).json()
        assert {"document_id": document["id"], "vectors": 1, "file_bytes": len(EVERY_BYTE)} == removed
        assert (404, "document-not-found") == problem(person.client.get(place))
        assert [] == person.left(person.id)
        index = person.app.state.resources.vector_index("knowledge")
        assert [] == index.ids({"document_id": document["id"]})

    def test_everything(self, person: Person) -> None:
        """All that somebody has here, at once."""
        person.client.post(COLLECTIONS, json={"name": "House"})
        person.send()
        erased = person.client.delete("/api/v1/knowledge").json()
        assert {"documents": 1, "collections": 1, "objects": 2, "vectors": 1}.items() <= erased.items()
        assert [] == person.left(person.id)

    def test_with_the_account(self, person: Person, new_person: Callable[[], Person]) -> None:
        """An account goes with its documents, and its token makes no new ones; nobody else loses any."""
        other, user_id = new_person(), person.id
        kept = other.send()
        person.send()
        gone = person.client.delete("/api/v1/users/me").json()
        assert {"documents": 1, "objects": 2, "vectors": 1}.items() <= gone["elsewhere"]["knowledge"].items()
        answer = person.client.post(DOCUMENTS, json={"name": "a.pdf", "size_bytes": 10})
        assert (401, "account-gone") == problem(answer)
        assert [] == person.left(user_id)
        assert kept == other.read(kept)
