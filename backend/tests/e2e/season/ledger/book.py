"""The notebook: every set that was done, as the person who did it wrote it down."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Done:
    """One set."""

    reps: int | None = None
    weight_kg: float | None = None
    duration_seconds: int | None = None
    distance_m: float | None = None
    heart_rate_bpm: int | None = None
    rpe: float | None = None

    @property
    def volume_kg(self) -> float:
        """Repetitions times load."""
        return (self.reps or 0) * (self.weight_kg or 0)


@dataclass
class Log:
    """What was done of one exercise at one time; `id` is what the API calls it."""

    exercise: str
    at: datetime
    sets: list[Done]
    id: str = ""

    @property
    def volume_kg(self) -> float:
        """Of all its sets."""
        return round(sum(one.volume_kg for one in self.sets), 2)


@dataclass(frozen=True)
class Trained:
    """A set with its place in its log."""

    log: Log
    place: int
    done: Done


@dataclass
class Book:
    """Everything that was done, and what is known of the exercises: `muscles` by slug, first those trained first."""

    logs: list[Log] = field(default_factory=list)
    muscles: dict[str, tuple[list[str], list[str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def of(self, exercise: str, until: datetime | None = None) -> list[Log]:
        """Return the logs of one exercise before a moment, the earliest first."""
        logs = [log for log in self.logs if log.exercise == exercise and (until is None or log.at < until)]
        return sorted(logs, key=lambda log: log.at)

    def sets_of(self, exercise: str, until: datetime | None = None) -> Iterator[Trained]:
        """Yield one exercise's sets in the order they were done."""
        for log in self.of(exercise, until):
            for place, done in enumerate(log.sets):
                yield Trained(log, place, done)

    @property
    def exercises(self) -> list[str]:
        """Return what was ever done, by slug."""
        return sorted({log.exercise for log in self.logs})


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.isoweekday() - 1)


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the week a moment lies in, where its clocks are the zone's."""
    return monday_of(moment.astimezone(zone).date())


def week_name(monday: date) -> str:
    """Return an ISO week's name."""
    return f"{monday:%G-W%V}"
