"""Search over 100,000 chunks, each mode beside the bare engines' own queries in the same run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.corpora import DIMENSIONS, WORDS, Shelves, shelves
from benchmarks.figures import Section, percentile_95
from benchmarks.image_environment import REPOSITORY
from coachwork.services.knowledge.schemas.search import Mode
from coachwork.services.knowledge.service.retrieval import retrieve
from coachwork.tools.command import say

_KEPT = REPOSITORY / "build" / "bench-search"
_MODES: Sequence[Mode] = ("vector", "keyword", "hybrid")
_DEPTH = 60
_LIMIT = 10
_UNCOUNTED = 5
_NOTE = (
    "{searches} searches of each kind, 10 hits each, over {chunks:,} chunks of {words} words in Chroma (embedded,"
    " {dimensions} dimensions) and SQLite, all warm. Bare is the same query of the engine alone, right before: Chroma's"
    " for the nearest {depth} of the owner, FTS5's for the best {depth}, both for hybrid. Tables and objects stand in"
    " memory, so that no network is in the figures; reading and checking the rows of the owner's documents is."
)


@dataclass
class _Measured:
    ours_ms: list[float] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)

    @property
    def row(self) -> tuple[str, ...]:
        """Return it as a table shows it."""
        shown = (median(self.ours_ms), percentile_95(self.ours_ms), median(self.bare_ms), percentile_95(self.bare_ms))
        return (*(f"{one:.1f}" for one in shown), f"{median(self.ours_ms) - median(self.bare_ms):.1f}")


def measure(searches: int = 40, *, chunks: int = 100_000) -> Section:
    """Fill an index for one owner, then for twenty, and time searches of one of them.

    The indexes are kept under build/, and filled once: how searches are timed changes more often than what is searched.
    """
    rows: list[tuple[str, ...]] = []
    figures: dict[str, Any] = {"chunks": chunks}
    for owners in (1, 20):
        filled = shelves(_KEPT / f"{owners}-of-{chunks}", owners, chunks // owners)
        for mode in _MODES:
            name = f"{mode}, {'the only owner' if owners == 1 else f'one of {owners} owners'}"
            say(f"Search: {name}")
            measured = _time(filled, mode, searches)
            rows.append((name, *measured.row))
            figures[name] = vars(measured)
    return Section(
        key="search",
        title="Search in documents",
        note=_NOTE.format(searches=searches, chunks=chunks, words=WORDS, dimensions=DIMENSIONS, depth=_DEPTH),
        columns=("search", "p50 ms", "p95 ms", "bare p50 ms", "bare p95 ms", "overhead of p50 ms"),
        rows=rows,
        figures=figures,
        targets=[],
    )


def _time(filled: Shelves, mode: Mode, searches: int) -> _Measured:
    measured = _Measured()
    for number, query in enumerate(islice(filled.queries(), _UNCOUNTED + searches)):
        bare_ms = _ms(partial(filled.bare, mode, query, _DEPTH))
        ours_ms = _ms(partial(retrieve, filled.resources, filled.principal, query, mode=mode, limit=_LIMIT))
        if number >= _UNCOUNTED:
            measured.bare_ms.append(bare_ms)
            measured.ours_ms.append(ours_ms)
    return measured


def _ms(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return (perf_counter() - started) * 1000
