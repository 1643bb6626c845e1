"""One exercise over time: against rows recomputed one by one."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.export.calls import user_of
from tests.services.fitness.training import BENCH, LOGS, PLANK, SQUAT, Row, history, lifted, log

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.performance import PerformedSet
from coachwork.services.fitness.domain.series import points_of

SERIES = "/api/v1/progress/exercises"
PAIRS = st.lists(st.lists(st.tuples(st.integers(1, 20), st.integers(0, 300)), min_size=1, max_size=4), max_size=12)


def estimated(row: Row, formula: str) -> float | None:
    """Return what the textbook says of a set."""
    if not row.reps or not row.weight_kg or row.reps > 12:
        return None
    if formula == "brzycki":
        return row.weight_kg * 36 / (37 - row.reps)
    return row.weight_kg if row.reps == 1 else row.weight_kg * (1 + row.reps / 30)


def performed(logs: list[list[tuple[int, int]]]) -> list[PerformedSet]:
    """Return sets of one exercise, each list a log."""
    return [
        PerformedSet(
            SQUAT, "Squat", UUID(int=number), place, datetime(2026, 1, 1 + number, tzinfo=UTC), reps, float(kg)
        )
        for number, sets in enumerate(logs)
        for place, (reps, kg) in enumerate(sets)
    ]


class TestSeries:
    """GET /progress/exercises/{slug}."""

    @pytest.mark.parametrize("formula", ["epley", "brzycki"])
    def test_agrees_with_its_rows(self, caller: TestClient, formula: str) -> None:
        """Each point is what a plain loop over the log's sets finds."""
        rows = [row for row in history(caller, logs=30, seed=3) if row.exercise == SQUAT]
        answer = caller.get(f"{SERIES}/{SQUAT}", params={"formula": formula}).json()
        highest, volume = 0.0, 0.0
        for point, log_id in zip(answer["points"], dict.fromkeys(row.log_id for row in rows), strict=True):
            sets = [row for row in rows if row.log_id == log_id]
            estimates = [(kg, row) for row in sets if (kg := estimated(row, formula)) is not None]
            kg, best = max(estimates, key=lambda pair: (pair[0], -pair[1].position), default=(None, None))
            made_by = point["best"] and (point["best"]["estimate_kg"], point["best"]["made_by"]["set_position"])
            volume += sum(row.volume_kg for row in sets)
            assert log_id == point["log_id"]
            assert (len(sets), sum(row.reps or 0 for row in sets)) == (point["sets"], point["reps"])
            assert sum(row.volume_kg for row in sets) == pytest.approx(point["volume_kg"])
            assert (None if best is None else (round(kg or 0, 1), best.position)) == made_by
            assert point["is_record"] == (kg is not None and kg > highest)
            highest = max(highest, kg or 0)
        assert (round(highest, 1), pytest.approx(volume)) == (answer["best"]["estimate_kg"], answer["volume_kg"])

    def test_its_volume_is_the_summary_s(self, caller: TestClient) -> None:
        """There is one volume: what Postgres sums for the summary."""
        history(caller, logs=20, seed=5)
        summary = caller.get("/api/v1/workouts-db/progress", params={"exercise": SQUAT}).json()
        series = caller.get(f"{SERIES}/{SQUAT}").json()
        assert summary["totals"]["volume_kg"] == series["volume_kg"]
        assert summary["exercises"][0]["best_epley"]["estimate_kg"] == series["best"]["estimate_kg"]

    def test_links_to_its_rows(self, caller: TestClient) -> None:
        """The query beside the figures lists exactly their logs, in whichever zone."""
        for at in ("2026-10-04T21:59:00+00:00", "2026-10-04T22:00:00+00:00", "2026-10-05T21:59:59+00:00", "2026-10-06"):
            log(caller, SQUAT, at, *lifted((5, 100.0)))
        log(caller, BENCH, "2026-10-05", *lifted((5, 60.0)))
        period = {"from": "2026-10-05", "to": "2026-10-05", "tz": "Europe/Berlin"}
        series = caller.get(f"{SERIES}/{SQUAT}", params=period).json()
        listed = caller.get(LOGS, params=series["rows"]).json()["items"]
        assert 2 == len(series["points"])
        assert {one["id"] for one in listed} == {point["log_id"] for point in series["points"]}
        assert {"2026-10-05"} == {point["day"] for point in series["points"]}

    def test_names_the_set_behind_an_estimate(self, caller: TestClient) -> None:
        """Log and position lead to the very set."""
        log(caller, SQUAT, "2026-10-01", *lifted((13, 90.0), (5, 95.0), (5, 95.0)))
        best = caller.get(f"{SERIES}/{SQUAT}").json()["best"]
        stored = caller.get(f"{LOGS}/{best['made_by']['log_id']}").json()["sets"][best["made_by"]["set_position"]]
        assert (110.8, 1) == (best["estimate_kg"], best["made_by"]["set_position"])
        assert (5, 95.0) == (stored["reps"], stored["weight_kg"])

    def test_finds_the_set_where_another_was_deleted(self, caller: TestClient) -> None:
        """A session's sets keep their numbers; the place told is that among the sets the log has now."""
        begun = caller.post("/api/v1/sessions", json={}).json()["id"]
        added = caller.post(f"/api/v1/sessions/{begun}/exercises", json={"exercise": SQUAT}).json()
        path = f"/api/v1/sessions/{begun}/exercises/{added['exercises'][0]['id']}/sets"
        for weight_kg in (40, 100, 90):
            caller.post(path, json={"reps": 5, "weight_kg": weight_kg})
        caller.delete(f"{path}/0")

        [best] = [point["best"]["made_by"] for point in caller.get(f"{SERIES}/{SQUAT}").json()["points"]]

        sets = caller.get(f"{LOGS}/{best['log_id']}").json()["sets"]
        assert (0, 100, [100, 90]) == (best["set_position"], best["weight_kg"], [one["weight_kg"] for one in sets])
        lines = caller.get("/api/v1/export/logs.csv").text.splitlines()
        assert ["1", "2"] == [line.split(",")[3] for line in lines[1:]]

    def test_says_which_formula(self, caller: TestClient) -> None:
        """The name, the expression and the source stand beside the figures."""
        formula = caller.get(f"{SERIES}/{SQUAT}", params={"formula": "brzycki"}).json()["formula"]
        assert ("brzycki", True) == (formula["name"], formula["source"].startswith("Brzycki M."))

    def test_holds_have_sets_but_no_estimate(self, caller: TestClient) -> None:
        """A plank is a point without repetitions, volume or estimate."""
        log(caller, PLANK, "2026-10-01", {"duration_seconds": 60})
        [point] = caller.get(f"{SERIES}/{PLANK}").json()["points"]
        assert (1, 0, 0.0, None, False) == tuple(
            point[key] for key in ("sets", "reps", "volume_kg", "best", "is_record")
        )

    def test_nothing_logged(self, caller: TestClient) -> None:
        """An exercise never done has no points, and is no failure."""
        answer = caller.get(f"{SERIES}/{SQUAT}").json()
        assert ([], None, 0.0) == (answer["points"], answer["best"], answer["volume_kg"])

    def test_an_exercise_there_is_not(self, caller: TestClient) -> None:
        """404."""
        assert 404 == caller.get(f"{SERIES}/no-such-exercise").status_code

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's series has nothing of it."""
        log(caller, SQUAT, "2026-10-01", *lifted((5, 100.0)))
        assert [] == other_caller.get(f"{SERIES}/{SQUAT}").json()["points"]

    def test_more_logs_than_one_answer_carries(self, caller: TestClient, database: Database) -> None:
        """They are refused, never cut, as a list and as a chart; a shorter period is answered."""
        with database.session(Principal(user_of(caller))) as session:
            session.execute(
                """
                with made as (
                    insert into performance_logs (exercise_id, performed_at)
                    select id, now() - make_interval(hours => hour)
                    from exercises, generate_series(0, 5000) as hour where slug = 'barbell-back-squat'
                    returning id
                )
                insert into logged_sets (log_id, position, reps, weight_kg) select id, 0, 5, 80 from made
                """
            )
        chart = ("/api/v1/progress/charts/e1rm.svg", {"exercise": SQUAT})
        for path, query in ((f"{SERIES}/{SQUAT}", {}), chart):
            assert (422, "too-many-logs-in-period") == problem(caller.get(path, params=query))
            shorter = {**query, "from": str(datetime.now(UTC).date() - timedelta(days=100))}
            assert 200 == caller.get(path, params=shorter).status_code

    def test_needs_a_caller(self, client: TestClient) -> None:
        """401."""
        assert 401 == client.get(f"{SERIES}/{SQUAT}").status_code

    @pytest.mark.parametrize(
        "query",
        [
            {"tz": "Mars/Olympus"}, {"tz": "../../etc/passwd"}, {"tz": "/etc/localtime"}, {"tz": "localtime"},
            {"tz": "Europe"}, {"tz": "europe/berlin"}, {"tz": ""}, {"tz": "x" * 5000}, {"formula": "lombardi"},
            {"from": "2026-10-02", "to": "2026-10-01"}, {"from": "0001-01-01"}, {"to": "9999-12-31"},
            {"from": "2026-10-01T00:00:00Z"}, {"limit": "3"},
        ],
    )  # fmt: skip
    def test_bad_queries_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """422, whatever is asked for."""
        assert 422 == caller.get(f"{SERIES}/{SQUAT}", params=query).status_code


class TestPoints:
    """points_of."""

    @given(PAIRS)
    def test_records_only_rise(self, logs: list[list[tuple[int, int]]]) -> None:
        """Each record is above the one before, and none after the last is higher."""
        points = points_of(performed(logs), "epley", ZoneInfo("UTC"))
        records = [point.best.exact_kg for point in points if point.best and point.is_record]
        every = [point.best.exact_kg for point in points if point.best]
        assert sorted(set(records)) == records
        assert max(every, default=0) == max(records, default=0)

    @given(PAIRS)
    def test_one_point_a_log(self, logs: list[list[tuple[int, int]]]) -> None:
        """No set is lost or counted twice."""
        points = points_of(performed(logs), "brzycki", ZoneInfo("UTC"))
        assert (len(logs), sum(map(len, logs))) == (len(points), sum(point.sets for point in points))

    def test_the_first_of_equal_sets(self) -> None:
        """Of two sets with the same estimate, the one done first made it."""
        [point] = points_of(performed([[(5, 100), (5, 100)]]), "epley", ZoneInfo("UTC"))
        assert 0 == (point.best and point.best.made_by.set_position)

    def test_the_day_is_that_of_the_zone(self) -> None:
        """The evening in New York is the next day in UTC."""
        late = PerformedSet(SQUAT, "Squat", uuid4(), 0, datetime(2026, 1, 2, 2, tzinfo=UTC), 5, 100.0)
        [point] = points_of([late], "epley", ZoneInfo("America/New_York"))
        assert date(2026, 1, 1) == point.day
