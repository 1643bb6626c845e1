"""Everything that is known of the season while it is played: the person, the notebook, and what the API showed."""

from dataclasses import dataclass, field
from typing import Any

from tests.e2e.season.compare import Comparison
from tests.e2e.season.ledger.body import Value
from tests.e2e.season.ledger.book import Book, Done, Log
from tests.e2e.season.ledger.progression import Slot
from tests.e2e.season.person import Person
from tests.e2e.season.script import Season, slots

Json = dict[str, Any]


@dataclass
class Story:
    """A season and how far it has come."""

    person: Person
    season: Season
    book: Book = field(default_factory=Book)
    movements: dict[str, str] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=slots)
    comparison: Comparison = field(default_factory=Comparison)
    programme: Json = field(default_factory=dict)
    done_days: list[Json] = field(default_factory=list)
    planned: list[Json] = field(default_factory=list)
    waists: list[Value] = field(default_factory=list)
    hips: list[Value] = field(default_factory=list)
    heavy_kg: float = 0.0
    accepted: Json = field(default_factory=dict)
    goals: dict[str, Json] = field(default_factory=dict)
    turns: list[Json] = field(default_factory=list)
    memories: list[str] = field(default_factory=list)
    film: bytes = b""
    shown: Json = field(default_factory=dict)

    def meet(self, exercise: str) -> None:
        """Look an exercise up, once: its name and its muscles are the library's word, not a computation."""
        if exercise not in self.movements:
            found = self.person.get(f"/exercises/{exercise}")
            self.movements[exercise] = found["movement"]
            self.book.muscles[exercise] = (found["primary_muscles"], found["secondary_muscles"])
            self.book.names[exercise] = found["name"]

    def write_down(self, log: Log) -> None:
        """Put a log into the notebook."""
        self.meet(log.exercise)
        self.book.logs.append(log)

    def log(self, log: Log, **more: object) -> Json:
        """Log something outside of any session."""
        request = {"exercise": log.exercise, "performed_at": log.at.isoformat(), **more}
        answer: Json = self.person.make("/workouts-db/logs", {**request, "sets": [wire(done) for done in log.sets]})
        log.id = answer["id"]
        self.write_down(log)
        return answer


def wire(done: Done) -> Json:
    """Return a set as the API takes it."""
    return {name: value for name, value in vars(done).items() if value is not None}
