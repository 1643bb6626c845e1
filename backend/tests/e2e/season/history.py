"""The history the person brings along: eight weeks of Strong's CSV in pounds, and what is in it in kilograms."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.e2e.season.ledger.book import Done, Log
from tests.e2e.season.script import HOME, Season

Json = dict[str, Any]
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
POUND, MILE = Decimal("0.45359237"), Decimal("1609.344")
NAMES = {
    "Squat (Barbell)": "barbell-back-squat",
    "Bench Press (Barbell)": "barbell-bench-press",
    "Deadlift (Barbell)": "conventional-deadlift",
    "Running": "outdoor-run",
    "Plank": "plank",
    "Wheel of Pain": "ab-wheel-rollout",
}
UNKNOWN = "Wheel of Pain"


@dataclass(frozen=True)
class OldSet:
    """A line of the file."""

    at: datetime
    name: str
    pounds: str = "0"
    reps: int = 0
    miles: str = "0"
    seconds: int = 0
    order: str = "1"

    @property
    def line(self) -> str:
        """As Strong writes it, by the clock at home."""
        at = self.at.astimezone(HOME).strftime("%Y-%m-%d %H:%M:%S")
        return f'{at},"Old gym",1h,"{self.name}",{self.order},{self.pounds},{self.reps},{self.miles},{self.seconds},,,'

    @property
    def done(self) -> Done:
        """In kilograms, metres and seconds."""
        kilograms = (Decimal(self.pounds) * POUND).quantize(Decimal("0.01"), ROUND_HALF_UP)
        metres = (Decimal(self.miles) * MILE).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if self.reps:
            return Done(self.reps, float(kilograms))
        return Done(duration_seconds=self.seconds, distance_m=float(metres) or None)


def old_sets(season: Season) -> list[OldSet]:
    """Return what was done twice a week in the eight weeks before the season."""
    found: list[OldSet] = []
    for week in range(-8, 0):
        tuesday, saturday = season.day(week, 1, 16, 5), season.day(week, 5, 9, 40)
        load = 9 + week
        found += [OldSet(tuesday, "Squat (Barbell)", f"{165 + 5 * load}", 5, order=str(place)) for place in (1, 2, 3)]
        found += [OldSet(tuesday, "Bench Press (Barbell)", f"{117.5 + 2.5 * load}", 6, order="1")]
        found += [OldSet(tuesday, "Plank", seconds=40 + load)]
        found += [OldSet(saturday, "Deadlift (Barbell)", f"{225 + 10 * load}", 5, order=str(place)) for place in (1, 2)]
        found += [OldSet(saturday, "Running", miles="2.1", seconds=1290 - 10 * load)]
        found += [OldSet(saturday, UNKNOWN, reps=8 + load)]
    return found


def strong_csv(season: Season) -> str:
    """Return the file: also with a rest timer, which is no set, and a line nobody can read."""
    lines = [one.line for one in old_sets(season)]
    at = season.day(-1, 5, 9, 40).astimezone(HOME).strftime("%Y-%m-%d %H:%M:%S")
    lines.append(f'{at},"Old gym",1h,"Running",Rest Timer,0,0,0,90,,,')
    lines.append(f'{at},"Old gym",1h,"Running",2,0,0,0,ten,,,')
    return "\n".join([HEADER, *lines, ""])


def logs_of(sets: list[OldSet]) -> list[Log]:
    """Return the logs the sets make: one for each exercise and time."""
    logs: dict[tuple[str, datetime], Log] = {}
    for one in sets:
        log = logs.setdefault((one.name, one.at), Log(NAMES[one.name], one.at, []))
        log.sets.append(one.done)
    return list(logs.values())
