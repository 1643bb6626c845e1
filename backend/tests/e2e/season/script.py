"""What the person does in twelve weeks: what is planned, which days are kept, and how the sets go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.season.ledger.book import WEEK, Done, monday_of
from tests.e2e.season.ledger.progression import Line, Slot

Json = dict[str, Any]
HOME = ZoneInfo("Europe/Berlin")
WEEKS = 12

PROFILE = {
    "display_name": "Robin",
    "birth_year": 1990,
    "height_cm": 181.0,
    "level": "intermediate",
    "goal": "fat_loss",
    "days_per_week": 3,
    "equipment": ["barbell", "rack", "bench", "dumbbell", "pull_up_bar"],
    "injuries": ["wrist"],
    "sex_for_equations": "male",
}

_USUAL = (0, 2, 4)
KEPT_DAYS: Sequence[Sequence[int]] = (*(_USUAL,) * 4, (1, 4), (), *(_USUAL,) * 3, (0, 4), _USUAL, (*_USUAL, 5))
"""The weekdays with a session, week by week: once a day is missed, once a whole week, once there is one too many."""

LONG_RUNS = {2: (8000.0, 2712, 148), 6: (9000.0, 2997, 151), 9: (10_000.0, 3405, 149)}
"""Runs at half past eleven on a Sunday night in UTC, which is Monday at home: metres, seconds, heart rate."""


STRETCHED_WEEKS = (0, 1, 2, 4, 6, 7, 10)
"""When the stretching that is planned for every Saturday is done."""


@dataclass(frozen=True)
class Season:
    """When it all is: twelve whole weeks before this one, as the moment `now` has it."""

    now: datetime

    @property
    def monday(self) -> datetime:
        """The first week's Monday, in UTC."""
        return datetime.combine(monday_of(self.now.date()) - WEEKS * WEEK, time(), UTC)

    @property
    def period(self) -> tuple[date, date]:
        """From the first day to the end of the week that follows this one."""
        return self.monday.date(), (self.monday + timedelta(weeks=WEEKS, days=13)).date()

    def day(self, week: int, weekday: int, hour: int = 17, minute: int = 30) -> datetime:
        """Return a moment of the season; week 0 is its first, and there are weeks before it."""
        return self.monday + week * WEEK + timedelta(days=weekday, hours=hour, minutes=minute)

    @property
    def sessions(self) -> list[datetime]:
        """When the programme's days are done."""
        return [self.day(week, weekday) for week, days in enumerate(KEPT_DAYS) for weekday in days]

    @property
    def weighings(self) -> list[tuple[datetime, float]]:
        """Body weight, every third morning: losing, with water that comes and goes."""
        water = (0.0, 0.42, -0.31, 0.18, -0.47, 0.25, -0.12, 0.36, -0.28, 0.07)
        moments = [self.monday + timedelta(days=3 * place, hours=6, minutes=11 * place % 50) for place in range(28)]
        return [(at, round(86.4 - 0.115 * place + water[place % 10], 2)) for place, at in enumerate(moments)]


def slots() -> dict[str, Slot]:
    """Return the plan as the person wrote it, and a tally for each slot."""
    return {
        "squat": Slot("barbell-back-squat", "linear", [Line(3, 5, 5, 90.0)], failures_allowed=2),
        "bench": Slot("barbell-bench-press", "double", [Line(3, 6, 8, 62.5)]),
        "row": Slot("barbell-bent-over-row", "linear", [Line(3, 8, 8, 50.0, reserve=2)], needed=2),
        "plank": Slot("plank", "fixed", [Line(2)]),
        "light squat": Slot("barbell-back-squat", "percentage", [Line(3, 5, 5, percent=72.5)]),
        "press": Slot("barbell-overhead-press", "linear", [Line(3, 5, 5, 35.0)], step=1.25, grid=1.25, light_every=4),
        "deadlift": Slot(
            "conventional-deadlift", "percentage", [Line(1, 3, 3, percent=82.5), Line(2, 5, 5, percent=72.5)], step=5.0
        ),
        "pull-up": Slot("pull-up", "linear", [Line(3, 5, 5, 0.0)], step=0.0),
        "run": Slot("outdoor-run", "fixed", [Line(1)]),
    }


DAYS = {
    "Day A": ("squat", "bench", "row", "plank"),
    "Day B": ("light squat", "press", "deadlift", "pull-up", "run"),
}
RESTS = {"squat": 180, "bench": 150, "row": 120, "plank": 60, "light squat": 120, "press": 150, "deadlift": 210}


def slot_request(name: str, slot: Slot) -> Json:
    """Return a slot as the API takes it."""
    deload = {"after_failures": slot.failures_allowed, "every_weeks": slot.light_every, "percent": 10.0}
    rule = {"rule": slot.rule, "increment_kg": slot.step, "qualifying_workouts": slot.needed, "deload": deload}
    sets = [_sets(name, line) for line in slot.lines]
    return {"exercise": slot.exercise, "rounding_kg": slot.grid, "progression": rule, "sets": sets}


def _sets(name: str, line: Line) -> Json:
    counted: Json = {"min_reps": line.reps, "max_reps": line.most_reps}
    if name == "plank":
        counted = {"duration_seconds": 60}
    elif name == "run":
        counted = {"distance_m": 3000.0}
    load = {"weight_kg": line.weight_kg, "percent_of_e1rm": line.percent, "reps_in_reserve": line.reserve}
    given = {**counted, **load, "rest_seconds": RESTS.get(name)}
    return {"min_sets": line.sets, **{key: value for key, value in given.items() if value is not None}}


REPETITIONS = {
    ("squat", 3): (5, 5, 4),
    ("squat", 4): (5, 4, 3),  # twice in a row: a tenth less
    ("squat", 12): (5, 5),  # a set short: neither done nor missed
    ("bench", 5): (7, 6, 5),
    ("press", 6): (5, 5, 3),
}
EXERTION = {("row", 4): 9.5}  # one repetition in reserve less than was asked for
HEAVIER = {("squat", 9): 5.0}
SKIPPED = {6: "row"}
SWAPPED: dict[int, tuple[str, str | None]] = {8: ("bench", None), 11: ("press", "dumbbell-push-press")}
"""By session: what is done instead; None is what the API finds nearest."""


def sets_done(name: str, number: int, targets: Sequence[Json]) -> list[Done]:
    """Return how a slot's sets go the `number`th time it is done."""
    if name == "plank":
        return [Done(duration_seconds=60 + 2 * number), Done(duration_seconds=55 + 2 * number)]
    if name == "run":
        return [Done(distance_m=3000.0, duration_seconds=1030 - 7 * number, heart_rate_bpm=150 - number % 5)]
    done: list[Done] = []
    if name == "squat":
        done.append(Done(8, 40.0))  # a warm-up
    for target in targets:
        asked = target["goal_reps"] or target["min_reps"]
        reps = REPETITIONS.get((name, number), (asked,) * target["min_sets"])
        load = (target["weight_kg"] or 0.0) + HEAVIER.get((name, number), 0.0)
        done += [Done(count, load, rpe=EXERTION.get((name, number), 8.0 if name == "row" else None)) for count in reps]
    return done
