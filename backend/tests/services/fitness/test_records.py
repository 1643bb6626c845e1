"""Personal records: against rows recomputed one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.services.fitness.test_series import estimated
from tests.services.fitness.training import BENCH, LOGS, PLANK, PULL_UP, RUN, SQUAT, Json, Row, history, lifted, log

from coachwork.services.fitness.domain.performance import PerformedSet
from coachwork.services.fitness.domain.records import personal_records

RECORDS = "/api/v1/progress/records"


def found(client: TestClient, **query: str) -> dict[str, Json]:
    """Return the caller's records by kind; of repetitions, those at the heaviest load."""
    items = client.get(RECORDS, params=query).json()["items"]
    return {item["kind"]: item for item in reversed(items)}


def figure(row: Row, kind: str) -> tuple[float, ...] | None:
    """Return how a set ranks, worked out here anew."""
    if kind == "heaviest":
        return (row.weight_kg, row.reps) if row.reps and row.weight_kg else None
    if kind == "longest":
        return (row.duration_seconds,) if row.duration_seconds else None
    if kind == "farthest":
        return (row.distance_m,) if row.distance_m else None
    if kind == "fastest":
        return (row.distance_m / row.duration_seconds,) if row.distance_m and row.duration_seconds else None
    kg = estimated(row, "epley")
    return None if kg is None else (kg,)


class TestRecords:
    """GET /progress/records."""

    def test_agree_with_their_rows(self, caller: TestClient) -> None:
        """Each record was made by the first best set there is, and beat the first best before it."""
        rows = history(caller, logs=40, seed=17)
        items = caller.get(RECORDS).json()["items"]
        expected = 0
        for exercise in {row.exercise for row in rows}:
            for kind in ("heaviest", "e1rm", "longest", "farthest", "fastest"):
                ranked = [(rank, row) for row in rows if row.exercise == exercise and (rank := figure(row, kind))]
                if not ranked:
                    continue
                expected += 1
                best, made_by = max(ranked, key=lambda pair: pair[0])
                before = ranked[: ranked.index((best, made_by))]
                beat = max(before, key=lambda pair: pair[0])[1] if before else None
                [item] = [one for one in items if (one["exercise"], one["kind"]) == (exercise, kind)]
                assert (made_by.log_id, made_by.position) == (
                    item["made_by"]["log_id"],
                    item["made_by"]["set_position"],
                )
                assert (beat and (beat.log_id, beat.position)) == (
                    item["beat"] and (item["beat"]["log_id"], item["beat"]["set_position"])
                )
        assert expected == sum(one["kind"] not in {"volume", "reps_at_weight"} for one in items)

    def test_volume_is_of_a_whole_log(self, caller: TestClient) -> None:
        """The log with the most volume, and the one that had the most before it."""
        rows = [row for row in history(caller, logs=30, seed=19) if row.exercise == SQUAT]
        volumes: dict[str, float] = {}
        for row in rows:
            volumes[row.log_id] = volumes.get(row.log_id, 0.0) + row.volume_kg
        ordered = list(volumes.items())
        best = max(range(len(ordered)), key=lambda place: ordered[place][1])
        beat = max(ordered[:best], key=lambda pair: pair[1])
        record = found(caller, exercise=SQUAT)["volume"]
        assert (ordered[best][0], None, pytest.approx(ordered[best][1])) == (
            record["made_by"]["log_id"], record["made_by"]["set_position"], record["made_by"]["value"],
        )  # fmt: skip
        assert beat[0] == record["beat"]["log_id"]

    def test_repetitions_at_each_load(self, caller: TestClient) -> None:
        """Sets no other beats in both, the heaviest first; each beat the most repetitions with a load as heavy."""
        log(caller, SQUAT, "2026-09-01", *lifted((5, 100.0), (8, 80.0), (6, 90.0)))
        log(caller, SQUAT, "2026-09-08", *lifted((7, 90.0), (6, 100.0), (3, 110.0), (8, 80.0)))
        items = caller.get(RECORDS, params={"kind": "reps_at_weight"}).json()["items"]
        told = [
            (
                one["made_by"]["weight_kg"],
                one["made_by"]["value"],
                one["beat"] and (one["beat"]["weight_kg"], one["beat"]["value"]),
            )
            for one in items
        ]
        assert [(110.0, 3, None), (100.0, 6, (100.0, 5)), (90.0, 7, (90.0, 6)), (80.0, 8, (100.0, 5))] == told

    def test_holds_and_runs(self, caller: TestClient) -> None:
        """The longest hold, the longest and the fastest distance, with their units."""
        log(caller, PLANK, "2026-09-01", {"duration_seconds": 60}, {"duration_seconds": 90})
        log(caller, RUN, "2026-09-02", {"duration_seconds": 1500, "distance_m": 5000.0})
        log(caller, RUN, "2026-09-03", {"duration_seconds": 3300, "distance_m": 10000.0})
        plank, run = found(caller, exercise=PLANK), found(caller, exercise=RUN)
        assert (90, "seconds", 60, 1) == (
            plank["longest"]["made_by"]["value"], plank["longest"]["unit"], plank["longest"]["beat"]["value"],
            plank["longest"]["made_by"]["set_position"],
        )  # fmt: skip
        assert (10000.0, "m", 5000.0) == (
            run["farthest"]["made_by"]["value"], run["farthest"]["unit"], run["farthest"]["beat"]["value"],
        )  # fmt: skip
        assert (300.0, "seconds_per_km", None) == (
            run["fastest"]["made_by"]["value"], run["fastest"]["unit"], run["fastest"]["beat"],
        )  # fmt: skip

    def test_equal_is_not_better(self, caller: TestClient) -> None:
        """Who was first keeps the record."""
        [first] = log(caller, BENCH, "2026-09-01", *lifted((5, 80.0)))
        log(caller, BENCH, "2026-09-08", *lifted((5, 80.0)))
        assert {first.log_id} == {one["made_by"]["log_id"] for one in found(caller).values()}

    def test_of_a_period(self, caller: TestClient) -> None:
        """Records set in the period, which beat what came before it."""
        log(caller, SQUAT, "2026-09-01", *lifted((5, 100.0)))
        [made] = log(caller, SQUAT, "2026-09-15T22:30:00+00:00", *lifted((5, 110.0)))
        days = {"from": "2026-09-16", "to": "2026-09-16"}
        record = found(caller, **days, tz="Europe/Berlin")["heaviest"]
        assert (made.log_id, 100.0) == (record["made_by"]["log_id"], record["beat"]["value"])
        assert {} == found(caller, **days)

    def test_are_those_of_the_summary(self, caller: TestClient) -> None:
        """The summary and the records name the same sets."""
        history(caller, logs=30, seed=23)
        [squat] = caller.get("/api/v1/workouts-db/progress", params={"exercise": SQUAT}).json()["exercises"]
        records = found(caller, exercise=SQUAT)
        assert squat["best_epley"]["made_by"]["log_id"] == records["e1rm"]["made_by"]["log_id"]
        assert squat["heaviest_set"]["log_id"] == records["heaviest"]["made_by"]["log_id"]
        assert squat["best_session"]["log_id"] == records["volume"]["made_by"]["log_id"]
        listed = caller.get(RECORDS, params={"exercise": SQUAT, "kind": "reps_at_weight"}).json()["items"]
        assert [(one["weight_kg"], one["reps"]) for one in squat["most_reps"]] == [
            (one["made_by"]["weight_kg"], one["made_by"]["reps"]) for one in listed
        ]

    def test_links_to_its_rows(self, caller: TestClient) -> None:
        """The query lists every log that was looked at."""
        [row] = log(caller, PULL_UP, "2026-09-01", *lifted((8, 0.0)))
        answer = caller.get(RECORDS, params={"exercise": PULL_UP}).json()
        query = {key: value for key, value in answer["rows"].items() if value is not None}
        assert [row.log_id] == [one["id"] for one in caller.get(LOGS, params=query).json()["items"]]

    def test_are_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user has none of them."""
        log(caller, SQUAT, "2026-09-01", *lifted((5, 100.0)))
        assert {} == found(other_caller)

    @pytest.mark.parametrize("query", [{"kind": "tallest"}, {"exercise": "A b"}, {"tz": "Nowhere"}, {"formula": "x"}])
    def test_bad_queries_are_refused(self, caller: TestClient, query: dict[str, Any]) -> None:
        """422."""
        assert 422 == caller.get(RECORDS, params=query).status_code


class TestPersonalRecords:
    """personal_records."""

    @given(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 40)), min_size=1, max_size=40))
    def test_a_record_is_above_what_it_beat(self, pairs: list[tuple[int, int]]) -> None:
        """Of every kind, and what was beaten came before."""
        sets = [
            PerformedSet(
                SQUAT,
                "Squat",
                UUID(int=place),
                0,
                datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=place),
                reps,
                kg * 2.5,
            )
            for place, (reps, kg) in enumerate(pairs)
        ]
        for record in personal_records(sets, "brzycki"):
            if record.beat:
                assert record.beat.performed_at < record.made_by.performed_at
                assert record.beat.value <= record.made_by.value
