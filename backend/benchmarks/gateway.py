"""Cold and warm latency through the gateway: what a front end waits for, ours beside FastAPI + Mangum."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.dependencies import Setup, set_up
from benchmarks.figures import Sample, Section, percentile_95, ratio
from benchmarks.front import CONCURRENCY, Caller, Front, fronts
from benchmarks.image_environment import OURS, PLAIN, VARIANTS, function

_HEALTH = "/health"
_LOGS = "/api/v1/workouts-db/logs"
_LOG = {"exercise": "barbell-back-squat", "sets": [{"reps": 5, "weight_kg": 100}] * 3}
_LISTED = 20
_BLOCKS = 12
_BLOCK = 25
_UNCOUNTED = 2
_LOADED_SECONDS = 1.0
_NOTE = (
    "Over HTTP on 127.0.0.1, through the rehearsal's gateway and function service; 1024 MB, byte code warm. Cold is "
    "the first GET /health when no environment is up, until its answer; warm are alternating blocks over a kept "
    "connection; logs is a signed-in caller's GET {logs} of {listed} logs, out of Postgres. The rate is GET /health "
    "in {seconds:g} s by {clients} clients at a reserved concurrency of {clients}; gateway and clients share one "
    "process, whose pace bounds it. Medians of {rounds} rounds (lowest to highest), ratios are medians of each "
    "round's own."
)


@dataclass
class Measured:
    """Of one function, a figure a round; `logs_p50_ms` stays empty for one that has no logs."""

    cold_ms: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    logs_p50_ms: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)


def measure(rounds: int, seconds: float) -> Section:
    """Deploy both, and call them in turns; one round before the others only warms the disk."""
    measured = {PLAIN: Measured(), OURS: Measured()}
    with set_up() as setup, fronts({PLAIN: function(VARIANTS[PLAIN]), OURS: setup.function}) as both:
        _fill(both[OURS], setup)
        _round(both, setup, {name: Measured() for name in both}, seconds=0)
        for _ in range(rounds):
            _round(both, setup, measured, seconds)
    note = _NOTE.format(logs=_LOGS, listed=_LISTED, seconds=seconds, clients=CONCURRENCY, rounds=rounds)
    return summed_up(measured, note)


def summed_up(measured: Mapping[str, Measured], note: str) -> Section:
    """Return the table of both functions and what ours is to the other."""
    plain, ours = measured[PLAIN], measured[OURS]
    ratios = {
        key: ratio(getattr(ours, key), getattr(plain, key)) for key in ("cold_ms", "p50_ms", "p95_ms", "per_second")
    }
    shown = {key: f"{value:.2f}" for key, value in ratios.items()}
    row = ("ratio", shown["cold_ms"], shown["p50_ms"], shown["p95_ms"], "", shown["per_second"])
    return Section(
        key="gateway",
        title="Through the gateway",
        note=note,
        columns=("function", "cold ms", "warm p50 ms", "warm p95 ms", "logs p50 ms", "requests a second"),
        rows=[*(_row(name, one) for name, one in measured.items()), row],
        figures={
            **{name: {key: Sample.of(of) for key, of in vars(one).items() if of} for name, one in measured.items()},
            "ratios": ratios,
        },
    )


def _row(name: str, one: Measured) -> tuple[str, ...]:
    return (
        name,
        Sample.of(one.cold_ms).shown(),
        Sample.of(one.p50_ms).shown(2),
        f"{median(one.p95_ms):.2f}",
        Sample.of(one.logs_p50_ms).shown(1) if one.logs_p50_ms else "",
        Sample.of(one.per_second).shown(),
    )


def _fill(front: Front, setup: Setup) -> None:
    with front.caller(setup.headers) as caller:
        for _ in range(_LISTED):
            caller.call_ms(_LOGS, _LOG)


def _round(fronts: Mapping[str, Front], setup: Setup, measured: Mapping[str, Measured], seconds: float) -> None:
    for name, front in fronts.items():
        measured[name].cold_ms.append(_cold_ms(front))
    with ExitStack() as stack:
        callers = {name: stack.enter_context(front.caller()) for name, front in fronts.items()}
        _health(callers, measured)
        signed_in = stack.enter_context(fronts[OURS].caller(setup.headers))
        logs_ms = [signed_in.call_ms(f"{_LOGS}?limit={_LISTED}") for _ in range(_UNCOUNTED * _BLOCK + _BLOCK)]
        measured[OURS].logs_p50_ms.append(median(logs_ms[_UNCOUNTED * _BLOCK :]))
    if seconds:
        for front in fronts.values():  # which starts the other environments
            front.rate(_HEALTH, _LOADED_SECONDS)
        for name, front in fronts.items():
            measured[name].per_second.append(front.rate(_HEALTH, seconds))


def _cold_ms(front: Front) -> float:
    front.end_environments()
    with front.caller() as caller:
        return caller.call_ms(_HEALTH)


def _health(callers: Mapping[str, Caller], measured: Mapping[str, Measured]) -> None:
    durations_ms: dict[str, list[float]] = {name: [] for name in callers}
    for block in range(_UNCOUNTED + _BLOCKS):
        for name, caller in callers.items():
            taken_ms = [caller.call_ms(_HEALTH) for _ in range(_BLOCK)]
            if block >= _UNCOUNTED:
                durations_ms[name] += taken_ms
    for name, all_ms in durations_ms.items():
        measured[name].p50_ms.append(median(all_ms))
        measured[name].p95_ms.append(percentile_95(all_ms))
