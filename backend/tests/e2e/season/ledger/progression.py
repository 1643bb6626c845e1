"""A coach with a notebook: for each slot the load, and what happened in a row. The product keeps no such tally."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.e2e.season.compare import Holds
from tests.e2e.season.ledger.book import WEEK, Book, Done
from tests.e2e.season.ledger.strength import epley

Json = dict[str, Any]


@dataclass
class Line:
    """Some sets of a slot, as the plan has them."""

    sets: int
    reps: int | None = None
    most_reps: int | None = None
    weight_kg: float | None = None
    percent: float | None = None
    reserve: int | None = None


@dataclass
class Slot:
    """One slot's tally."""

    exercise: str
    rule: str
    lines: list[Line]
    step: float = 2.5
    grid: float = 2.5
    needed: int = 1
    failures_allowed: int | None = None
    light_every: int | None = None
    in_a_row: int = 0
    failed: int = 0
    goal_reps: int | None = None
    done_before: bool = False
    training_since: datetime | None = None
    light_since: datetime | None = None
    was_light: bool = False
    pending: str = ""
    note: str = ""
    evidence: list[str] = field(default_factory=list)

    def asked(self, book: Book, at: datetime) -> Json:
        """Return what the API ought to ask for, and why."""
        self._begin_light_week(at)
        loads, kind = self._usual(book, at)
        if self.was_light:
            loads, kind = [load if not load else self.lowered(load) for load in loads], "deload"
        goal = None
        if self.rule == "double":
            goal = self.lines[0].reps if self.was_light else self.goal_reps or self.lines[0].reps
        targets = [
            {"min_sets": line.sets, "min_reps": line.reps, "weight_kg": load, "goal_reps": goal}
            for line, load in zip(self.lines, loads, strict=True)
        ]
        return {"targets": targets, "decision": {"kind": kind, **self._reasons(kind, loads)}}

    def _usual(self, book: Book, at: datetime) -> tuple[list[float | None], str]:
        if self.rule == "percentage":
            best = max(epley(one.done) or 0 for one in book.sets_of(self.exercise, at) if one.log.at > at - 12 * WEEK)
            return [self._rounded(best * Fraction(str(line.percent)) / 100) for line in self.lines], "estimate"
        return [line.weight_kg for line in self.lines], self.pending or ("repeat" if self.done_before else "start")

    def _reasons(self, kind: str, loads: Sequence[float | None]) -> Json:
        if kind in {"increase", "reset"}:
            heads = self.note
            starts = Holds(f"a sentence that begins with {heads!r}", lambda text: str(text).startswith(heads))
            return {"sentence": starts, "evidence": self.evidence}
        return {}

    def _rounded(self, load: Fraction) -> float:
        """Return the multiple of the plates' step that is nearest; the load is kept to ten grams."""
        step = Fraction(str(self.grid))
        return float((Fraction(round(load * 100), 100) / step + Fraction(1, 2)).__floor__() * step)

    def lowered(self, load: float) -> float:
        """Return a tenth less, down to the next multiple of the plates' step."""
        step = Fraction(str(self.grid))
        return float((Fraction(str(load)) * Fraction(9, 10) / step).__floor__() * step)

    def _begin_light_week(self, at: datetime) -> None:
        self.was_light = False
        if self.light_every is None or self.training_since is None:
            return
        if self.light_since is not None:
            self.was_light = at < self.light_since + WEEK
        elif at >= self.training_since + timedelta(weeks=self.light_every):
            self.was_light = True

    def note_workout(self, at: datetime, log_id: str, sets: Sequence[Done]) -> None:
        """Write down what was done of what was asked."""
        if self.was_light:
            self.light_since = self.light_since or at
            return
        if self.light_since is not None:
            self.light_since, self.training_since = None, at
        self.training_since = self.training_since or at
        self.done_before, self.pending = True, ""
        if self.rule in {"linear", "double"}:
            self._judge(log_id, sets)

    def _judge(self, log_id: str, sets: Sequence[Done]) -> None:
        [line] = self.lines
        load = line.weight_kg or 0.0
        working = [one for one in sets if (one.weight_kg or 0) >= load][: line.sets]
        wanted = line.most_reps if self.rule == "double" else line.reps
        enough = len(working) == line.sets and all((one.reps or 0) >= (wanted or 0) for one in working)
        tired = line.reserve is not None and any(one.rpe is not None and 10 - one.rpe < line.reserve for one in working)
        missed = any((one.reps or 0) < (line.reps or 0) and (one.weight_kg or 0) == load for one in working)
        if enough and not tired:
            self._succeed(line, log_id, min(one.weight_kg or 0 for one in working))
        elif missed:
            self._fail(line, log_id)
        else:
            self.in_a_row = self.failed = 0
            self.evidence = []
        if self.rule == "double" and self.pending != "increase":
            weakest = min(one.reps or 0 for one in working)
            self.goal_reps = max(line.reps or 0, min(line.most_reps or 0, weakest + 1))

    def _succeed(self, line: Line, log_id: str, carried: float) -> None:
        self.evidence = [*(self.evidence if self.in_a_row else []), log_id]
        self.in_a_row, self.failed = self.in_a_row + 1, 0
        if self.in_a_row < self.needed or not self.step:
            return
        before = max(line.weight_kg or 0, carried)
        line.weight_kg = before + self.step
        self.pending, self.in_a_row, self.goal_reps = "increase", 0, line.reps if self.rule == "double" else None
        self.note = f"+{self.step:g} kg to {line.weight_kg:g} kg: {line.sets}x"

    def _fail(self, line: Line, log_id: str) -> None:
        self.evidence = [*(self.evidence if self.failed else []), log_id]
        self.in_a_row, self.failed = 0, self.failed + 1
        if self.failed == self.failures_allowed and line.weight_kg:
            before = line.weight_kg
            line.weight_kg = self.lowered(before)
            self.pending, self.failed = "reset", 0
            self.note = f"-{before - line.weight_kg:g} kg to {line.weight_kg:g} kg: {line.sets}x{line.reps} missed"
