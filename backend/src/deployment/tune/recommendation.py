"""Which memory size: what one measured size allows to say, and what a sweep shows.

Lambda gives a function a share of a processor in proportion to its memory, a whole one at 1,769 MB.
Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from deployment.tune.reports import Summary

WHOLE_PROCESSOR_MB = 1769
SIZES_MB = (256, 512, 768, 1024, 1280, 1536, WHOLE_PROCESSOR_MB)
_HEADROOM_PERCENT = 125
_MB_IN_GB = Decimal(1024)
_FEW = 30


@dataclass(frozen=True)
class Recommendation:
    """What to do with a function's memory, and why, in sentences; the size is what it has where nothing is better."""

    memory_mb: int
    why: tuple[str, ...]


def cost_of_million(summary: Summary, gb_second: Decimal) -> Decimal:
    """Return what a million such invocations cost in seconds of memory, in dollars."""
    return cost_of(summary.memory_mb, Decimal(str(summary.mean_billed_ms)), gb_second)


def cost_of(memory_mb: int, billed_ms: Decimal, gb_second: Decimal) -> Decimal:
    """Return what a million invocations of so many milliseconds cost."""
    return 1_000_000 * billed_ms / 1000 * memory_mb / _MB_IN_GB * gb_second


def from_one_size(summary: Summary, limit_ms: float | None, *, cpu_grows_with_memory: bool = True) -> Recommendation:
    """Return what invocations with one size allow to say.

    Less memory makes code that only computes slower in proportion, and code that only waits not at all; between these
    two lies the truth. So a smaller size is safe where even the slower bound keeps to the limit, and never dearer.
    """
    least_mb = summary.most_used_mb * _HEADROOM_PERCENT // 100
    said = [
        f"{summary.invocations} invocations with {summary.memory_mb} MB: p50 {summary.p50_ms:.0f} ms,"
        f" p95 {summary.p95_ms:.0f} ms, at most {summary.most_used_mb} MB used"
    ]
    if summary.invocations < _FEW:
        said.append(f"fewer than {_FEW} invocations: percentiles of so few mean little")
    if least_mb > summary.memory_mb:
        said.append(f"memory is short: {summary.most_used_mb} MB and a quarter of headroom want {least_mb} MB")
        return Recommendation(least_mb, tuple(said))
    if limit_ms is not None and summary.p95_ms > limit_ms:
        said.append(
            f"p95 is over the limit of {limit_ms:g} ms: more memory helps if it computes, and not if it waits; one size"
            " cannot tell which: --sweep can"
        )
        return Recommendation(summary.memory_mb, tuple(said))
    return _smaller(summary, limit_ms, least_mb, said, cpu_grows_with_memory=cpu_grows_with_memory)


def _smaller(
    summary: Summary, limit_ms: float | None, least_mb: int, said: list[str], *, cpu_grows_with_memory: bool
) -> Recommendation:
    if summary.memory_mb > WHOLE_PROCESSOR_MB >= least_mb:
        said.append(f"beyond {WHOLE_PROCESSOR_MB} MB there is a second processor, which one Python thread does not use")
        return Recommendation(WHOLE_PROCESSOR_MB, tuple(said))
    if limit_ms is None:
        said.append("without --p95-ms nothing says how slow it may become: give a limit, or --sweep")
        return Recommendation(summary.memory_mb, tuple(said))
    safe = [
        size
        for size in SIZES_MB
        if least_mb <= size < summary.memory_mb and summary.p95_ms * summary.memory_mb / size <= limit_ms
    ]
    if not safe:
        said.append("no smaller size is safe if it does nothing but compute; --sweep may find one")
        return Recommendation(summary.memory_mb, tuple(said))
    slower_ms = summary.p95_ms * summary.memory_mb / safe[0]
    said.append(
        f"with {safe[0]} MB p95 is between {summary.p95_ms:.0f} ms (if it waits) and {slower_ms:.0f} ms (if it"
        f" computes), within {limit_ms:g} ms either way; a second costs {100 * safe[0] // summary.memory_mb} %"
    )
    if not cpu_grows_with_memory:
        said.append("measured where memory brings no processor: at AWS it may be slower from the start")
    return Recommendation(safe[0], tuple(said))


def from_sweep(found: Sequence[Summary], limit_ms: float | None, gb_second: Decimal) -> Recommendation:
    """Return the cheapest size whose p95 keeps to the limit and whose memory suffices; `found` is not empty."""
    fitting = [one for one in found if one.most_used_mb * _HEADROOM_PERCENT // 100 <= one.memory_mb]
    within = [one for one in fitting if limit_ms is None or one.p95_ms <= limit_ms]
    if not within:
        best = min(fitting or found, key=lambda one: one.p95_ms)
        return Recommendation(best.memory_mb, (f"no size keeps p95 within {limit_ms:g} ms; this one comes closest",))
    best = min(within, key=lambda one: (cost_of_million(one, gb_second), one.p95_ms))
    why = f"the cheapest of {len(within)} that keep to the limit: ${cost_of_million(best, gb_second):.2f} a million"
    return Recommendation(best.memory_mb, (why,))
