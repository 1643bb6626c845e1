"""Restoring more than an account may have."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem

from coachwork.services.fitness.domain.caps import CAPS, Cap

EXPORT, IMPORTS = "/api/v1/export", "/api/v1/imports"
SQUAT = "barbell-back-squat"
Json = dict[str, Any]


@pytest.fixture
def document(caller: TestClient) -> Json:
    """Return an export with a row in every table there is a cap of."""

    def post(path: str, body: Json) -> Json:
        answer = caller.post(f"/api/v1{path}", json=body)
        assert 201 == answer.status_code, answer.text
        made: Json = answer.json()
        return made

    post("/exercises", {"name": "Log Flip"})
    post("/memories", {"text": "I train at home"})
    post("/workouts-db/", {"name": "A", "exercises": [{"exercise": SQUAT, "target_sets": 3}]})
    slot = {"exercise": SQUAT, "sets": [{"min_sets": 1, "min_reps": 5}]}
    programme = post("/programmes", {"name": "Mine", "days": [{"name": "A", "slots": [slot]}]})
    session = post("/sessions", {"day_id": programme["days"][0]["id"]})
    post(f"/sessions/{session['id']}/exercises/{session['exercises'][0]['id']}/sets", {"reps": 5, "weight_kg": 60})
    exported: Json = caller.get(EXPORT).json()
    return exported


@pytest.fixture
def restore(other_caller: TestClient) -> Callable[[Json], Any]:
    """Return a function that restores a document into another account."""
    return lambda document: other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)


def fill(rows: list[Json], count: int) -> None:
    """Add rows like the first in what it belongs to, each its own in what tells it apart, until there are so many."""
    for number in range(count - len(rows)):
        own = {
            "id": str(uuid4()),
            "position": 1000 + number,
            "slug": f"my-copy-{number}",
            "name": f"Copy {number}",
            "text": f"Copy {number}",
            "log_id": None if "session_id" in rows[0] else rows[0].get("log_id"),
        }
        rows.append({**rows[0], **{name: value for name, value in own.items() if name in rows[0]}})


@pytest.mark.parametrize(("table", "cap"), CAPS.items(), ids=CAPS.keys())
class TestCaps:
    """POST /imports of an export, at the edge of what an account may have."""

    def test_one_too_many(
        self, document: Json, restore: Callable[[Json], Any], other_caller: TestClient, table: str, cap: Cap
    ) -> None:
        """Everything is taken back, and the answer names what there would be too much of."""
        fill(document["tables"][table], cap.most + 1)
        refused = restore(document)
        assert (409, "too-much-to-restore") == problem(refused)
        assert refused.json()["detail"].startswith(f"{table}: there would be {cap.most + 1}")
        assert {} == other_caller.get(EXPORT).json()["tables"]

    def test_as_many_as_may_be(self, document: Json, restore: Callable[[Json], Any], table: str, cap: Cap) -> None:
        """They are stored, and again changes nothing."""
        fill(document["tables"][table], cap.most)
        assert {"stored": cap.most, "kept": 0} == restore(document).json()["restored"][table]
        assert {"stored": 0, "kept": cap.most} == restore(document).json()["restored"][table]


class TestWhatIsThere:
    """POST /imports of an export into an account that has something."""

    def test_counts_with_what_would_come(
        self, document: Json, restore: Callable[[Json], Any], other_caller: TestClient
    ) -> None:
        """The account may have so much, whoever put it there; it keeps what it has."""
        assert 201 == other_caller.post("/api/v1/memories", json={"text": "I train at dawn"}).status_code
        fill(document["tables"]["memories"], CAPS["memories"].most)
        assert (409, "too-much-to-restore") == problem(restore(document))
        assert ["memories"] == list(other_caller.get(EXPORT).json()["tables"])
