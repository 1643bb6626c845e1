"""Start and warm latency: four functions under AWS's own runtime client, in turns."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from benchmarks.figures import Sample, Section, Target, percentile_95, ratio
from benchmarks.image_environment import OURS, PLAIN, VARIANTS, event, function
from rehearsal.runtime import ExecutionEnvironment, Invocation

_BLOCKS = 12
_BLOCK = 25
_UNCOUNTED = 2
_NOTE = (
    "Init is from spawning `python -m awslambdaric` to its first poll, byte code warm. Latency is from handing GET "
    "/health over to its response. Every round starts all four, then invokes them in alternating blocks; shown are "
    "medians of {rounds} rounds (lowest to highest), ratios are medians of each round's own."
)


@dataclass
class _Measured:
    init_ms: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


def measure(rounds: int) -> Section:
    """Start and invoke every variant `rounds` times, after one round that only warms the disk."""
    measured = {name: _Measured() for name in VARIANTS}
    _round({name: _Measured() for name in VARIANTS}, blocks=1)
    for _ in range(rounds):
        _round(measured, _BLOCKS)
    plain, ours = measured[PLAIN], measured[OURS]
    return Section(
        key="starts",
        title="Start and warm GET /health",
        note=_NOTE.format(rounds=rounds),
        columns=("function", "init ms", "warm p50 ms", "warm p95 ms", "memory MB"),
        rows=[
            (
                name,
                Sample.of(one.init_ms).shown(),
                Sample.of(one.p50_ms).shown(2),
                Sample.of(one.p95_ms).shown(2),
                f"{median(one.memory_mb):.0f}",
            )
            for name, one in measured.items()
        ],
        figures={name: {key: Sample.of(values) for key, values in vars(one).items()} for name, one in measured.items()},
        targets=[
            Target("init, ours / FastAPI + Mangum", ratio(ours.init_ms, plain.init_ms), 1.3),
            Target("warm GET /health, ours / FastAPI + Mangum", ratio(ours.p50_ms, plain.p50_ms), 1.5),
        ],
    )


def _round(measured: dict[str, _Measured], blocks: int) -> None:
    health = event("GET", "/health")
    durations_ms: dict[str, list[float]] = {name: [] for name in VARIANTS}
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(ExecutionEnvironment(function(handler))) for name, handler in VARIANTS.items()
        }
        for block in range(_UNCOUNTED + blocks):
            for name, environment in started.items():
                invocations = [answered(environment.invoke(health)) for _ in range(_BLOCK)]
                if block >= _UNCOUNTED:
                    durations_ms[name] += [invocation.duration_ms for invocation in invocations]
        for name, environment in started.items():
            measured[name].init_ms.append(environment.init_ms)
            measured[name].p50_ms.append(median(durations_ms[name]))
            measured[name].p95_ms.append(percentile_95(durations_ms[name]))
            measured[name].memory_mb.append(environment.max_memory_mb)


def answered(invocation: Invocation) -> Invocation:
    """Return the invocation; a figure of something that failed is worse than none."""
    if invocation.outcome != "response" or b'"statusCode": 200' not in invocation.payload:
        raise RuntimeError(f"the function failed ({invocation.outcome}): {invocation.payload[:500]!r}")
    return invocation
