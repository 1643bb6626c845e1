"""How one of everything is made over the API: a line for each path parameter, and for each body no schema tells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from starlette.testclient import TestClient
from tests.e2e.operations import Operation, Place, example, operations
from tests.pdfs import pdf

Ids = dict[str, str]


@dataclass(frozen=True)
class Caller:
    """Somebody who calls the API; `words` are in every text they write."""

    client: TestClient
    words: str

    def send(self, operation: Operation, ids: Ids, place: Place | None = None, value: object = None) -> Any:
        """Send an operation with a body it takes; at `place`, a place in the body, it holds `value`."""
        body = None
        if operation.body is not None:
            body = example(operation.body, self.words)
            if operation.id in BODIES:
                body = {**body, **BODIES[operation.id](self.words)}
            if place is not None:
                body = _with(body, example(operation.body, self.words, place, value), place)
        return self.client.request(operation.method, operation.url(ids), json=body)

    def make(self, operation_id: str, ids: Ids | None = None) -> Any:
        """Return what an operation answers; it must work."""
        [operation] = [one for one in operations() if one.id == operation_id]
        answer = self.send(operation, ids or {})
        assert answer.is_success, f"{operation_id}: {answer.status_code} {answer.text}"
        return answer.json()


def _with(body: dict[str, Any], other: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return the body with what `other` has at the first step of the place."""
    return {**body, place[0]: other[place[0]]}


_GOAL = {"target_value": 3.0, "due_on": str(datetime.now(UTC).date() + timedelta(days=90))}

Maker = Callable[[Caller, Ids], str]


def _session(caller: Caller, _: Ids) -> str:
    """There is one open at a time: the one before is finished."""
    for one in caller.client.get("/api/v1/sessions", params={"state": "open"}).json()["items"]:
        caller.make("finish_session", {"session_id": one["id"]})
    return str(caller.make("start_session")["id"])


def _day(caller: Caller, ids: Ids) -> str:
    caller.make("finish_session", {"session_id": _session(caller, ids)})
    return str(caller.make("create_programme")["days"][0]["id"])


def _turn(caller: Caller) -> str:
    """An answered turn, with feedback on it."""
    turn_id = str(caller.make("send_message")["turn_id"])
    caller.make("put_feedback", {"turn_id": turn_id})
    return turn_id


def _last_exercise(session: dict[str, Any]) -> dict[str, Any]:
    last: dict[str, Any] = session["exercises"][-1]
    return last


def _document(caller: Caller) -> str:
    """A document that is searched, with the caller's words in it."""
    files = {"file": (f"{caller.words}.pdf", pdf([f"{caller.words} {uuid4()}"]), "application/pdf")}
    answer = caller.client.post("/api/v1/documents", files=files)
    assert answer.is_success, answer.text
    caller.client.app.state.resources.tasks().settle()  # type: ignore[attr-defined]  # typed as any ASGI app
    return str(answer.json()["document"]["id"])


def _asked(caller: Caller) -> Ids:
    return {"knowledge_thread_id": caller.make("ask_documents")["thread_id"]}


MAKERS: Mapping[str, Maker] = {
    "collection_id": lambda caller, _: caller.make("create_collection")["id"],
    "document_id": lambda caller, _: _document(caller),
    "goal_id": lambda caller, _: caller.make("create_goal")["id"],
    "memory_id": lambda caller, _: caller.make("create_memory")["id"],
    "knowledge_thread_id": lambda caller, _: caller.make("ask_documents")["thread_id"],
    "knowledge_turn_id": lambda caller, _: caller.make("ask_documents")["turn_id"],
    "log_id": lambda caller, _: caller.make("create_log")["id"],
    "measurement_id": lambda caller, _: caller.make("create_measurement")["id"],
    "position": lambda caller, ids: str(_last_exercise(caller.make("log_session_set", ids))["sets"][-1]["position"]),
    "programme_id": lambda caller, _: caller.make("create_programme")["id"],
    "session_exercise_id": lambda caller, ids: _last_exercise(caller.make("add_session_exercise", ids))["id"],
    "session_id": _session,
    "share_id": lambda caller, ids: caller.make("share_knowledge_thread", ids)["id"],
    "thread_id": lambda caller, _: caller.make("send_message")["thread_id"],
    "token": lambda caller, _: caller.make("share_knowledge_thread", _asked(caller))["token"],
    "turn_id": lambda caller, _: _turn(caller),
    "workout_id": lambda caller, _: caller.make("create_workout")["id"],
}
"""Path parameter -> what makes a thing of the caller's and returns its id; it gets the ids before it in the path."""

IN_BODIES: Mapping[str, Maker] = {"day_id": _day}
"""The same for what only bodies name."""

BY_PLACE: Mapping[tuple[str, Place], Maker] = {
    (operation, ("thread_id",)): MAKERS["knowledge_thread_id"] for operation in ("ask_documents", "stream_documents")
}
"""The same for what a body calls as another service calls its own."""

FILTERS = {
    (operation, ("document_ids", "[]")) for operation in ("ask_documents", "stream_documents", "search_documents")
}
"""Ids in bodies that narrow what is looked for: by another's nothing is found, which is no failure."""


def maker_of(operation_id: str, place: Place) -> Maker | None:
    """Return what makes what a body names at a place; None where nobody has said."""
    name = next(step for step in reversed(place) if step != "[]")
    return BY_PLACE.get((operation_id, place)) or {**MAKERS, **IN_BODIES}.get(name.removesuffix("s"))


PARTS = {
    ("replace_programme", ("days", "[]", "id")),
    ("replace_programme", ("days", "[]", "slots", "[]", "id")),
}
"""Ids in bodies that name a part of the very thing in the path; tests/services/fitness/programmes tries others'."""

ONE_BY_ONE = {("create_documents", ("items", "[]", "collection_id"))}
"""Ids in bodies of operations that answer for each item apart; tests/e2e/knowledge tries others'."""

SHARED: Mapping[str, str] = {
    "chart": "volume",
    "number": "0",
    "path": "exercises/barbell-back-squat/beginner.mp4",
    "slug": "novice-full-body",
    "slug_or_id": "barbell-back-squat",
    "text_id": "doc-0123456789abcdef",
}
"""Path parameters of what belongs to everybody, with one that is there: reading is free, changing is not."""

ADMINISTRATORS = {"export_feedback", "list_documents", "list_passages"}
"""What only administrators read."""

BODIES: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "create_goal": lambda words: {**_GOAL, "note": words, "kind": "weekly_sessions", "exercise": None},
    "replace_goal": lambda words: {**_GOAL, "note": words},
    "create_log": lambda words: {"notes": words, "sets": [{"reps": 5, "weight_kg": 80}]},
    "replace_log": lambda words: {"notes": words, "sets": [{"reps": 5, "weight_kg": 80}]},
    "create_memory": lambda words: {"text": f"{words} {uuid4()}"},
    "create_measurement": lambda _: {"weight_kg": 80},
    "replace_measurement": lambda _: {"weight_kg": 81},
}
"""Operation -> what its body wants beyond what its schema says."""

ANONYMOUS = {"read_shared_thread", "liveness", "register", "login", "refresh", "get_key_set", "read_health"}
"""Operations that take no access token; whoever has a link's own token may read what it opens."""
