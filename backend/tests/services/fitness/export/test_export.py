"""What is exported, what is no export, and the spreadsheet."""

import csv
import io
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import Json, problem
from tests.services.fitness.export.calls import EXPORT, IMPORTS, exported, user_of
from tests.services.fitness.tenants import SHARED_TABLES, TENANT_TABLES

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.repository.export import TABLES
from coachwork.services.fitness.schemas.rows.tables import NOT_EXPORTED
from coachwork.services.fitness.service.export import MAX_SPREADSHEET_SETS


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


class TestRefusal:
    """What is no export, and whose it is not."""

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody exports nobody's."""
        assert (401, "unauthenticated") == problem(client.get(EXPORT))
        assert (401, "unauthenticated") == problem(client.get(f"{EXPORT}/logs.csv"))

    def test_nobody_elses(self, trained: TestClient, other_caller: TestClient) -> None:
        """Another's export is empty, whatever cursor they borrow."""
        assert {} == exported(other_caller)["tables"]

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
        answer = caller.post(IMPORTS, params={"kind": "coachwork"}, json={**exported(caller), **change})
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
        document = exported(trained)
        document["tables"][table][0][field] = value
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unreadable-import") == problem(answer)
        assert {} == exported(other_caller)["tables"]

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
        document = exported(trained)
        row = document["tables"][table][-1]
        row[field] = [moment] if isinstance(row[field], list) else moment
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unreadable-import") == problem(answer)
        last = len(document["tables"][table]) - 1
        assert [f"body/tables/{table}/{last}/{field}"] == [one["location"] for one in answer.json()["errors"]]
        assert {} == exported(other_caller)["tables"]

    @pytest.mark.parametrize(
        ("kind", "change", "expected"),
        [
            ("body_weight", ("target_value", 40), ("unsafe-target", "target_value")),
            ("body_weight", ("due_on", "2026-11-30"), ("unsafe-target", "target_value")),
            ("body_weight", ("due_on", "2001-01-01"), ("implausible-time", "due_on")),
            ("body_weight", ("due_on", "2199-01-01"), ("implausible-time", "due_on")),
            ("one_rep_max", ("target_value", 1), ("unfit-goal", "target_value")),
            ("body_weight", ("target_value", 600), ("unfit-goal", "target_value")),
        ],
    )
    def test_goals_that_could_not_be_made(
        self,
        trained: TestClient,
        other_caller: TestClient,
        kind: str,
        change: tuple[str, Any],
        expected: tuple[str, str],
    ) -> None:
        """A file is no way around what is asked of a goal; the answer says which goal, and nothing is stored."""
        document, (refusal, field) = exported(trained), expected
        [(index, goal)] = [(n, one) for n, one in enumerate(document["tables"]["goals"]) if kind == one["kind"]]
        goal.update([change])
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, refusal) == problem(answer)
        assert [f"body/tables/goals/{index}/{field}"] == [one["location"] for one in answer.json()["errors"]]
        assert {} == exported(other_caller)["tables"]

    def test_orphans(self, trained: TestClient, other_caller: TestClient) -> None:
        """A row that refers to what is not there takes everything back."""
        document = exported(trained)
        document["tables"]["logged_sets"][0]["log_id"] = str(uuid4())
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (409, "conflict") == problem(answer)
        assert {} == exported(other_caller)["tables"]

    def test_exercises_nobody_has(self, trained: TestClient, other_caller: TestClient) -> None:
        """An exercise that is not in this library is named."""
        document = exported(trained)
        document["tables"]["performance_logs"][0]["exercise"] = "no-such"
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unknown-exercise") == problem(answer)

    def test_somebody_elses_rows(self, trained: TestClient, other_caller: TestClient) -> None:
        """Who calls another's export their own gets rows of their own, or none: never the other's."""
        document = exported(trained) | {"account": {"id": str(user_of(other_caller))}}
        before = exported(trained)
        answer = other_caller.post(IMPORTS, params={"kind": "coachwork"}, json=document)
        assert (422, "unknown-exercise") == problem(answer)  # the other's own exercise is not theirs
        assert before["tables"] == exported(trained)["tables"]


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
        with database.session(Principal(user_of(caller))) as session:
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
