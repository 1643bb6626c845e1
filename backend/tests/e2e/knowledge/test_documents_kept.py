"""Documents over HTTP, once they are there: listed, changed, cut anew, failed, deleted and gone everywhere."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from tests.e2e.knowledge.people import COLLECTIONS, DOCUMENTS, EVERY_BYTE, Json, Person, problem
from tests.pdfs import pdf


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
