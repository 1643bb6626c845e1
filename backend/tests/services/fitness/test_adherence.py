"""What was planned against what was done."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.programmes.calls import PROGRAMMES, Json, created, do_everything, log_set, started
from tests.services.fitness.training import SQUAT, lifted, log

from coachwork.services.fitness.domain.adherence import Adherence, followed
from coachwork.services.fitness.domain.programmes.adherence import DoneDay, Plan, weekly

ADHERENCE = "/api/v1/progress/adherence"
WORKOUTS = "/api/v1/workouts-db/"


def planned(client: TestClient, day: date, name: str = "Full body A") -> str:
    """Plan a workout for a day and return its id."""
    body = {
        "name": name,
        "scheduled_on": day.isoformat(),
        "exercises": [{"exercise": SQUAT, "target_sets": 3, "target_reps": 5}],
    }
    response = client.post(WORKOUTS, json=body)
    assert 201 == response.status_code, response.text
    workout_id: str = response.json()["id"]
    return workout_id


class TestAdherence:
    """GET /progress/adherence."""

    def test_done_missed_and_upcoming(self, caller: TestClient) -> None:
        """What a log followed is done, what lies behind without one is missed, the rest is still to come."""
        today = datetime.now(UTC).date()
        done = planned(caller, today - timedelta(days=14))
        missed = planned(caller, today - timedelta(days=7))
        upcoming = planned(caller, today)
        [row] = log(caller, SQUAT, f"{today - timedelta(days=12)}", *lifted((5, 100.0)), workout_id=done)
        answer = caller.get(ADHERENCE).json()
        outcomes = {one["workout_id"]: one for week in answer["weeks"] for one in week["workouts"]}
        assert {"planned": 3, "done": 1, "missed": 1, "upcoming": 1, "percent": 50.0} == answer["total"]
        assert ("done", "missed", "upcoming") == tuple(outcomes[one]["outcome"] for one in (done, missed, upcoming))
        assert ([row.log_id], []) == (outcomes[done]["log_ids"], outcomes[missed]["log_ids"])

    def test_weeks_add_up(self, caller: TestClient) -> None:
        """Every planned workout stands in its own week, and the weeks are the total."""
        days = [date(2026, 8, 3) + timedelta(days=offset) for offset in (0, 6, 7, 20)]
        ids = [planned(caller, day) for day in days]
        log(caller, SQUAT, "2026-08-10", *lifted((5, 100.0)), workout_id=ids[1])
        answer = caller.get(ADHERENCE, params={"from": "2026-08-05", "to": "2026-08-23"}).json()
        assert [("2026-W32", 2, 1), ("2026-W33", 1, 0), ("2026-W34", 1, 0)] == [
            (week["iso_week"], week["total"]["planned"], week["total"]["done"]) for week in answer["weeks"]
        ]
        assert (4, 25.0) == (answer["total"]["planned"], answer["total"]["percent"])

    def test_the_zone_decides_what_is_over(self, caller: TestClient) -> None:
        """What was planned for yesterday in the far east may still be today in the far west."""
        west = datetime.now(UTC) - timedelta(hours=11)
        planned(caller, west.date())
        outcome = caller.get(ADHERENCE, params={"tz": "Pacific/Niue"}).json()["total"]
        assert (1, 0) == (outcome["upcoming"], outcome["missed"])

    def test_nothing_planned(self, caller: TestClient) -> None:
        """There is no percentage of nothing."""
        answer = caller.get(ADHERENCE).json()
        assert {"planned": 0, "done": 0, "missed": 0, "upcoming": 0, "percent": None} == answer["total"]
        assert 12 == len(answer["weeks"])

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's plan has nothing of it."""
        planned(caller, datetime.now(UTC).date())
        assert 0 == other_caller.get(ADHERENCE).json()["total"]["planned"]

    @pytest.mark.parametrize("query", [{"from": "2020-01-01"}, {"tz": "x"}, {"from": "2026-02-30"}])
    def test_bad_queries_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """422."""
        assert 422 == caller.get(ADHERENCE, params=query).status_code


MONDAY = datetime(2026, 8, 3, 18, tzinfo=UTC)
AUGUST = {"from": "2026-08-03", "to": "2026-08-23"}


def trained(client: TestClient, programme: Json, *moments: datetime) -> list[str]:
    """Do the programme's first day at each of the moments; return the sessions' ids."""
    return [
        do_everything(client, started(client, programme["days"][0], started_at=moment.isoformat()))["id"]
        for moment in moments
    ]


class TestProgrammes:
    """GET /progress/adherence of who follows a programme."""

    def test_days_by_week(self, caller: TestClient) -> None:
        """A week's plan is what the programme asks for; what was done of it is named, session by session."""
        programme = created(caller, days_per_week=2)
        first = trained(caller, programme, MONDAY, MONDAY + timedelta(days=3))
        [second] = trained(caller, programme, MONDAY + timedelta(days=8))
        weeks = caller.get(ADHERENCE, params=AUGUST).json()["weeks"]
        assert [("2026-W32", 2, 0, first), ("2026-W33", 1, 1, [second]), ("2026-W34", 0, 2, [])] == [
            (
                week["iso_week"],
                one["total"]["done"],
                one["total"]["missed"],
                [day["session_id"] for day in one["days"]],
            )
            for week in weeks
            for one in week["programmes"]
        ]
        assert all(200 == caller.get(f"/api/v1/sessions/{row}").status_code for row in (*first, second))

    def test_is_what_the_programme_says_of_itself(self, caller: TestClient) -> None:
        """One truth: both operations count the same days of the same weeks, in the zone that was asked for."""
        programme = created(caller, days_per_week=2)
        trained(caller, programme, *(MONDAY + timedelta(days=day, hours=5) for day in (0, 6, 7, 14)))
        asked = {**AUGUST, "tz": "Europe/Berlin"}
        own = caller.get(f"{PROGRAMMES}/{programme['id']}/adherence", params=asked).json()["weeks"]
        weeks = caller.get(ADHERENCE, params=asked).json()["weeks"]
        assert [1, 2, 1] == [len(week["done"]) for week in own]
        assert [(week["starts_on"], week["planned"], week["done"]) for week in own] == [
            (week["starts_on"], one["total"]["planned"], one["days"]) for week in weeks for one in week["programmes"]
        ]

    def test_counts_beside_planned_workouts(self, caller: TestClient) -> None:
        """The total is of both."""
        programme = created(caller, days_per_week=2)
        trained(caller, programme, MONDAY)
        planned(caller, MONDAY.date())
        total = caller.get(ADHERENCE, params={"from": "2026-08-03", "to": "2026-08-09"}).json()["total"]
        assert {"planned": 3, "done": 1, "missed": 2, "upcoming": 0, "percent": 33.3} == total

    def test_more_makes_up_for_no_other_week(self, caller: TestClient) -> None:
        """Three days in a week of two are two of two; the next week's are missed all the same."""
        programme = created(caller, days_per_week=2)
        trained(caller, programme, *(MONDAY + timedelta(days=day) for day in (0, 2, 4)))
        answer = caller.get(ADHERENCE, params={"from": "2026-08-03", "to": "2026-08-16"}).json()
        assert [3, 0] == [len(one["days"]) for week in answer["weeks"] for one in week["programmes"]]
        assert (2, 2, 50.0) == tuple(answer["total"][name] for name in ("done", "missed", "percent"))

    def test_what_does_not_count(self, caller: TestClient) -> None:
        """A session without a set, one that is open, a draft, and another user's programme."""
        programme = created(caller, days_per_week=1)
        trained(caller, programme, MONDAY)
        nothing = started(caller, programme["days"][0], started_at=(MONDAY + timedelta(days=1)).isoformat())
        assert 200 == caller.post(f"/api/v1/sessions/{nothing['id']}/finish", json={}).status_code
        opened = started(caller, programme["days"][0], started_at=(MONDAY + timedelta(days=2)).isoformat())
        log_set(caller, opened, opened["exercises"][0])
        [week] = caller.get(ADHERENCE, params={"from": "2026-08-03", "to": "2026-08-09"}).json()["weeks"]
        assert [1] == [len(one["days"]) for one in week["programmes"]]

    def test_what_was_planned_stays_planned(self, caller: TestClient, test_database: TestDatabase) -> None:
        """Archiving a programme asks for nothing more, and takes back nothing of what it had asked for."""
        programme = created(caller, days_per_week=1)
        trained(caller, programme, MONDAY)
        week = {"from": "2026-08-10", "to": "2026-08-16"}
        before = caller.get(ADHERENCE, params=week).json()["total"]
        path = f"{PROGRAMMES}/{programme['id']}"
        assert 200 == caller.patch(path, json={"status": "archived"}).status_code
        assert before == caller.get(ADHERENCE, params=week).json()["total"]
        next_year = {"from": "2027-08-09", "to": "2027-08-15"}
        assert 0 == caller.get(ADHERENCE, params=next_year).json()["total"]["planned"]
        assert 200 == caller.patch(path, json={"status": "active"}).status_code
        assert 1 == caller.get(ADHERENCE, params=next_year).json()["total"]["upcoming"]
        with psycopg.connect(test_database.owner_url) as connection:
            row = connection.execute("select switched_at from programmes where id = %s", [programme["id"]]).fetchone()
        assert row is not None
        assert (3, sorted(row[0])) == (len(row[0]), row[0])

    def test_switches_are_not_kept_for_ever(self, caller: TestClient, test_database: TestDatabase) -> None:
        """Of who archives and takes up again without end, the oldest times are forgotten, two by two."""
        programme = created(caller, days_per_week=1)
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute(
                "update programmes set switched_at = array(select now() - make_interval(hours => 100 - place)"
                " from generate_series(1, 99) as place) where id = %s",
                [programme["id"]],
            )
        path = f"{PROGRAMMES}/{programme['id']}"
        for status in ("archived", "active"):
            assert 200 == caller.patch(path, json={"status": status}).status_code
        with psycopg.connect(test_database.owner_url) as connection:
            found = connection.execute(
                "select cardinality(switched_at) from programmes where id = %s", [programme["id"]]
            ).fetchone()
        assert (99,) == found


BERLIN = ZoneInfo("Europe/Berlin")


def plan(*switched_at: datetime, first_done_at: datetime | None = None) -> Plan:
    """Return a plan of three days a week."""
    return Plan(uuid4(), "Mine", 3, switched_at, first_done_at)


class TestWeekly:
    """weekly."""

    @pytest.mark.parametrize(
        ("switched_at", "planned_by_week"),
        [
            ((MONDAY,), [3, 3, 3]),
            ((MONDAY + timedelta(days=4),), [1, 3, 3]),
            ((MONDAY + timedelta(days=6),), [0, 3, 3]),
            ((MONDAY, MONDAY + timedelta(days=9)), [3, 1, 0]),
            ((MONDAY, MONDAY + timedelta(days=1), MONDAY + timedelta(days=14)), [1, 0, 3]),
            ((), [0, 0, 0]),
        ],
    )
    def test_a_week_in_part_has_its_share(self, switched_at: Sequence[datetime], planned_by_week: list[int]) -> None:
        """Of the days it was active for."""
        days = (MONDAY.date(), MONDAY.date() + timedelta(days=20))
        assert planned_by_week == [week.planned for week in weekly(plan(*switched_at), days, BERLIN, [])]

    def test_begins_with_the_first_day_done(self) -> None:
        """Who enters what they did before was following it then."""
        begun = plan(MONDAY + timedelta(days=14), first_done_at=MONDAY)
        days = (MONDAY.date() - timedelta(days=7), MONDAY.date() + timedelta(days=20))
        assert [0, 3, 3, 3] == [week.planned for week in weekly(begun, days, BERLIN, [])]

    def test_another_programmes_days_are_not_its_own(self) -> None:
        """Each has its own."""
        one, other = plan(MONDAY), plan(MONDAY)
        done = [DoneDay(which.programme_id, uuid4(), None, MONDAY) for which in (one, other)]
        [week] = weekly(one, (MONDAY.date(), MONDAY.date()), BERLIN, done)
        assert done[:1] == week.done


class TestFollowed:
    """followed."""

    @pytest.mark.parametrize(("today", "total"), [(6, Adherence(1, 0, 2)), (7, Adherence(1, 2, 0))])
    def test_nothing_is_missed_before_the_week_is_over(self, today: int, total: Adherence) -> None:
        """Sunday still belongs to it."""
        mine = plan(MONDAY)
        done = [DoneDay(mine.programme_id, uuid4(), None, MONDAY)]
        [week] = weekly(mine, (MONDAY.date(), MONDAY.date()), BERLIN, done)
        assert total == followed(mine, week, MONDAY.date() + timedelta(days=today)).total


class TestPercent:
    """Adherence.percent."""

    @given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
    def test_is_of_what_was_due(self, done: int, missed: int, upcoming: int) -> None:
        """What is still to come changes nothing; it lies between nothing and everything."""
        percent = Adherence(done, missed, upcoming).percent
        assert percent == Adherence(done, missed, 0).percent
        assert (percent is None) == (done + missed == 0)
        assert 0 <= (percent or 0) <= 100
