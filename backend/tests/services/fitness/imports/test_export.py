"""Exporting everything, and restoring it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import problem
from tests.services.fitness.tenants import SHARED_TABLES, TENANT_TABLES, rows_of

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.repository.export import TABLES
from coachwork.services.fitness.schemas.rows.tables import NOT_EXPORTED
from coachwork.services.fitness.service.export import MAX_SPREADSHEET_SETS, export_part
from coachwork.services.fitness.service.restore import restore

EXPORT, IMPORTS, ME = "/api/v1/export", "/api/v1/imports", "/api/v1/users/me"
LOGS, WORKOUTS = "/api/v1/workouts-db/logs", "/api/v1/workouts-db/"
Json = dict[str, Any]


@pytest.fixture
def client(knowing: Resources, client_for: Callable[[Resources], TestClient]) -> TestClient:
    """Return an HTTP client where the coach knows something."""
    return client_for(knowing)


@pytest.fixture
def trained(caller: TestClient) -> TestClient:
    """Return a caller with something in every table that is exported."""

    def post(path: str, body: Json) -> Json:
        answer = caller.post(f"/api/v1{path}", json=body)
        assert answer.status_code in {200, 201}, answer.text
        made: Json = answer.json()
        return made

    profile = {"display_name": "Sam", "height_cm": 176.5, "equipment": ["barbell", "rack"], "injuries": ["knee"]}
    assert 200 == caller.put("/api/v1/profile", json=profile).status_code
    own = post("/exercises", {"name": "Log Flip", "primary_muscles": ["glutes"]})
    plan = {"exercise": own["slug"], "target_sets": 3, "target_reps": 5, "target_weight_kg": 60.5}
    workout = post("/workouts-db/", {"name": "A", "notes": "=1+1", "exercises": [plan]})
    done = {"reps": 5, "weight_kg": 82.5, "rpe": 8.5}
    for exercise in ("barbell-back-squat", own["slug"]):
        post("/workouts-db/logs", {"exercise": exercise, "workout_id": workout["id"], "sets": [done], "notes": "=cmd"})
    post("/workouts-db/logs", {"exercise": "outdoor-run", "sets": [{"distance_m": 5000.5, "duration_seconds": 1500}]})
    post("/body/measurements", {"weight_kg": 80.25, "circumferences_cm": {"waist": 82.5}})
    post("/goals", {"kind": "body_weight", "target_value": 78, "due_on": "2027-03-31"})
    post("/goals", {"kind": "one_rep_max", "exercise": own["slug"], "target_value": 200, "due_on": "2027-03-31"})
    turn = post("/chat/send", {"message": "How many sets a week for my chest?"})
    assert 200 == caller.put(f"/api/v1/chat/turns/{turn['turn_id']}/feedback", json={"verdict": "up"}).status_code
    post("/chat/send", {"message": "I want to hurt myself"})
    post("/memories", {"text": "I train at home"})
    programme = post("/programmes", {"template": caller.get("/api/v1/programme-templates").json()["items"][0]["slug"]})
    for _ in range(2):
        session = post("/sessions", {"day_id": programme["days"][0]["id"]})
        for item in session["exercises"]:
            sets = {"reps": 5, "weight_kg": 60} if item["targets"][0]["min_reps"] else {"duration_seconds": 30}
            post(f"/sessions/{session['id']}/exercises/{item['id']}/sets", sets)
        post(f"/sessions/{session['id']}/finish", {})
    return caller


def _user(client: TestClient) -> UUID:
    return UUID(client.get(ME).json()["id"])


def _export(client: TestClient) -> Json:
    answer = client.get(EXPORT)
    assert 200 == answer.status_code, answer.text
    document: Json = answer.json()
    return document


def _restored(client: TestClient, document: Json, **query: Any) -> Json:
    answer = client.post(IMPORTS, params={"kind": "coachwork", **query}, json=document)
    assert 200 == answer.status_code, answer.text
    counts: Json = answer.json()["restored"]
    return counts


def _state(test_database: TestDatabase, client: TestClient) -> dict[str, list[Json]]:
    """Return everything a user has in public tables, each id and user told by the place where it is first named."""
    rows = rows_of(test_database.owner_url, _user(client))
    public = {name.removeprefix("public."): found for name, found in rows.items() if name.startswith("public.")}
    with psycopg.connect(test_database.owner_url) as connection:
        slugs = dict(connection.execute("select id::text, slug from public.exercises").fetchall())
    return {name: _told([_named(row, slugs) for row in found]) for name, found in public.items() if found}


def _named(row: Json, slugs: dict[str, str]) -> Json:
    own = {"id", "user_id", "export_id"} | {
        f"{noun}_id" for noun in ("workout", "log", "thread", "turn", "programme", "day", "slot", "session")
    }
    kept = {name: slugs.get(str(value), value) for name, value in row.items() if name not in own}
    if kept.get("decision"):
        kept["decision"] = {**kept["decision"], "evidence": len(kept["decision"]["evidence"])}
    return kept


def _told(rows: list[Json]) -> list[Json]:
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))


class TestTables:
    """What an export covers."""

    def test_every_tenant_table_is_exported_or_left_out_for_a_reason(self) -> None:
        """A new table fails this until it has a row in `ExportTables`, or a reason in NOT_EXPORTED."""
        assert {*TENANT_TABLES, *SHARED_TABLES} == {table.name for table in TABLES} | NOT_EXPORTED.keys()
        assert all(NOT_EXPORTED.values())

    @pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
    def test_every_column_is_exported(self, table: Any, test_database: TestDatabase) -> None:
        """A row of an export has each column but the user's; a new column fails this until its row knows it."""
        with psycopg.connect(test_database.owner_url) as connection:
            found = connection.execute(
                "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s",
                [table.name],
            ).fetchall()
        assert {name for (name,) in found} - {"user_id"} == set(table.columns)


class TestRoundTrip:
    """An export, restored."""

    def test_into_another_account(
        self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase
    ) -> None:
        """An empty account becomes the same, table by table, but for ids; the first keeps what it has."""
        before = _state(test_database, trained)
        document = _export(trained)
        assert {table.name for table in TABLES} == document["tables"].keys()

        counts = _restored(other_caller, document)

        assert {name: {"stored": len(rows), "kept": 0} for name, rows in before.items()} == counts
        assert before == _state(test_database, other_caller)
        assert before == _state(test_database, trained)

    def test_the_copy_works(self, trained: TestClient, other_caller: TestClient) -> None:
        """What the API tells of the copy is what it tells of the original."""
        _restored(other_caller, _export(trained))
        for path in ("/workouts-db/logs", "/workouts-db/progress", "/body/measurements", "/goals", "/sessions"):
            one, other = (client.get(f"/api/v1{path}").json() for client in (trained, other_caller))
            assert json.dumps(one).count("performed_at") == json.dumps(other).count("performed_at")
            assert len(one.get("items", [])) == len(other.get("items", []))
        again, first = _export(other_caller), _export(trained)
        assert {name: len(rows) for name, rows in first["tables"].items()} == {
            name: len(rows) for name, rows in again["tables"].items()
        }

    def test_a_plan_s_turn_finds_its_plan(self, trained: TestClient, other_caller: TestClient) -> None:
        """What a tool's result names has the id it has in the other account."""
        question = {"message": "Build me a 2 day strength plan"}
        thread_id = trained.post("/api/v1/chat/send", json=question).json()["thread_id"]
        _restored(other_caller, _export(trained))

        threads = other_caller.get("/api/v1/chat/threads").json()["items"]
        turns = [other_caller.get(f"/api/v1/chat/threads/{one['id']}").json()["items"] for one in threads]
        [run] = [run for kept in turns for turn in kept for run in turn["tool_runs"] if run["name"] == "build_plan"]
        programme = other_caller.get(f"/api/v1/programmes/{run['result']['programme_id']}").json()
        assert ("draft", "coach") == (programme["status"], programme["source"])
        assert thread_id not in {one["id"] for one in threads}

    def test_into_the_same_account(self, trained: TestClient, test_database: TestDatabase) -> None:
        """Rows keep their ids: what is there stays, and what was deleted comes back as it was."""
        whole = rows_of(test_database.owner_url, _user(trained))
        document = _export(trained)
        log_id = document["tables"]["performance_logs"][0]["id"]
        trained.delete(f"{LOGS}/{log_id}")

        counts = _restored(trained, document)

        assert (1, 1) == (counts["performance_logs"]["stored"], counts["logged_sets"]["stored"])
        restored = rows_of(test_database.owner_url, _user(trained))
        assert whole["public.performance_logs"] == restored["public.performance_logs"]
        assert whole["public.logged_sets"] == restored["public.logged_sets"]

    def test_twice(self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase) -> None:
        """The second time nothing changes, and the answer says so."""
        document = _export(trained)
        first = _restored(other_caller, document)
        before = rows_of(test_database.owner_url, _user(other_caller))

        second = _restored(other_caller, document)

        assert {name: {"stored": 0, "kept": one["stored"]} for name, one in first.items()} == second
        assert before == rows_of(test_database.owner_url, _user(other_caller))

    def test_dry_run(self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase) -> None:
        """It says what the real run does, and leaves nothing."""
        document = _export(trained)
        before = rows_of(test_database.owner_url, _user(other_caller))

        dry = _restored(other_caller, document, dry_run=True)

        assert before == rows_of(test_database.owner_url, _user(other_caller))
        assert dry == _restored(other_caller, document)

    def test_in_parts(
        self, trained: TestClient, other_caller: TestClient, database: Database, test_database: TestDatabase
    ) -> None:
        """However small its parts, an export is whole once, and restoring them in order restores it."""
        principal, other = Principal(_user(trained)), Principal(_user(other_caller))
        parts, cursor = list[Json](), None
        while not parts or cursor:
            part = export_part(database, principal, cursor, datetime.now(UTC), max_bytes=1_000)
            parts.append(json.loads(part))
            cursor = parts[-1]["next_cursor"]
            restore(database, other, part.encode(), dry_run=False, now=datetime.now(UTC))

        whole = _export(trained)["tables"]
        together = {name: [row for part in parts for row in part["tables"].get(name, [])] for name in whole}
        assert whole == together
        assert 5 < len(parts)
        assert _state(test_database, trained) == _state(test_database, other_caller)

    def test_from_before_programmes_said_when_they_were_followed(
        self, trained: TestClient, other_caller: TestClient
    ) -> None:
        """Such an export is restored as far as it tells: an active programme since it was active."""
        document = _export(trained)
        for row in document["tables"]["programmes"]:
            del row["switched_at"]
        _restored(other_caller, document)
        [row] = _export(other_caller)["tables"]["programmes"]
        assert [row["active_since"]] == row["switched_at"]

    def test_feedback_is_shared_anew(self, trained: TestClient, other_caller: TestClient) -> None:
        """What was shared with the deployment's owner is not shared again by a file, whoever wrote it."""
        document = _export(trained)
        document["tables"]["turn_feedback"][0]["is_shared"] = True
        _restored(other_caller, document)
        assert [False] == [one["is_shared"] for one in _export(other_caller)["tables"]["turn_feedback"]]

    def test_of_nothing(self, caller: TestClient) -> None:
        """An empty account has an empty export, which restores to nothing."""
        document = _export(caller)
        assert ("coachwork", 1, {}, None, str(_user(caller))) == (
            document["format"],
            document["version"],
            document["tables"],
            document["next_cursor"],
            document["account"]["id"],
        )
        assert {} == _restored(caller, document)


class TestRefusal:
    """What is no export, and whose it is not."""

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody exports nobody's."""
        assert (401, "unauthenticated") == problem(client.get(EXPORT))
        assert (401, "unauthenticated") == problem(client.get(f"{EXPORT}/logs.csv"))

    def test_nobody_elses(self, trained: TestClient, other_caller: TestClient) -> None:
        """Another's export is empty, whatever cursor they borrow."""
        assert {} == _export(other_caller)["tables"]

    @pytest.mark.parametrize("cursor", ["x", "WzAsICJ4Il0", "Wzk5LCAiIl0", "Wy0xLCAiIl0", "WzQsICJbXSJd"])
    def test_cursors(self, caller: TestClient, cursor: str) -> None:
        """A cursor that no export gave is refused."""
        assert (422, "invalid-request") == problem(caller.get(EXPORT, params={"cursor": cursor}))

    @pytest.mark.parametrize(
        ("change", "location"),
        [
            ({"format": "other"}, "body/format"),
            ({"version": 2}, "body/version"),
            ({"tables": {"users": []}}, "body/tables/users"),
            ({"tables": {"goals": [{"id": "x"}]}}, "body/tables/goals/0/id"),
        ],
    )
    def test_documents(self, caller: TestClient, change: Json, location: str) -> None:
        """What is wrong with a document is named."""
        answer = caller.post(IMPORTS, params={"kind": "coachwork"}, json={**_export(caller), **change})
        assert (422, "unreadable-import") == problem(answer)
        assert location == answer.json()["errors"][0]["location"]

    @pytest.mark.parametrize(
        ("table", "field", "value"),
        [
            ("performance_logs", "notes", "x" * 2_001),
            ("performance_logs", "notes", "\u0000"),
            ("logged_sets", "reps", 0),
            ("logged_sets", "weight_kg", 1e6),
            ("profiles", "equipment", ["anvil"]),
            ("programme_slots", "sets", [{}]),
            ("chat_turns", "citations", [{"marker": 0}]),
            ("exercises", "slug", "barbell-back-squat"),
            ("body_measurements", "measured_at", "yesterday"),
        ],
    )
    def test_rows(self, trained: TestClient, other_caller: TestClient, table: str, field: str, value: Any) -> None:
        """A row the API itself would have refused is refused, and nothing is stored."""
        document = _export(trained)
        document["tables"][table][0][field] = value
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unreadable-import") == problem(answer)
        assert {} == _export(other_caller)["tables"]

    @pytest.mark.parametrize(
        "moment",
        [
            "0001-01-01T00:00:00+14:00",
            "0001-01-01T00:00:00Z",
            "1949-12-31T23:59:59Z",
            "2100-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
        ],
    )
    @pytest.mark.parametrize(
        ("table", "field"),
        [("performance_logs", "performed_at"), ("programmes", "switched_at"), ("memories", "updated_at")],
    )
    def test_times_that_cannot_be(
        self, trained: TestClient, other_caller: TestClient, table: str, field: str, moment: str
    ) -> None:
        """A time before 1950 or still to come is named; stored, some of them could never be read again."""
        document = _export(trained)
        row = document["tables"][table][-1]
        row[field] = [moment] if isinstance(row[field], list) else moment
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unreadable-import") == problem(answer)
        last = len(document["tables"][table]) - 1
        assert [f"body/tables/{table}/{last}/{field}"] == [one["location"] for one in answer.json()["errors"]]
        assert {} == _export(other_caller)["tables"]

    def test_orphans(self, trained: TestClient, other_caller: TestClient) -> None:
        """A row that refers to what is not there takes everything back."""
        document = _export(trained)
        document["tables"]["logged_sets"][0]["log_id"] = str(uuid4())
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (409, "conflict") == problem(answer)
        assert {} == _export(other_caller)["tables"]

    def test_exercises_nobody_has(self, trained: TestClient, other_caller: TestClient) -> None:
        """An exercise that is not in this library is named."""
        document = _export(trained)
        document["tables"]["performance_logs"][0]["exercise"] = "no-such"
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unknown-exercise") == problem(answer)

    def test_somebody_elses_rows(self, trained: TestClient, other_caller: TestClient) -> None:
        """Who calls another's export their own gets rows of their own, or none: never the other's."""
        document = _export(trained) | {"account": {"id": str(_user(other_caller))}}
        before = _export(trained)
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unknown-exercise") == problem(answer)  # the other's own exercise is not theirs
        assert before["tables"] == _export(trained)["tables"]


class TestSpreadsheet:
    """GET /export/logs.csv."""

    def test_a_line_a_set(self, trained: TestClient) -> None:
        """The earliest first, with names and figures, and no formula."""
        answer = trained.get(f"{EXPORT}/logs.csv")

        lines = list(csv.DictReader(io.StringIO(answer.text)))
        assert "text/csv; charset=utf-8" == answer.headers["content-type"]
        squat = next(line for line in lines if line["exercise"] == "barbell-back-squat")
        assert ("Barbell Back Squat", "1", "5", "82.5", "", "8.5", "'=cmd") == tuple(
            squat[name] for name in ("exercise_name", "set", "reps", "weight_kg", "distance_m", "rpe", "notes")
        )
        assert sorted(line["performed_at"] for line in lines) == [line["performed_at"] for line in lines]

    def test_a_period(self, trained: TestClient) -> None:
        """from and to narrow it."""
        text = trained.get(f"{EXPORT}/logs.csv", params={"to": "2020-01-01"}).text
        assert 1 == len(text.splitlines())

    def test_too_much(self, caller: TestClient, database: Database) -> None:
        """More than a spreadsheet takes is refused, never cut."""
        with database.session(Principal(_user(caller))) as session:
            session.execute(
                """
                with log as (insert into performance_logs (exercise_id, performed_at)
                             select (select id from exercises where user_id is null limit 1), now()
                             from generate_series(1, 201) returning id)
                insert into logged_sets (log_id, position, reps, weight_kg)
                select id, place, 5, 100 from log, generate_series(1, 100) as place
                """
            )
        assert 20_000 == MAX_SPREADSHEET_SETS
        assert (422, "export-too-large") == problem(caller.get(f"{EXPORT}/logs.csv"))
