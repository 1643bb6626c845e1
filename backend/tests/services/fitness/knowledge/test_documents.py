"""Giving the coach documents, over HTTP, on a real Chroma and a real Postgres."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.pdfs import pdf

from coachwork.chassis.resources import Resources
from coachwork.chassis.vectors import VectorIndex
from coachwork.services.fitness.repository import knowledge as repository

from ..accounts import problem
from .conftest import SOURCE

BASE = "/api/v1/knowledge-base"
Json = dict[str, Any]


def document(**changes: object) -> Json:
    """Return a document's body."""
    text = "# Dose\n\nTake 3 to 5 g of creatine a day.\n\n# Safety\n\nHealthy kidneys cope with creatine."
    return {"title": "Creatine in short", "topic": "nutrition", "source": SOURCE, "text": text, **changes}


def sent(admin: TestClient, content: bytes, **changes: str) -> Any:
    """Send a file in a form."""
    fields = {"title": "A file", "topic": "training", "source": json.dumps(SOURCE), **changes}
    return admin.post(f"{BASE}/files", data=fields, files={"file": ("file.md", content)})


def texts(index: VectorIndex, document_id: str) -> list[str]:
    """Return a document's passages in the index, in order."""
    return [item.text for item in index.get(index.ids({"document_id": document_id}))]


class TestIngest:
    """POST /passages."""

    def test_makes_passages_that_can_be_cited(self, admin: TestClient, index: VectorIndex) -> None:
        """Cut at the headings, each with the title, source and topic an answer names."""
        answer = admin.post(f"{BASE}/passages", json=document())
        assert 201 == answer.status_code, answer.text
        told = answer.json()
        assert ("created", 2) == (told["outcome"], told["document"]["passages"])
        (dose, safety) = index.get(told["passage_ids"])
        assert ("Creatine in short: Dose", "Take 3 to 5 g of creatine a day.") == (dose.metadata["title"], dose.text)
        assert "Creatine in short: Safety" == safety.metadata["title"]
        wanted = {f"source_{name}": value for name, value in SOURCE.items()}
        assert wanted == {name: dose.metadata[name] for name in wanted}

    def test_again_changes_nothing(self, admin: TestClient, index: VectorIndex) -> None:
        """The same content answers 200 with the same ids."""
        first = admin.post(f"{BASE}/passages", json=document()).json()
        again = admin.post(f"{BASE}/passages", json=document())
        assert (200, "unchanged") == (again.status_code, again.json()["outcome"])
        assert (first["passage_ids"], first["document"]) == (again.json()["passage_ids"], again.json()["document"])
        assert 4 == index.count()

    def test_of_the_same_title_replaces(self, admin: TestClient, index: VectorIndex) -> None:
        """The passages of before are gone."""
        first = admin.post(f"{BASE}/passages", json=document()).json()
        answer = admin.post(f"{BASE}/passages", json=document(title="CREATINE in short", text="Five grams a day."))
        assert (200, "replaced") == (answer.status_code, answer.json()["outcome"])
        assert first["document"]["id"] == answer.json()["document"]["id"]
        assert ["Five grams a day."] == texts(index, first["document"]["id"])

    def test_of_the_same_text_is_refused(self, admin: TestClient, index: VectorIndex) -> None:
        """Or answers would quote it twice."""
        admin.post(f"{BASE}/passages", json=document())
        answer = admin.post(f"{BASE}/passages", json=document(title="Another title"))
        assert (409, "document-known") == problem(answer)
        assert "Creatine in short" in answer.json()["detail"]
        assert 4 == index.count()

    def test_plain_text_is_not_cut_at_hashes(self, admin: TestClient) -> None:
        """It has no headings."""
        told = admin.post(f"{BASE}/passages", json=document(format="text")).json()
        assert 1 == len(told["passage_ids"])

    @pytest.mark.parametrize(
        ("changes", "location"),
        [
            ({"source": {**SOURCE, "authors": ""}}, "body/source/authors"),
            ({"source": {name: SOURCE[name] for name in SOURCE if name != "year"}}, "body/source/year"),
            ({"topic": "astrology"}, "body/topic"),
            ({"title": "  "}, "body/title"),
            ({"text": "# Only a heading"}, "body/text"),
            ({"text": "a" * 300_001}, "body/text"),
            ({"text": "# A\n\nb\n\n" * 401}, "body/text"),
        ],
    )
    def test_refuses_what_could_not_be_cited(
        self, admin: TestClient, index: VectorIndex, changes: Json, location: str
    ) -> None:
        """Each names its place; nothing is stored."""
        answer = admin.post(f"{BASE}/passages", json=document(**changes))
        assert 422 == answer.status_code
        assert [location] == [error["location"] for error in answer.json()["errors"]]
        assert 2 == index.count()

    def test_waits_for_nobody(self, admin: TestClient, stage: Resources) -> None:
        """While somebody else changes the knowledge it is refused, and may be tried again."""
        with stage.database().service_session() as session:
            repository.lock(session)
            assert (409, "knowledge-busy") == problem(admin.post(f"{BASE}/passages", json=document()))
        assert 201 == admin.post(f"{BASE}/passages", json=document()).status_code


class TestFiles:
    """POST /files."""

    def test_takes_markdown(self, admin: TestClient, index: VectorIndex) -> None:
        """Windows's line ends and byte order mark included."""
        told = sent(admin, "\ufeff# One\r\n\r\nÄrmel hoch.\r\n".encode()).json()
        assert ["Ärmel hoch."] == texts(index, told["document"]["id"])

    def test_takes_a_pdf(self, admin: TestClient, index: VectorIndex) -> None:
        """Each passage names its page beside the source's own place."""
        answer = sent(admin, pdf(["Rest between sets.", "", "Train each muscle twice."]))
        assert 201 == answer.status_code, answer.text
        told = answer.json()
        assert ("pdf", 3) == (told["document"]["format"], told["document"]["pages"])
        places = [item.metadata["source_locator"] for item in index.get(told["passage_ids"])]
        assert ["14:18, p. 1", "14:18, p. 3"] == places

    @pytest.mark.parametrize(
        ("content", "slug"),
        [
            (b"%PDF-1.4\nbroken", "unreadable-pdf"),
            (pdf(["", ""]), "unreadable-pdf"),
            (b"\xff\xfe\x00text", "unfit-document"),
            (b"", "unfit-document"),
            (b"a" * 300_001, "unfit-document"),
        ],
    )
    def test_refuses_what_has_no_text(self, admin: TestClient, content: bytes, slug: str) -> None:
        """Broken, scanned, not UTF-8, empty, too long."""
        assert (422, slug) == problem(sent(admin, content))

    @pytest.mark.parametrize(
        ("changes", "location"),
        [
            ({"source": "no json"}, "body/source"),
            ({"source": "{}"}, "body/source/title"),
            ({"topic": "astrology"}, "body/topic"),
            ({"colour": "red"}, "body/colour"),
        ],
    )
    def test_refuses_values(self, admin: TestClient, changes: dict[str, str], location: str) -> None:
        """Each names its place."""
        answer = sent(admin, b"Some text.", **changes)
        assert 422 == answer.status_code
        assert location in [error["location"] for error in answer.json()["errors"]]

    def test_refuses_one_over_the_limit(self, admin: TestClient) -> None:
        """Before it is read."""
        assert (413, "payload-too-large") == problem(sent(admin, b"a" * 4_600_000))


class TestList:
    """GET /documents and GET /passages."""

    def test_documents_are_listed_by_title(self, admin: TestClient) -> None:
        """A page at a time."""
        for title in ("Zinc", "Iron", "Creatine"):
            admin.post(f"{BASE}/passages", json=document(title=title, text=f"{title} is a thing."))
        first = admin.get(f"{BASE}/documents", params={"limit": 2}).json()
        rest = admin.get(f"{BASE}/documents", params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert ["Creatine", "Iron", "Zinc"] == [one["title"] for one in first["items"] + rest["items"]]
        assert rest["next_cursor"] is None
        assert SOURCE == first["items"][0]["source"]

    def test_passages_are_listed_with_the_seeds(self, admin: TestClient) -> None:
        """The seeds' are marked as theirs."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        first = admin.get(f"{BASE}/passages", params={"limit": 3}).json()
        rest = admin.get(f"{BASE}/passages", params={"limit": 3, "cursor": first["next_cursor"]}).json()
        expected = [(key, False) for key in told["passage_ids"]] + [("rest-days", True), ("sleep", True)]
        assert expected == [(one["id"], one["is_seeded"]) for one in first["items"] + rest["items"]]

    def test_passages_of_one_document(self, admin: TestClient) -> None:
        """And no others."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        found = admin.get(f"{BASE}/passages", params={"document_id": told["document"]["id"]}).json()["items"]
        assert told["passage_ids"] == [one["id"] for one in found]

    def test_refuses_a_forged_cursor(self, admin: TestClient) -> None:
        """Rather than to begin anew."""
        assert [422, 422] == [
            admin.get(f"{BASE}/{name}", params={"cursor": "x"}).status_code for name in ("documents", "passages")
        ]


class TestSearch:
    """GET /search."""

    def test_finds_with_scores(self, admin: TestClient) -> None:
        """The nearest first, documents and seeds alike."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        found = admin.get(f"{BASE}/search", params={"q": "How much creatine a day?", "limit": 4}).json()
        assert "offline-lexical-1" == found["embedder"]
        scores = [one["score"] for one in found["items"]]
        assert sorted(scores, reverse=True) == scores
        assert told["passage_ids"][0] == found["items"][0]["id"]
        assert {"rest-days", "sleep"} < {one["id"] for one in found["items"]}


class TestDelete:
    """DELETE /documents/{id}."""

    def test_removes_the_passages(self, admin: TestClient, index: VectorIndex) -> None:
        """And nothing else; once."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        url = f"{BASE}/documents/{told['document']['id']}"
        assert 204 == admin.delete(url).status_code
        assert ["rest-days", "sleep"] == index.ids()
        assert (404, "document-not-found") == problem(admin.delete(url))


class TestCoach:
    """What an ordinary user notices."""

    def test_the_coach_cites_it(self, admin: TestClient, caller: TestClient) -> None:
        """The next answer leans on the document and names its source."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        answer = caller.post("/api/v1/chat/send", json={"message": "How much creatine should I take a day?"}).json()
        cited = {one["passage_id"]: one for one in answer["citations"]}
        assert told["passage_ids"][0] in cited
        source = cited[told["passage_ids"][0]]["source"]
        assert {name: SOURCE[name] for name in source} == source

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "passages"),
            ("POST", "files"),
            ("GET", "documents"),
            ("DELETE", "documents/doc-0123456789abcdef"),
            ("GET", "passages"),
            ("GET", "search?q=creatine"),
            ("POST", "reindex"),
        ],
    )
    def test_the_rest_is_for_administrators(self, caller: TestClient, method: str, path: str) -> None:
        """A user may not, and nobody is asked to sign in."""
        body = document() if path == "passages" and method == "POST" else None
        assert (403, "forbidden") == problem(caller.request(method, f"{BASE}/{path}", json=body))
        del caller.headers["Authorization"]
        assert (401, "unauthenticated") == problem(caller.request(method, f"{BASE}/{path}", json=body))

    def test_no_user_reads_the_originals(self, stage: Resources) -> None:
        """Not past the API either: the tables are the service's own."""
        with stage.database().service_session() as session:
            granted = "has_table_privilege('authenticated', 'coachwork.knowledge_documents', 'select')"
            assert session.value(f"select {granted}") is False
