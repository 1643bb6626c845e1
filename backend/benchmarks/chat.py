"""A chat turn: the first after a cold start beside the imports it cannot do without, and a warm one's own cost."""

import subprocess
from dataclasses import dataclass, field, replace

from benchmarks.dependencies import Setup, set_up
from benchmarks.figures import Sample, Section, Target, percentile_95, ratio
from benchmarks.image_environment import interpreter
from benchmarks.starts import answered
from rehearsal.runtime import ExecutionEnvironment

_NEEDED = "langgraph.graph, openai, psycopg"
_MESSAGES = (
    "How many sets a week should I do for my chest?",
    "How deep should I squat?",
    "How much protein do I need a day?",
    "Build me a plan for three days a week.",
    "Show my progress, please.",
)
_UNCOUNTED = 5
_NOTE = (
    "First turns are medians of {rounds} cold starts (lowest to highest), each beside the imports in a fresh "
    "interpreter; ratios are medians of each round's own. A warm turn's cost is ours and that of Postgres, Chroma over "
    "HTTP and a model and embedder that answer at once, all on this machine; {turns} turns in one environment. "
    "A restore is the same process going on: Lambda's own, of the memory, comes on top."
)


def measure(rounds: int, turns: int) -> Section:
    """Set up, converse, and take it down."""
    with set_up() as setup:
        cold = _cold(setup, rounds)
        warm_ms = _warm(setup, turns)
    rows = [
        ("init before it", Sample.of(cold.init_ms).shown()),
        ("first turn after a cold start", Sample.of(cold.first_ms).shown()),
        (f"import {_NEEDED}, alone", Sample.of(cold.needed_ms).shown()),
        ("start up to a snapshot, once a version", Sample.of(cold.snapshot_ms).shown()),
        ("what runs after a restore", Sample.of(cold.restore_ms).shown()),
        ("first turn after a restore", Sample.of(cold.restored_first_ms).shown()),
        ("warm turn, p50", f"{Sample.of(warm_ms).median:.1f}"),
        ("warm turn, p95", f"{percentile_95(warm_ms):.1f}"),
    ]
    return Section(
        key="chat",
        title="A chat turn",
        note=_NOTE.format(rounds=rounds, turns=turns),
        columns=("what", "ms"),
        rows=rows,
        figures={
            "init_ms": Sample.of(cold.init_ms),
            "first_turn_ms": Sample.of(cold.first_ms),
            "imports_ms": Sample.of(cold.needed_ms),
            "snapshot_ms": Sample.of(cold.snapshot_ms),
            "restore_ms": Sample.of(cold.restore_ms),
            "restored_first_turn_ms": Sample.of(cold.restored_first_ms),
            "warm_p50_ms": Sample.of(warm_ms).median,
            "warm_p95_ms": percentile_95(warm_ms),
        },
        targets=[Target("first chat / its imports alone", ratio(cold.first_ms, cold.needed_ms), 1.2)],
    )


@dataclass
class _Cold:
    init_ms: list[float] = field(default_factory=list)
    first_ms: list[float] = field(default_factory=list)
    needed_ms: list[float] = field(default_factory=list)
    snapshot_ms: list[float] = field(default_factory=list)
    restore_ms: list[float] = field(default_factory=list)
    restored_first_ms: list[float] = field(default_factory=list)


def _cold(setup: Setup, rounds: int) -> _Cold:
    _cold_round(setup, 0, _Cold())  # warms the disk and the byte code
    measured = _Cold()
    for number in range(1, rounds + 1):
        _cold_round(setup, number, measured)
    return measured


def _cold_round(setup: Setup, number: int, measured: _Cold) -> None:
    asked = setup.ask(_MESSAGES[number % len(_MESSAGES)])
    with ExecutionEnvironment(setup.function) as environment:
        measured.first_ms.append(answered(environment.invoke(asked)).duration_ms)
        measured.init_ms.append(environment.init_ms)
    with ExecutionEnvironment(replace(setup.function, has_snapshot=True)) as environment:
        measured.restored_first_ms.append(answered(environment.invoke(asked)).duration_ms)
        measured.snapshot_ms.append(environment.init_ms)
        measured.restore_ms.append(environment.restore_ms or 0.0)
    measured.needed_ms.append(_imports_ms(_NEEDED))


def _imports_ms(names: str) -> float:
    program = f"from time import perf_counter as now; t = now(); import {names}; print((now() - t) * 1000)"
    command = [str(interpreter().python), "-c", program]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env={}).stdout)


def _warm(setup: Setup, turns: int) -> list[float]:
    durations_ms = []
    with ExecutionEnvironment(setup.function) as environment:
        for number in range(_UNCOUNTED + turns):
            turn = answered(environment.invoke(setup.ask(_MESSAGES[number % len(_MESSAGES)])))
            if number >= _UNCOUNTED:
                durations_ms.append(turn.duration_ms)
    return durations_ms
