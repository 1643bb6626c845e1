"""Twelve weeks of training over HTTP; every load that was asked for agrees with a computation of its own, here."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from starlette.testclient import TestClient
from tests.services.fitness.programmes.calls import (
    PROGRAMMES,
    SESSIONS,
    Json,
    created,
    finished,
    log_set,
    started,
)

MONDAY = datetime(2026, 1, 5, 18, tzinfo=UTC)
WEEKS, DAYS_PER_WEEK = 12, 3


@dataclass
class Ledger:
    """What a coach with a notebook writes down of one slot: the load, the failures in a row, the successes in a row.

    A running tally on purpose: the product computes each load anew from the whole history, so the two can only agree
    if both are right.
    """

    load: Decimal
    step: Decimal
    needed: int = 1
    limit: int | None = None
    failures: int = 0
    successes: int = 0
    low: int = 5
    high: int = 5
    asked: list[Decimal] = field(default_factory=list)

    def note(self, reps: list[int], reserve: int | None = None) -> None:
        """Write down a workout at the load asked for."""
        self.asked.append(self.load)
        if min(reps) < self.low:
            self.failures, self.successes = self.failures + 1, 0
        elif min(reps) >= self.high and reserve != 0:
            self.failures, self.successes = 0, self.successes + 1
        else:
            self.failures = self.successes = 0
        if self.successes == self.needed:
            self.load, self.successes = self.load + self.step, 0
        if self.limit is not None and self.failures == self.limit:
            self.load, self.failures = self.load * 9 // (10 * self.step) * self.step, 0


def _slot(exercise: str, weight_kg: float, progression: Json, rounding_kg: float = 2.5, **sets: object) -> Json:
    return {
        "exercise": exercise,
        "rounding_kg": rounding_kg,
        "progression": progression,
        "sets": [{"min_sets": 3, "min_reps": 5, "weight_kg": weight_kg, "reps_in_reserve": 1, **sets}],
    }


FIVES = {"rule": "linear", "increment_kg": 2.5, "deload": {"after_failures": 3, "percent": 10.0}}
SLOWLY = {"rule": "linear", "increment_kg": 1.25, "qualifying_workouts": 2, "deload": {"after_failures": 2}}
DOUBLE = {"rule": "double", "increment_kg": 2.0, "deload": {"after_failures": 2}}


def _train(client: TestClient, session: Json, reps: dict[str, list[int]], reserve: int) -> None:
    for item in session["exercises"]:
        for number in reps[item["exercise"]]:
            log_set(client, session, item, reps=number, weight_kg=item["targets"][0]["weight_kg"], rpe=10.0 - reserve)
    finished(client, session, finished_at=session["started_at"])


class TestTwelveWeeks:
    """A lifter with good days and bad ones."""

    def test_every_load_agrees(self, caller: TestClient) -> None:
        """Thirty-six workouts of three slots: each load asked for is what the notebook says."""
        chance = random.Random(20260105)
        ledgers = {
            "barbell-back-squat": Ledger(Decimal(60), Decimal("2.5"), limit=3),
            "barbell-overhead-press": Ledger(Decimal(30), Decimal("1.25"), needed=2, limit=2),
            "goblet-squat": Ledger(Decimal(20), Decimal(2), limit=2, low=8, high=12),
        }
        slots = [
            _slot("barbell-back-squat", 60.0, FIVES),
            _slot("barbell-overhead-press", 30.0, SLOWLY, 1.25),
            _slot("goblet-squat", 20.0, DOUBLE, 2.0, min_reps=8, max_reps=12),
        ]
        programme = created(caller, days=[{"name": "A", "slots": slots}], days_per_week=DAYS_PER_WEEK)
        asked: dict[str, list[Decimal]] = {name: [] for name in ledgers}
        for workout in range(WEEKS * DAYS_PER_WEEK):
            week, day = divmod(workout, DAYS_PER_WEEK)
            at = MONDAY + timedelta(weeks=week, days=2 * day)
            session = started(caller, programme["days"][0], started_at=at.isoformat())
            reserve = chance.choice([0, 1, 1, 2, 2])
            reps = {
                name: [chance.choice([ledger.low - 1] + [ledger.high] * 9 + [ledger.low]) for _ in range(3)]
                for name, ledger in ledgers.items()
            }
            for item in session["exercises"]:
                asked[item["exercise"]].append(Decimal(str(item["targets"][0]["weight_kg"])))
            _train(caller, session, reps, reserve)
            for name, ledger in ledgers.items():
                ledger.note(reps[name], reserve)
        assert {name: ledger.asked for name, ledger in ledgers.items()} == asked
        assert all(len(set(loads)) > 4 for loads in asked.values())  # there was something to agree on
        found = caller.get(SESSIONS, params={"programme_id": programme["id"], "limit": 100}).json()["items"]
        kinds = {item["decision"]["kind"] for session in found for item in session["exercises"]}
        assert {"start", "increase", "repeat", "reset"} == kinds
        weeks = caller.get(
            f"{PROGRAMMES}/{programme['id']}/adherence", params={"from": "2026-01-05", "to": "2026-03-29"}
        ).json()["weeks"]
        assert [(DAYS_PER_WEEK, DAYS_PER_WEEK)] * WEEKS == [(week["planned"], len(week["done"])) for week in weeks]

    def test_three_waves_of_four_weeks(self, caller: TestClient) -> None:
        """A wave of percentages: each load is its share of the best estimate so far, rounded to the plates."""
        percents = {1: 70.0, 2: 77.5, 3: 85.0, 4: 60.0}
        sets = [
            {"min_sets": 1, "min_reps": 3, "percent_of_e1rm": percent, "weeks": [week]}
            for week, percent in percents.items()
        ]
        slot = {"exercise": "barbell-bench-press", "progression": {"rule": "percentage"}, "sets": sets}
        programme = created(caller, days=[{"name": "A", "slots": [slot]}], cycle_weeks=4)
        best = Decimal(0)
        for week in range(WEEKS):
            at = MONDAY + timedelta(weeks=week)
            session = started(caller, programme["days"][0], started_at=at.isoformat())
            [item] = session["exercises"]
            [target] = item["targets"]
            percent = Decimal(str(percents[week % 4 + 1]))
            steps = (best * percent / 100 / Decimal("2.5")).quantize(Decimal(1), ROUND_HALF_UP)
            assert (str(steps * Decimal("2.5")) if best else "None") == (
                "None"
                if target["weight_kg"] is None
                else str(Decimal(str(target["weight_kg"])).quantize(Decimal("0.1")))
            )
            load = Decimal(str(target["weight_kg"] or 80.0))
            reps = 8 if week % 4 == 2 else 5
            log_set(caller, session, item, reps=reps, weight_kg=float(load))
            finished(caller, session, finished_at=session["started_at"])
            best = max(best, load * (30 + reps) / 30)
        assert best > Decimal(100)
