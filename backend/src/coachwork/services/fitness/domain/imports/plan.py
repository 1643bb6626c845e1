"""What an import would do: which logs are new, which are there already, and which lines come to nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from unicodedata import category
from uuid import UUID

from coachwork.services.fitness.domain.imports.matching import Match, Named
from coachwork.services.fitness.domain.imports.reading import LineProblem, Reading, ReadSet
from coachwork.services.fitness.domain.logs import LoggedSet, flaws_of, is_plausible
from coachwork.services.fitness.schemas.logs import SetRequest

MAX_SETS_OF_LOG = 100
_MAX_NOTE_CHARACTERS = 2_000

State = Literal["new", "duplicate", "differing"]
Figures = tuple[float | None, ...]
"""The figures of a set, by which two are the same."""

Stored = Mapping[tuple[UUID, datetime], Sequence[Sequence[Figures]]]
"""The sets of each log there is, by its exercise and its moment."""


@dataclass(frozen=True)
class PlannedLog:
    """A log as it would be stored; `lines` are those of its sets."""

    exercise: Named
    performed_at: datetime
    notes: str
    sets: Sequence[SetRequest]
    lines: Sequence[int]
    state: State = "new"


@dataclass(frozen=True)
class Plan:
    """What an import does; every line of the file is in `logs`, `problems`, `skipped` or `unmapped`, once."""

    logs: Sequence[PlannedLog]
    problems: Sequence[LineProblem]
    skipped: Mapping[str, int]
    unmapped: Mapping[str, int] = field(default_factory=dict)

    def of(self, state: State) -> list[PlannedLog]:
        """Return the logs of a state."""
        return [log for log in self.logs if log.state == state]


def moments_of(logs: Iterable[PlannedLog]) -> list[tuple[UUID, datetime]]:
    """Return what to look up to know which logs are there."""
    return [(log.exercise.id, log.performed_at) for log in logs]


def planned(reading: Reading, matches: Mapping[str, Match], now: datetime, *, with_warmups: bool = True) -> Plan:
    """Return what the file's sets come to, before it is known what is there already.

    One log is what was done of one exercise in one workout: the same exercise at the same moment, in the file's order.
    """
    problems = list(reading.problems)
    skipped, unmapped = Counter(reading.skipped), Counter[str]()
    by_log: defaultdict[tuple[UUID, datetime], list[ReadSet]] = defaultdict(list)
    exercises: dict[UUID, Named] = {}
    for one in reading.sets:
        match = matches[one.exercise]
        if match.exercise is None:
            unmapped[one.exercise] += 1
        elif one.is_warmup and not with_warmups:
            skipped["warmups"] += 1
        elif problem := _problem(one, match.exercise, now):
            problems.append(problem)
        else:
            exercises[match.exercise.id] = match.exercise
            by_log[match.exercise.id, one.performed_at].append(one)
    for sets in by_log.values():
        problems += [
            LineProblem(one.line, None, f"A log has {MAX_SETS_OF_LOG} sets at most") for one in sets[MAX_SETS_OF_LOG:]
        ]
    logs = [_log(exercises[key[0]], sets[:MAX_SETS_OF_LOG]) for key, sets in by_log.items()]
    logs.sort(key=lambda log: (log.performed_at, log.lines[0]))
    return Plan(logs, sorted(problems, key=lambda one: one.line), skipped, unmapped)


def compared(plan: Plan, stored: Stored) -> Plan:
    """Return the plan with each log told from those that are there.

    A log with the same sets is a duplicate. One of the same exercise at the same moment with other sets differs: it
    is not imported, for nobody knows which of the two is right.
    """
    logs = []
    for log in plan.logs:
        there = stored.get((log.exercise.id, log.performed_at))
        state: State = "new"
        if there:
            same = [figures_of(done) for done in log.sets]
            state = "duplicate" if any(same == list(sets) for sets in there) else "differing"
        logs.append(PlannedLog(log.exercise, log.performed_at, log.notes, log.sets, log.lines, state))
    return Plan(logs, plan.problems, plan.skipped, plan.unmapped)


def figures_of(done: SetRequest | LoggedSet) -> Figures:
    """Return a set's figures."""
    return done.reps, done.weight_kg, done.duration_seconds, done.distance_m, done.heart_rate_bpm, done.rpe


def _problem(one: ReadSet, exercise: Named, now: datetime) -> LineProblem | None:
    if not is_plausible(one.performed_at, now):
        return LineProblem(one.line, None, f"{one.performed_at.date()} is before 1950, or not yet")
    flaw = next(flaws_of(one.done, exercise.measure), None)
    return LineProblem(one.line, flaw.field, flaw.message) if flaw else None


def _log(exercise: Named, sets: Sequence[ReadSet]) -> PlannedLog:
    return PlannedLog(
        exercise,
        sets[0].performed_at,
        _notes(sets),
        [one.done for one in sets],
        [one.line for one in sets],
    )


def _notes(sets: Sequence[ReadSet]) -> str:
    """Return the workout's name, its notes and its sets' notes, each once, and which sets were warm-ups."""
    said = [one.workout for one in sets] + [one.workout_note for one in sets] + [one.note for one in sets]
    warmups = [str(place) for place, one in enumerate(sets, start=1) if one.is_warmup]
    if warmups:
        said.append(f"Warm-up: set {', '.join(warmups)}")
    text = "\n".join(dict.fromkeys(filter(None, said)))
    return "".join(one for one in text if one in "\n\t" or category(one) not in {"Cc", "Cs"})[:_MAX_NOTE_CHARACTERS]
