"""Answers from documents, heard as they are written."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from tests.services.knowledge.chat.questions import CHAT, LEASE, THREADS, TURNS, ToldModel, answering, given_document

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models import Answer, ChatRequest
from coachwork.chassis.resources import Resources

NewCaller = Callable[..., TestClient]
QUESTION = {"message": "With how much notice may I end the lease?"}


def _events(text: str) -> list[tuple[str, Any]]:
    """Return the events of a stream, each with its data."""
    blocks = [
        dict(line.split(": ", 1) for line in block.splitlines() if line[0] != ":") for block in text.split("\n\n")
    ]
    return [(block["event"], json.loads(block["data"])) for block in blocks if block]


@pytest.fixture
def asked(owner_id: UUID, document_resources: Resources) -> Resources:
    """Return the resources, a lease being among the owner's documents."""
    given_document(document_resources, owner_id, "lease.pdf", LEASE)
    return document_resources


class TestStream:
    """POST /api/v1/knowledge/chat/stream."""

    def test_tells_tokens_citations_and_the_turn(self, new_caller: NewCaller, asked: Resources) -> None:
        """The pieces together are the answer, and the last event is the stored turn."""
        client = new_caller()
        response = client.post(f"{CHAT}/stream", json=QUESTION)
        events = _events(response.text)
        done = events[-1][1]
        tokens = [data for event, data in events if event == "token"]
        last = max((place for place, data in enumerate(tokens) if data["begins_anew"]), default=0)
        assert ("done", done["answer"]) == (events[-1][0], "".join(data["text"] for data in tokens[last:]))
        assert done["citations"] == [data for event, data in events if event == "citation"]
        assert f"{TURNS}/{done['turn_id']}" == response.headers["Location"]
        assert [done] == client.get(f"{THREADS}/{done['thread_id']}").json()["items"]

    def test_a_failure_is_its_last_event(self, new_caller: NewCaller, asked: Resources) -> None:
        """A problem, and the turn can be tried again."""

        def says(request: ChatRequest) -> Answer:
            raise ModelUnavailable

        client = new_caller(answering(asked, ToldModel(says)))
        events = _events(client.post(f"{CHAT}/stream", json=QUESTION).text)
        assert ("error", 503) == (events[-1][0], events[-1][1]["status"])
        assert ["failed"] == [turn["state"] for turn in client.get(TURNS).json()["items"]]

    def test_what_is_not_shown_is_taken_back(self, new_caller: NewCaller, asked: Resources) -> None:
        """Where the model cites nothing, what was heard of it is replaced."""
        model = ToldModel(lambda request: Answer("One month.", ()), then=lambda heard: heard("One month."))
        events = _events(new_caller(answering(asked, model)).post(f"{CHAT}/stream", json=QUESTION).text)
        tokens = [data for event, data in events if event == "token"]
        assert [False, True] == [data["begins_anew"] for data in tokens]
        assert events[-1][1]["answer"] == tokens[-1]["text"]
