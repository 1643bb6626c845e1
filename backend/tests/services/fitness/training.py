"""A made-up training history over HTTP, and its rows as plain values: what figures are recomputed from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from starlette.testclient import TestClient

LOGS = "/api/v1/workouts-db/logs"
SQUAT, BENCH, PULL_UP, PLANK, RUN = "barbell-back-squat", "barbell-bench-press", "pull-up", "plank", "outdoor-run"
Json = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One set as it was sent."""

    exercise: str
    log_id: str
    position: int
    performed_at: datetime
    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None = None
    distance_m: float | None = None

    @property
    def volume_kg(self) -> float:
        """Repetitions times load."""
        return (self.reps or 0) * (self.weight_kg or 0.0)


def log(client: TestClient, exercise: str, at: str | datetime, *sets: Json, **more: object) -> list[Row]:
    """Log sets at a time and return their rows; a day alone is its noon in UTC."""
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(f"{at}T12:00:00+00:00" if len(at) == 10 else at)
    body = {"exercise": exercise, "performed_at": moment.isoformat(), "sets": list(sets), **more}
    response = client.post(LOGS, json=body)
    assert 201 == response.status_code, response.text
    log_id = response.json()["id"]
    return [
        Row(
            exercise, log_id, position, moment.astimezone(UTC), done.get("reps"), done.get("weight_kg"),
            done.get("duration_seconds"), done.get("distance_m"),
        )
        for position, done in enumerate(sets)
    ]  # fmt: skip


def lifted(*pairs: tuple[int, float]) -> list[Json]:
    """Return sets of repetitions and loads."""
    return [{"reps": reps, "weight_kg": weight_kg} for reps, weight_kg in pairs]


def history(client: TestClient, *, logs: int, seed: int, until: datetime | None = None) -> list[Row]:
    """Log at random over half a year, at any hour; return every row in the order of time."""
    random = Random(seed)
    end = until or datetime(2026, 10, 1, tzinfo=UTC)
    rows: list[Row] = []
    for _ in range(logs):
        at = end - timedelta(minutes=random.randrange(180 * 24 * 60))
        exercise = random.choice([SQUAT, SQUAT, BENCH, PULL_UP, PLANK, RUN])
        rows += log(client, exercise, at, *(_done(random, exercise) for _ in range(random.randint(1, 4))))
    return sorted(rows, key=lambda row: (row.performed_at, row.log_id, row.position))


def _done(random: Random, exercise: str) -> Json:
    if exercise == PLANK:
        return {"duration_seconds": random.randint(20, 180)}
    if exercise == RUN:
        return {"duration_seconds": random.randint(600, 3600), "distance_m": float(random.randint(1500, 12000))}
    load = 0.0 if exercise == PULL_UP else random.randint(8, 56) * 2.5
    return {"reps": random.randint(1, 15), "weight_kg": load}
