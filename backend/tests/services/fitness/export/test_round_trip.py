"""Exporting everything, and restoring it."""

import json
from datetime import UTC, datetime

import psycopg
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import Json
from tests.services.fitness.export.calls import LOGS, exported, restored, user_of
from tests.services.fitness.tenants import rows_of

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.repository.export import TABLES
from coachwork.services.fitness.service.export import export_part
from coachwork.services.fitness.service.restore import restore


def _state(test_database: TestDatabase, client: TestClient) -> dict[str, list[Json]]:
    """Return everything a user has in public tables, each id and user told by the place where it is first named."""
    rows = rows_of(test_database.owner_url, user_of(client))
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


class TestRoundTrip:
    """An export, restored."""

    def test_into_another_account(
        self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase
    ) -> None:
        """An empty account becomes the same, table by table, but for ids; the first keeps what it has."""
        before = _state(test_database, trained)
        document = exported(trained)
        assert {table.name for table in TABLES} == document["tables"].keys()

        counts = restored(other_caller, document)

        assert {name: {"stored": len(rows), "kept": 0} for name, rows in before.items()} == counts
        assert before == _state(test_database, other_caller)
        assert before == _state(test_database, trained)

    def test_the_copy_works(self, trained: TestClient, other_caller: TestClient) -> None:
        """What the API tells of the copy is what it tells of the original."""
        restored(other_caller, exported(trained))
        for path in ("/workouts-db/logs", "/workouts-db/progress", "/body/measurements", "/goals", "/sessions"):
            one, other = (client.get(f"/api/v1{path}").json() for client in (trained, other_caller))
            assert json.dumps(one).count("performed_at") == json.dumps(other).count("performed_at")
            assert len(one.get("items", [])) == len(other.get("items", []))
        again, first = exported(other_caller), exported(trained)
        assert {name: len(rows) for name, rows in first["tables"].items()} == {
            name: len(rows) for name, rows in again["tables"].items()
        }

    def test_a_plan_s_turn_finds_its_plan(self, newly_trained: TestClient, other_caller: TestClient) -> None:
        """What a tool's result names has the id it has in the other account."""
        question = {"message": "Build me a 2 day strength plan"}
        thread_id = newly_trained.post("/api/v1/chat/send", json=question).json()["thread_id"]
        restored(other_caller, exported(newly_trained))

        threads = other_caller.get("/api/v1/chat/threads").json()["items"]
        turns = [other_caller.get(f"/api/v1/chat/threads/{one['id']}").json()["items"] for one in threads]
        [run] = [run for kept in turns for turn in kept for run in turn["tool_runs"] if run["name"] == "build_plan"]
        programme = other_caller.get(f"/api/v1/programmes/{run['result']['programme_id']}").json()
        assert ("draft", "coach") == (programme["status"], programme["source"])
        assert thread_id not in {one["id"] for one in threads}

    def test_into_the_same_account(self, newly_trained: TestClient, test_database: TestDatabase) -> None:
        """Rows keep their ids: what is there stays, and what was deleted comes back as it was."""
        whole = rows_of(test_database.owner_url, user_of(newly_trained))
        document = exported(newly_trained)
        log_id = document["tables"]["performance_logs"][0]["id"]
        newly_trained.delete(f"{LOGS}/{log_id}")

        counts = restored(newly_trained, document)

        assert (1, 1) == (counts["performance_logs"]["stored"], counts["logged_sets"]["stored"])
        after = rows_of(test_database.owner_url, user_of(newly_trained))
        assert whole["public.performance_logs"] == after["public.performance_logs"]
        assert whole["public.logged_sets"] == after["public.logged_sets"]

    def test_twice(self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase) -> None:
        """The second time nothing changes, and the answer says so."""
        document = exported(trained)
        first = restored(other_caller, document)
        before = rows_of(test_database.owner_url, user_of(other_caller))

        second = restored(other_caller, document)

        assert {name: {"stored": 0, "kept": one["stored"]} for name, one in first.items()} == second
        assert before == rows_of(test_database.owner_url, user_of(other_caller))

    def test_dry_run(self, trained: TestClient, other_caller: TestClient, test_database: TestDatabase) -> None:
        """It says what the real run does, and leaves nothing."""
        document = exported(trained)
        before = rows_of(test_database.owner_url, user_of(other_caller))

        dry = restored(other_caller, document, dry_run=True)

        assert before == rows_of(test_database.owner_url, user_of(other_caller))
        assert dry == restored(other_caller, document)

    def test_goals_that_are_there_are_not_judged_again(self, newly_trained: TestClient) -> None:
        """A goal stays one's own when the profile no longer says what made it safe."""
        document = exported(newly_trained)
        assert 200 == newly_trained.put("/api/v1/profile", json={"display_name": "Sam"}).status_code
        assert {"stored": 0, "kept": 2} == restored(newly_trained, document)["goals"]

    def test_in_parts(
        self, trained: TestClient, other_caller: TestClient, database: Database, test_database: TestDatabase
    ) -> None:
        """However small its parts, an export is whole once, and restoring them in order restores it."""
        principal, other = Principal(user_of(trained)), Principal(user_of(other_caller))
        parts, cursor = list[Json](), None
        while not parts or cursor:
            part = export_part(database, principal, cursor, datetime.now(UTC), max_bytes=1_000)
            parts.append(json.loads(part))
            cursor = parts[-1]["next_cursor"]
            restore(database, other, part.encode(), dry_run=False, now=datetime.now(UTC))

        whole = exported(trained)["tables"]
        together = {name: [row for part in parts for row in part["tables"].get(name, [])] for name in whole}
        assert whole == together
        assert 5 < len(parts)
        assert _state(test_database, trained) == _state(test_database, other_caller)

    def test_from_before_programmes_said_when_they_were_followed(
        self, trained: TestClient, other_caller: TestClient
    ) -> None:
        """Such an export is restored as far as it tells: an active programme since it was active."""
        document = exported(trained)
        for row in document["tables"]["programmes"]:
            del row["switched_at"]
        restored(other_caller, document)
        [row] = exported(other_caller)["tables"]["programmes"]
        assert [row["active_since"]] == row["switched_at"]

    def test_feedback_is_shared_anew(self, trained: TestClient, other_caller: TestClient) -> None:
        """What was shared with the deployment's owner is not shared again by a file, whoever wrote it."""
        document = exported(trained)
        document["tables"]["turn_feedback"][0]["is_shared"] = True
        restored(other_caller, document)
        assert [False] == [one["is_shared"] for one in exported(other_caller)["tables"]["turn_feedback"]]

    def test_of_nothing(self, caller: TestClient) -> None:
        """An empty account has an empty export, which restores to nothing."""
        document = exported(caller)
        assert ("coachwork", 1, {}, None, str(user_of(caller))) == (
            document["format"],
            document["version"],
            document["tables"],
            document["next_cursor"],
            document["account"]["id"],
        )
        assert {} == restored(caller, document)
