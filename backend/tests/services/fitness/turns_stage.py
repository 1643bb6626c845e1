"""What tests of turns share: tasks that wait to be told, and a model that does as it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models import Answer, ChatRequest, Heard, ToolCall, ToolChoice, Usage
from coachwork.chassis.tasks import Invocation, Task

TURNS = "/api/v1/chat/turns"
SEND = "/api/v1/chat/send"
LATER = {"Prefer": "respond-async"}
Json = dict[str, Any]


@dataclass
class HeldTasks:
    """Does nothing until it is told to, and then each task as often as it is told."""

    held: list[tuple[Task, Callable[[Invocation], None]]] = field(default_factory=list)
    longest_wait_seconds = 300.0

    def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
        """Hold the task."""
        self.held.append((task, run))

    def run(self) -> None:
        """Do the last one, once more."""
        self.held[-1][1](Invocation())


@dataclass
class ToldModel:
    """Calls `then` before it answers, if it is given, and counts."""

    then: Callable[[Heard], None] | None = None
    calls: Sequence[ToolCall] = ()
    asked: list[str] = field(default_factory=list)
    name = "told"

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Want what it was told to want."""
        self.asked.append("choose")
        return ToolChoice(self.calls, Usage(10, 1))

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Answer, once `then` has returned."""
        self.asked.append("answer")
        if self.then and heard:
            self.then(heard)
        return Answer("Told.", (), Usage(20, 2))


def threads_of(client: TestClient) -> list[Json]:
    """Return the caller's threads."""
    items: list[Json] = client.get("/api/v1/chat/threads").json()["items"]
    return items


def asked_later(client: TestClient, message: str = "How much protein do I need?", **fields: Any) -> Json:
    """Ask without waiting; return the turn as it is then."""
    response = client.post(SEND, json={"message": message, **fields}, headers=LATER)
    assert response.status_code == 202, response.text
    state: Json = response.json()
    return state


def state_of(client: TestClient, turn_id: str) -> Json:
    """Return how far a turn is."""
    response = client.get(f"{TURNS}/{turn_id}")
    assert response.status_code == 200, response.text
    state: Json = response.json()
    return state
