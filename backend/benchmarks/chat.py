"""A chat turn: the first after a cold start beside the imports it cannot do without, and a warm one's own cost."""

import subprocess

from benchmarks.figures import Sample, Section, Target, percentile_95, ratio
from benchmarks.scene import Scene, set_up
from benchmarks.stage import interpreter
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
    "HTTP and a model and embedder that answer at once, all on this machine; {turns} turns in one environment."
)


def measure(rounds: int, turns: int) -> Section:
    """Set the scene, converse, and take it down."""
    with set_up() as scene:
        init_ms, first_ms, needed_ms = _cold(scene, rounds)
        warm_ms = _warm(scene, turns)
    rows = [
        ("init before it", Sample.of(init_ms).shown()),
        ("first turn after a cold start", Sample.of(first_ms).shown()),
        (f"import {_NEEDED}, alone", Sample.of(needed_ms).shown()),
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
            "init_ms": Sample.of(init_ms),
            "first_turn_ms": Sample.of(first_ms),
            "imports_ms": Sample.of(needed_ms),
            "warm_p50_ms": Sample.of(warm_ms).median,
            "warm_p95_ms": percentile_95(warm_ms),
        },
        targets=[Target("first chat / its imports alone", ratio(first_ms, needed_ms), 1.2)],
    )


def _cold(scene: Scene, rounds: int) -> tuple[list[float], list[float], list[float]]:
    init_ms, first_ms, needed_ms = [], [], []
    for number in range(rounds + 1):
        with ExecutionEnvironment(scene.function) as environment:
            first = answered(environment.invoke(scene.ask(_MESSAGES[number % len(_MESSAGES)])))
        needed = _imports_ms(_NEEDED)
        if number:  # the first round only warms the disk and the byte code
            init_ms.append(environment.init_ms)
            first_ms.append(first.duration_ms)
            needed_ms.append(needed)
    return init_ms, first_ms, needed_ms


def _imports_ms(names: str) -> float:
    program = f"from time import perf_counter as now; t = now(); import {names}; print((now() - t) * 1000)"
    command = [str(interpreter().python), "-c", program]
    return float(subprocess.run(command, capture_output=True, text=True, check=True, env={}).stdout)


def _warm(scene: Scene, turns: int) -> list[float]:
    durations_ms = []
    with ExecutionEnvironment(scene.function) as environment:
        for number in range(_UNCOUNTED + turns):
            turn = answered(environment.invoke(scene.ask(_MESSAGES[number % len(_MESSAGES)])))
            if number >= _UNCOUNTED:
                durations_ms.append(turn.duration_ms)
    return durations_ms
