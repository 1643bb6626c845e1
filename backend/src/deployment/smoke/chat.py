"""The coach: an answer that cites what it was grounded in, kept in a thread; and one that is not waited for."""

import re
from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.pauses import pauses

_QUESTION = "How much protein do I need to build muscle?"
_MARKER = re.compile(r"\[(\d{1,3})\]")
_FIELDS = ("passage_id", "title", "excerpt")
_UNDER_WAY = ("queued", "running")
_LONGEST_WAIT_SECONDS = 90
_MEANINGS = {
    "queued": "nobody takes up what the function hands over: may it invoke itself, and is an instance free?",
    "running": "whoever took it up may have ended without a word: was that the time or the memory of the function?",
}
_SOURCE_FIELDS = ("title", "authors", "publisher", "year")


def chat(context: CheckContext) -> str:
    """Every marker in the answer has its citation; the thread is kept, and deleted."""
    token = context.token()
    turn = context.client.request("POST", "/api/v1/chat/send", {"message": _QUESTION}, token=token).expect(200)
    thread = f"/api/v1/chat/threads/{turn.text('thread_id')}"
    context.add_cleanup(f"the {thread[13:]}", lambda: context.client.request("DELETE", thread, token=token))
    citations = turn.items("citations")
    _check_markers(turn, citations)
    for place in range(len(citations)):
        _check_fields(turn, place)
    kept = context.client.request("GET", thread, token=token).expect(200)
    kept.equal(turn.text("turn_id"), "items", 0, "turn_id")
    kept.equal(turn.text("answer"), "items", 0, "answer")
    context.client.request("DELETE", thread, token=token).expect(204)
    context.client.request("GET", thread, token=token).expect_problem(404)
    counted = "1 citation" if len(citations) == 1 else f"{len(citations)} citations"
    return f"{counted}, model {turn.text('model')}"


def later(context: CheckContext) -> str:
    """A question that is not waited for is accepted, answered by another invocation, and found where it was said."""
    token, asked_at = context.token(), monotonic()
    sent = {"Prefer": "respond-async"}
    accepted = context.client.request(
        "POST", "/api/v1/chat/send", {"message": _QUESTION}, token=token, headers=sent
    ).expect(202)
    where = f"/api/v1/chat/turns/{accepted.text('turn_id')}"
    if not accepted.headers.get("location", "").endswith(where):
        raise accepted.failed(f"answered 202 without the Location {where}")
    turn = _ended(context, where, token, asked_at)
    turn.equal("done", "state")
    thread = f"/api/v1/chat/threads/{turn.text('result', 'thread_id')}"
    context.add_cleanup(f"the {thread[13:]}", lambda: context.client.request("DELETE", thread, token=token))
    context.client.request("DELETE", thread, token=token).expect(204)
    return f"answered after {monotonic() - asked_at:.1f} s"


def _ended(context: CheckContext, path: str, token: str, asked_at: float) -> Answer:
    """Return the turn once nobody works at it any more; raises `Failed` when that takes too long."""
    patience_seconds = context.patience_seconds(_LONGEST_WAIT_SECONDS)
    for pause_seconds in pauses():
        turn = context.client.request("GET", path, token=token).expect(200)
        if (state := turn.text("state")) not in _UNDER_WAY:
            break
        if monotonic() - asked_at > patience_seconds:
            raise turn.failed(f"still says {state} after {patience_seconds:g} s", _MEANINGS[state])
        sleep(pause_seconds)
    return turn


def _check_markers(turn: Answer, citations: Sequence[Any]) -> None:
    marked = {int(number) for number in _MARKER.findall(turn.text("answer"))}
    cited = {citation.get("marker") for citation in citations if isinstance(citation, dict)}
    if bare := sorted(marked - cited):
        listed = " ".join(f"[{number}]" for number in bare)
        raise turn.failed(f"answered with {listed} in the text that no citation stands for")
    if not cited:
        meaning = "the knowledge may not be loaded: run python -m coachwork.tools.seed"
        raise turn.failed("answered without a citation", meaning)
    if unused := cited - marked:
        raise turn.failed(f"answered with citations its text never names: {sorted(unused, key=str)}")


def _check_fields(turn: Answer, place: int) -> None:
    citation, source = turn.mapping("citations", place), turn.mapping("citations", place, "source")
    missing = [name for name in _FIELDS if not citation.get(name)]
    missing += [f"source.{name}" for name in _SOURCE_FIELDS if not source.get(name)]
    if missing:
        raise turn.failed(f"answered with citation {place + 1} without {', '.join(missing)}")
