"""Lists, writes and progress over a million sets: each beside the bare time of its own statements in the same run."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import Any, LiteralString

import psycopg

from benchmarks.figures import Section, Target, percentile_95
from benchmarks.image_environment import event
from benchmarks.population import Population, Someone, populated
from coachwork.chassis.sql.session import Parameters, Session
from coachwork.services.fitness.domain.performance import Rows
from coachwork.services.fitness.repository import exercises, logs, performance, progress
from coachwork.services.fitness.schemas.logs import LogQuery
from rehearsal.runtime import ExecutionEnvironment

_UNCOUNTED = 20
_BIND = "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', %s, true)"
_NEW_LOG = """
    insert into public.performance_logs (exercise_id, performed_at)
    select id, now() from public.exercises where slug = %s returning id"""
_NEW_SET = "insert into public.logged_sets (log_id, position, reps, weight_kg) values (%s, %s, 5, 80)"
_NOTE = (
    "{requests} requests of each kind by {callers} of {users} users, in turns, under AWS's own runtime client with the "
    "image's packages; {sets:,} sets in the embedded Postgres, row level security on. Bare is a transaction of the "
    "same statements as the same user, right before the request, their rows fetched and not looked at."
)


class _Recording(Session):
    """Keeps the statements it runs."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self.statements: list[tuple[LiteralString, Parameters | None]] = []

    def all(self, row: type[Any], statement: LiteralString, parameters: Parameters | None = None) -> list[Any]:
        self.statements.append((statement, parameters))
        return super().all(row, statement, parameters)

    def one(self, row: type[Any], statement: LiteralString, parameters: Parameters | None = None) -> Any:
        self.statements.append((statement, parameters))
        return super().one(row, statement, parameters)


@dataclass(frozen=True)
class _Kind:
    """A request, and what its service asks of the database; None where a write is done by hand."""

    name: str
    sent: Callable[[Someone], bytes]
    asked: Callable[[Session], object] | None


@dataclass
class _Measured:
    ours_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)

    @property
    def overhead_ms(self) -> float:
        return median(self.ours_ms) - median(self.bare_ms)


def measure(requests: int = 200) -> Section:
    """Populate a database, time requests and their statements, and take it down."""
    with populated() as population, psycopg.connect(population.setup.app_url, prepare_threshold=None) as connection:
        kinds = _kinds(population.exercise)
        with ExecutionEnvironment(population.setup.function) as environment:
            measured = {kind.name: _Measured() for kind in kinds}
            for number, caller in zip(range(_UNCOUNTED + requests), cycle(population.callers), strict=False):
                for kind in kinds:
                    _time(kind, caller, environment, connection, measured[kind.name] if number >= _UNCOUNTED else None)
    return _section(measured, population, requests)


def _kinds(exercise: str) -> list[_Kind]:
    path, new = "/api/v1/workouts-db", {"exercise": exercise, "sets": [{"reps": 5, "weight_kg": 80}] * 4}
    return [
        _Kind(
            "list logs",
            lambda caller: event("GET", f"{path}/logs", headers=caller.headers),
            lambda session: logs.page(session, LogQuery(), 21, None),
        ),
        _Kind("create log", lambda caller: event("POST", f"{path}/logs", new, caller.headers), None),
        _Kind(
            "progress summary",
            lambda caller: event("GET", f"{path}/progress", headers=caller.headers),
            lambda session: [
                ask(session, progress.Scope())
                for ask in (progress.aggregates, progress.best_sets, progress.best_stretches)
            ],
        ),
        _Kind(
            "progress of an exercise",
            lambda caller: event("GET", f"/api/v1/progress/exercises/{exercise}", headers=caller.headers),
            lambda session: [
                exercises.find(session, exercise),
                performance.performed_sets(session, Rows(exercise), 5_001),
            ],
        ),
    ]


def _time(
    kind: _Kind,
    caller: Someone,
    environment: ExecutionEnvironment,
    connection: psycopg.Connection[Any],
    into: _Measured | None,
) -> None:
    bare_ms = _bare_ms(kind, caller, connection)
    invocation = environment.invoke(kind.sent(caller))
    if invocation.outcome != "response" or json.loads(invocation.payload)["statusCode"] not in {200, 201}:
        raise RuntimeError(f"{kind.name} failed: {invocation.payload[:500]!r}")
    if into is not None:
        into.bare_ms.append(bare_ms)
        into.ours_ms.append(invocation.duration_ms)


def _bare_ms(kind: _Kind, caller: Someone, connection: psycopg.Connection[Any]) -> float:
    claims = json.dumps({"sub": str(caller.user_id), "role": "authenticated"})
    statements = []
    if kind.asked is not None:  # once to learn the statements, which warms the cache for both
        connection.execute(_BIND, [claims])
        recording = _Recording(connection)
        kind.asked(recording)
        statements = recording.statements
        connection.rollback()
    started = perf_counter()
    connection.execute(_BIND, [claims])
    if kind.asked is None:
        row = connection.execute(_NEW_LOG, [json.loads(json.loads(kind.sent(caller))["body"])["exercise"]]).fetchone()
        for place in range(4):
            connection.execute(_NEW_SET, [row[0] if row else None, place])
    for statement, parameters in statements:
        connection.execute(statement, parameters).fetchall()
    connection.commit()
    return (perf_counter() - started) * 1000


def _section(measured: Mapping[str, _Measured], population: Population, requests: int) -> Section:
    return Section(
        key="data",
        title="Over a million sets",
        note=_NOTE.format(
            requests=requests, callers=len(population.callers), users=population.users, sets=population.sets
        ),
        columns=("request", "p50 ms", "p95 ms", "bare SQL p50 ms", "bare SQL p95 ms", "overhead of p50 ms"),
        rows=[
            (
                name,
                f"{median(one.ours_ms):.1f}",
                f"{percentile_95(one.ours_ms):.1f}",
                f"{median(one.bare_ms):.1f}",
                f"{percentile_95(one.bare_ms):.1f}",
                f"{one.overhead_ms:.1f}",
            )
            for name, one in measured.items()
        ],
        figures={
            "sets": population.sets,
            **{name: {**vars(one), "overhead_ms": one.overhead_ms} for name, one in measured.items()},
        },
        targets=[Target(f"{name}, over its bare SQL", one.overhead_ms, 8, "ms") for name, one in measured.items()],
    )
