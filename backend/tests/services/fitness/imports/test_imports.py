"""Importing over HTTP."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.imports.files import HEVY, STRONG_PLAIN, STRONG_UNITS, strong, wger, wger_log

IMPORTS, LOGS, EXERCISES = "/api/v1/imports", "/api/v1/workouts-db/logs", "/api/v1/exercises"
NOON = "2026-03-02 12:00:00"
CSV = {"content-type": "text/csv"}
COUNTS = {
    "lines": 0,
    "new_logs": 0,
    "new_sets": 0,
    "duplicate_logs": 0,
    "duplicate_sets": 0,
    "differing_logs": 0,
    "differing_sets": 0,
    "unmapped_sets": 0,
    "problem_lines": 0,
    "skipped_lines": 0,
    "new_exercises": 0,
}


def _import(client: TestClient, text: str, **query: Any) -> dict[str, Any]:
    query = {"kind": "strong", "unit": "kg", "timezone": "Europe/Berlin", **query}
    answer = client.post(IMPORTS, params=query, content=text.encode(), headers=CSV)
    assert 200 == answer.status_code, answer.text
    imported: dict[str, Any] = answer.json()
    return imported


def _logs(client: TestClient) -> list[dict[str, Any]]:
    logs: list[dict[str, Any]] = client.get(LOGS, params={"limit": 100}).json()["items"]
    return logs


def _refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("urn:coachwork:problem:")


class TestImport:
    """POST /imports."""

    def test_strong(self, caller: TestClient) -> None:
        """A log for each exercise of each workout, at its moment in the caller's zone, its sets in order."""
        counts = _import(caller, STRONG_PLAIN)["counts"]

        assert COUNTS | {"lines": 8, "new_logs": 4, "new_sets": 6, "skipped_lines": 2} == counts
        bench = next(log for log in _logs(caller) if log["exercise"] == "barbell-bench-press")
        assert "2026-03-02T17:05:00Z" == bench["performed_at"]
        assert [(10, 40.0, None), (5, 80.0, 8.5), (5, 82.5, 9.0)] == [
            (one["reps"], one["weight_kg"], one["rpe"]) for one in bench["sets"]
        ]
        assert 'Upper, heavy\nslept well\nso "light", yes\nWarm-up: set 1' == bench["notes"]

    def test_hevy(self, caller: TestClient) -> None:
        """Pounds and miles are kept as kilograms and metres; a run has time and distance."""
        assert 3 == _import(caller, HEVY, kind="hevy", unit="auto")["counts"]["new_logs"]
        [run] = next(log for log in _logs(caller) if log["exercise"] == "outdoor-run")["sets"]
        assert (4988.97, 1800) == (run["distance_m"], run["duration_seconds"])

    def test_wger(self, caller: TestClient) -> None:
        """wger's answers, with the names of its exercises."""
        text = wger(wger_log(), wger_log(exercise=9), names={73: "Bench Press"})

        imported = _import(caller, text, kind="wger", mapping=json.dumps({"wger exercise 9": "plank"}))

        assert {"barbell-bench-press", "plank"} == {log["exercise"] for log in _logs(caller)}
        assert ["alias", "given"] == [one["how"] for one in imported["mapping"]]

    def test_a_form(self, caller: TestClient) -> None:
        """A browser's form does as well, its mapping a field of it."""
        answer = caller.post(
            IMPORTS,
            params={"kind": "strong", "unit": "kg"},
            files={"file": ("strong.csv", strong((NOON, "Day", "Mine", 1, 100, 5)).encode("utf-16"), "text/csv")},
            data={"mapping": json.dumps({"Mine": "goblet-squat"})},
        )
        assert (200, "goblet-squat") == (answer.status_code, answer.json()["mapping"][0]["exercise"])

    def test_again(self, caller: TestClient) -> None:
        """The same file a second time changes nothing, and says that it is all there."""
        _import(caller, STRONG_PLAIN)
        before = _logs(caller)

        counts = _import(caller, STRONG_PLAIN)["counts"]

        assert COUNTS | {"lines": 8, "duplicate_logs": 4, "duplicate_sets": 6, "skipped_lines": 2} == counts
        assert before == _logs(caller)

    def test_a_longer_file(self, caller: TestClient) -> None:
        """Of a later export only what is new is added."""
        _import(caller, strong((NOON, "Day", "Squat", 1, 100, 5)))
        longer = strong((NOON, "Day", "Squat", 1, 100, 5), ("2026-03-03 12:00:00", "Day", "Squat", 1, 105, 5))
        counts = _import(caller, longer)["counts"]
        assert (1, 1, 2) == (counts["new_logs"], counts["duplicate_logs"], len(_logs(caller)))

    def test_other_sets_at_the_same_moment(self, caller: TestClient) -> None:
        """A log that differs from the file's stays as it is, and the answer names both."""
        _import(caller, strong((NOON, "Day", "Squat", 1, 100, 5)))
        before = _logs(caller)

        imported = _import(caller, strong((NOON, "Day", "Squat", 1, 100, 6)))

        assert [{"exercise": "barbell-back-squat", "performed_at": "2026-03-02T11:00:00Z", "line": 2}] == imported[
            "differing"
        ]
        assert (1, 1, before) == (
            imported["counts"]["differing_logs"],
            imported["counts"]["differing_sets"],
            _logs(caller),
        )

    @pytest.mark.parametrize("unknown", ["skip", "custom"])
    def test_a_dry_run_says_what_the_real_one_does(self, caller: TestClient, unknown: str) -> None:
        """Both answer the same, and the dry run changes nothing."""
        text = strong(
            (NOON, "Day", "Squat", 1, 100, 5),
            (NOON, "Day", "My Own Thing", 1, 10, 5),
            (NOON, "Day", "Squat", 2, "x", 5),
        )
        dry = _import(caller, text, unknown=unknown, dry_run=True)
        assert [] == _logs(caller)
        assert [] == caller.get(EXERCISES, params={"own": True}).json()["items"]

        real = _import(caller, text, unknown=unknown)

        assert {**dry, "dry_run": False} == real
        assert real["counts"]["new_logs"] == len(_logs(caller))

    def test_unknown_exercises_become_ones_own(self, caller: TestClient) -> None:
        """With unknown=custom an exercise is made, measured as its sets are, once for all its spellings."""
        text = strong((NOON, "Day", "Log Flip", 1, 60, 5), ("2026-03-03 12:00:00", "Day", "log flip", 1, 60, 6))

        imported = _import(caller, text, unknown="custom")

        assert (2, 1) == (imported["counts"]["new_logs"], imported["counts"]["new_exercises"])
        [own] = caller.get(EXERCISES, params={"own": True}).json()["items"]
        assert ("my-log-flip", "Log Flip", "reps") == (own["slug"], own["name"], own["measure"])
        again = _import(caller, text, unknown="custom")["counts"]
        assert (0, 0, 2) == (again["new_logs"], again["new_exercises"], again["duplicate_logs"])

    def test_unknown_exercises_are_told(self, caller: TestClient) -> None:
        """Otherwise their sets are left out, and the answer suggests what they may be."""
        imported = _import(caller, strong((NOON, "Day", "Ab Wheel", 1, 0, 10)))
        [name] = imported["mapping"]
        assert (1, "none", None, 1) == (
            imported["counts"]["unmapped_sets"],
            name["how"],
            name["exercise"],
            name["sets"],
        )
        assert "ab-wheel-rollout" == name["suggestions"][0]["slug"]

    def test_warmups_can_be_left_out(self, caller: TestClient) -> None:
        """With warmups=skip they are counted as skipped."""
        imported = _import(caller, STRONG_PLAIN, warmups="skip")
        assert (5, {"rest_timers": 1, "empty_sets": 1, "warmups": 1}) == (
            imported["counts"]["new_sets"],
            imported["skipped"],
        )

    def test_bad_lines(self, caller: TestClient) -> None:
        """They are told with what they want; a set that does not fit its exercise is one of them."""
        text = strong(
            (NOON, "Day", "Squat", 1, 100, 5),
            ("1949-12-31 12:00:00", "Day", "Squat", 1, 100, 5),
            ("2999-01-01 12:00:00", "Day", "Squat", 1, 100, 5),
            (NOON, "Day", "Plank", 1, 0, "a"),
        )
        imported = _import(caller, text)
        assert [
            (3, None, "1949-12-31 is before 1950, or not yet"),
            (4, None, "2999-01-01 is before 1950, or not yet"),
            (5, "Reps", "is no number: 'a'"),
        ] == [(one["line"], one["column"], one["message"]) for one in imported["problems"]]
        assert (1, 3) == (len(_logs(caller)), imported["counts"]["problem_lines"])

    def test_more_sets_than_a_log_has(self, caller: TestClient) -> None:
        """The hundred-and-first set of one exercise at one moment is a bad line."""
        imported = _import(caller, strong(*[(NOON, "Day", "Squat", one, 100, 5) for one in range(101)]))
        assert (100, [102]) == (imported["counts"]["new_sets"], [one["line"] for one in imported["problems"]])

    def test_every_line_is_accounted_for(self, caller: TestClient) -> None:
        """New, there already, differing, unknown, bad and skipped lines add up to the file's."""
        _import(caller, STRONG_PLAIN)
        more = STRONG_PLAIN.replace("82.5", "85").replace("Plank", "Plonk").replace(",8,0,0", ",x,0,0")
        counts = _import(caller, more)["counts"]
        parts = ("new_sets", "duplicate_sets", "differing_sets", "unmapped_sets", "problem_lines", "skipped_lines")
        assert counts["lines"] == sum(counts[part] for part in parts)
        assert 0 < min(counts[part] for part in parts[1:])

    def test_two_users(self, caller: TestClient, other_caller: TestClient) -> None:
        """Each has their own: neither sees nor hides the other's."""
        _import(caller, STRONG_PLAIN)
        assert [] == _logs(other_caller)
        assert 4 == _import(other_caller, STRONG_PLAIN)["counts"]["new_logs"]

    def test_a_large_file(self, caller: TestClient) -> None:
        """More than a request elsewhere may have: 20,000 sets, then all of them again."""
        rows = [
            (f"2026-{month:02}-{day:02} {hour:02}:00:00", "Day", name, order, 100 + order, 5)
            for month in range(1, 6)
            for day in range(1, 26)
            for hour in range(6, 14)
            for name in ("Squat", "Bench Press (Barbell)", "Deadlift (Barbell)", "Pull Up")
            for order in range(5)
        ]
        text = strong(*rows)
        assert len(text) > 1_000_000
        assert (20_000, 4_000) == (
            (counts := _import(caller, text)["counts"])["new_sets"],
            counts["new_logs"],
        )
        assert 20_000 == _import(caller, text)["counts"]["duplicate_sets"]


class TestRefusal:
    """What is refused as a whole: nothing is stored."""

    def test_without_a_token(self, client: TestClient) -> None:
        """Nobody imports for nobody."""
        assert (401, "unauthenticated") == _refused(client.post(IMPORTS, params={"kind": "strong"}, content=b"x"))

    @pytest.mark.parametrize(
        ("query", "content", "expected"),
        [
            ({"kind": "strong"}, STRONG_PLAIN.encode(), (422, "unreadable-import")),
            ({"kind": "hevy"}, STRONG_PLAIN.encode(), (422, "unreadable-import")),
            ({"kind": "strong"}, STRONG_UNITS.replace("Legs", "Füße").encode("latin-1"), (422, "unreadable-import")),
            ({"kind": "wger"}, b"{}", (422, "unreadable-import")),
            ({"kind": "other"}, b"", (422, "invalid-request")),
            ({}, b"", (422, "invalid-request")),
            ({"kind": "strong", "timezone": "Mars/Olympus"}, b"", (422, "invalid-request")),
            ({"kind": "strong", "mapping": "[1]"}, b"", (422, "invalid-request")),
            ({"kind": "strong", "mapping": '{"\\ud800": "no-such"}'}, b"", (422, "invalid-request")),
            ({"kind": "strong", "mapping": '{"Squat": "no-such"}'}, STRONG_UNITS.encode(), (422, "unknown-exercise")),
            ({"kind": "strong"}, b"x" * 5_000_001, (413, "payload-too-large")),
        ],
    )
    def test_of_its_body_or_options(
        self, caller: TestClient, query: dict[str, str], content: bytes, expected: tuple[int, str]
    ) -> None:
        """Each says what is wrong."""
        assert expected == _refused(caller.post(IMPORTS, params=query, content=content, headers=CSV))
        assert [] == _logs(caller)

    def test_a_form_without_a_file(self, caller: TestClient) -> None:
        """A form has its file in a field named file."""
        answer = caller.post(IMPORTS, params={"kind": "strong"}, files={"other": b"x"})
        assert (400, "malformed-request") == _refused(answer)

    def test_a_forms_mapping(self, caller: TestClient) -> None:
        """A mapping that is none is named."""
        answer = caller.post(IMPORTS, params={"kind": "strong"}, files={"file": b"x"}, data={"mapping": "x"})
        assert ("body/mapping", 422) == (answer.json()["errors"][0]["location"], answer.status_code)
