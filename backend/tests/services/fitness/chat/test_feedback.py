"""Feedback on answers, over HTTP: its author's alone, unless they share it."""

import json
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.turn_calls import SEND, TURNS, NewCaller

from coachwork.chassis.errors import Forbidden
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database

EXPORT = "/api/v1/feedback/export"


@pytest.fixture
def admin(
    knowing: Resources, client_for: Callable[..., TestClient], sign_in_admin: Callable[[TestClient], dict[str, str]]
) -> TestClient:
    """Return an administrator."""
    client = client_for(knowing)
    client.headers.update(sign_in_admin(client))
    return client


def answered(client: TestClient, message: str = "How much protein do I need?") -> dict[str, object]:
    """Ask; return the turn."""
    turn: dict[str, object] = client.post(SEND, json={"message": message}).json()
    return turn


def place(turn: dict[str, object]) -> str:
    """Return where feedback on a turn is."""
    return f"{TURNS}/{turn['turn_id']}/feedback"


def exported(admin: TestClient) -> list[dict[str, object]]:
    """Return every line of the export, asked for in parts of two."""
    lines: list[dict[str, object]] = []
    while True:
        after = {"after": str(lines[-1]["id"])} if lines else {}
        text = admin.get(EXPORT, params={"limit": "2", **after}).text
        if not text:
            return lines
        lines += [json.loads(line) for line in text.splitlines()]


class TestPut:
    """PUT feedback."""

    def test_is_kept_with_its_passages(self, caller: TestClient) -> None:
        """What was said, and the passages the answer cites."""
        turn = answered(caller)
        put = caller.put(place(turn), json={"verdict": "down", "reason": "Too long"})

        assert (200, '"1"') == (put.status_code, put.headers["etag"])
        told = caller.get(place(turn)).json()
        assert put.json() == told
        assert ("down", "Too long", False) == (told["verdict"], told["reason"], told["is_shared"])
        cited = [one["passage_id"] for one in turn["citations"]]  # type: ignore[attr-defined]  # JSON
        assert cited
        assert cited == [one["passage_id"] for one in told["passages"]]

    def test_changes_what_was_said(self, caller: TestClient) -> None:
        """One a turn; a lost update is a 412."""
        turn = answered(caller)
        caller.put(place(turn), json={"verdict": "down"})
        caller.put(place(turn), json={"verdict": "up"})

        late = caller.put(place(turn), json={"verdict": "down"}, headers={"If-Match": '"1"'})

        assert (412, "precondition-failed") == problem(late)
        assert "up" == caller.get(place(turn)).json()["verdict"]

    def test_on_anothers_turn(self, caller: TestClient, new_caller: NewCaller) -> None:
        """There is no such turn."""
        turn, other = answered(caller), new_caller()
        assert (404, "turn-not-found") == problem(other.put(place(turn), json={"verdict": "up"}))
        assert (404, "feedback-not-found") == problem(other.get(place(turn)))


class TestDelete:
    """DELETE feedback."""

    def test_takes_it_back(self, caller: TestClient) -> None:
        """It is gone, and there is nothing to take back again."""
        turn = answered(caller)
        caller.put(place(turn), json={"verdict": "up"})
        assert 204 == caller.delete(place(turn)).status_code
        assert (404, "feedback-not-found") == problem(caller.delete(place(turn)))

    def test_goes_with_the_thread(self, caller: TestClient, admin: TestClient) -> None:
        """Nothing of a conversation outlives it."""
        turn = answered(caller, "How much sleep do I need, thread?")
        caller.put(place(turn), json={"verdict": "up", "share": True})
        caller.delete(f"/api/v1/chat/threads/{turn['thread_id']}")
        assert turn["question"] not in [line["question"] for line in exported(admin)]


class TestExport:
    """GET /feedback/export."""

    def test_has_what_was_shared_and_not_whose(self, caller: TestClient, admin: TestClient) -> None:
        """The shared case is a line, the other is not; neither id nor address of anybody is in it."""
        me = caller.get("/api/v1/users/me").json()
        for number, share in enumerate([True, True, True, False]):
            turn = answered(caller, f"How much protein do I need, case {number}?")
            caller.put(place(turn), json={"verdict": "down", "reason": f"case {number}", "share": share})

        mine = [line for line in exported(admin) if str(line["reason"]).startswith("case")]

        assert ["case 0", "case 1", "case 2"] == sorted(str(line["reason"]) for line in mine)
        assert {"id", "verdict", "reason", "question", "answer", "model", "passages"} == set(mine[0])
        text = json.dumps(mine)
        assert [] == [one for one in (me["id"], me["email"], turn["turn_id"], turn["thread_id"]) if str(one) in text]

    def test_is_for_administrators(self, caller: TestClient) -> None:
        """Nobody else reads what others shared."""
        assert (403, "forbidden") == problem(caller.get(EXPORT))

    @pytest.mark.parametrize("column", ["user_id", "turn_id", "created_at"])
    def test_its_role_cannot_say_whose(self, database: Database, column: str) -> None:
        """The database refuses that role the columns that would tell."""
        with pytest.raises(Forbidden), database.service_session() as session:
            session.value(f"select {column} from public.turn_feedback limit 1")
