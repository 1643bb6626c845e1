"""Twelve weeks of talking to the coach: plans, memories, a stream, a turn that takes longer, feedback."""

import json
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

from tests.e2e.season.ledger.book import WEEK
from tests.e2e.season.ledger.overview import totals
from tests.e2e.season.story import Story

Json = dict[str, Any]


def _say(story: Story, message: str, **more: object) -> Json:
    turn: Json = story.person.make("/chat/send", {"message": message, **more}, 200)
    assert message == turn["question"]
    story.turns.append(turn)
    return turn


def talk(story: Story) -> None:
    """Say something in each of the weeks."""
    _plans(story)
    _memories(story)
    _progress(story)
    asked = _say(story, "How much protein do I need to build muscle?")
    assert asked["citations"]
    request = {"verdict": "up", "reason": "It says per kilogram", "share": True}
    told = story.person.ask("PUT", f"/chat/turns/{asked['turn_id']}/feedback", request)
    cited = [one["passage_id"] for one in asked["citations"]]
    story.comparison.agree("feedback", cited, [one["passage_id"] for one in told["passages"]])
    again = _say(story, "And when cutting fat?", thread_id=asked["thread_id"])
    assert asked["thread_id"] == again["thread_id"]
    _stream(story)
    _later(story)
    assert "injury" == _say(story, "I felt a sharp pain in my knee and it is swollen")["safety"]["concern"]
    assert _say(story, "Which exercises train my calves?")["tool_runs"]


def _plans(story: Story) -> None:
    """Ask for two plans; discard one draft and accept the other."""
    drafts = []
    for question in ("Build me a 3 day strength plan", "Build me a 2 day muscle plan with dumbbells"):
        [run] = _say(story, question)["tool_runs"]
        drafts.append(run["result"]["programme_id"])
    story.person.ask("DELETE", f"/programmes/{drafts[0]}", status=204)
    accepted = story.person.make(f"/programmes/{drafts[1]}/accept", status=200)
    assert ("active", "coach", 2) == (accepted["status"], accepted["source"], accepted["days_per_week"])
    story.accepted = accepted


def _memories(story: Story) -> None:
    """Be remembered, look at it, correct one, forget one, and add one by hand."""
    for sentence in ("I train at home with dumbbells.", "Remember that my left wrist is weak"):
        _say(story, sentence)
    wrist, home = story.person.every("/memories")
    assert ["my left wrist is weak", "I train at home with dumbbells."] == [wrist["text"], home["text"]]
    story.person.get(f"/memories/{wrist['id']}")
    story.person.ask("PUT", f"/memories/{wrist['id']}", {"text": "Both wrists are fine now"}, headers=story.person.etag)
    story.person.ask("DELETE", f"/memories/{home['id']}", status=204)
    story.person.make("/memories", {"text": "I eat no fish"})
    story.memories = ["I eat no fish", "Both wrists are fine now"]


def _progress(story: Story) -> None:
    """Ask how it goes: the tool's figures are the ledger's of the last twelve weeks."""
    [run] = _say(story, "How is my progress in the last 12 weeks?")["tool_runs"]
    recent = [log for log in story.book.logs if log.at >= datetime.now(UTC) - 12 * WEEK]
    story.comparison.agree("coach's figures", totals(recent), run["result"]["totals"])


def _stream(story: Story) -> None:
    """Hear an answer: the tokens make a text, and what is done is the turn."""
    told = story.person.ask("POST", "/chat/stream", {"message": "How long should I rest between heavy sets?"})
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in told.strip().split("\n\n")]
    kinds = [event["event"] for event in events]
    assert {"token", "citation", "done"} == set(kinds)
    story.turns.append(json.loads(events[-1]["data"]))


def _later(story: Story) -> None:
    """Ask without waiting, and come back for the answer."""
    message = {"message": "Should I train to failure?"}
    begun = story.person.ask("POST", "/chat/send", message, status=202, headers={"Prefer": "respond-async"})
    deadline = monotonic() + 20
    while (state := story.person.get(f"/chat/turns/{begun['turn_id']}"))["state"] in {"queued", "running"}:
        assert monotonic() < deadline
        sleep(0.02)
    assert "done" == state["state"]
    story.turns.append(state["result"])
