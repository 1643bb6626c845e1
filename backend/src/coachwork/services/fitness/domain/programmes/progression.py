"""Decides what a slot asks for next, as a pure function of the plan and of what was done.

There is no counter to keep: the next load follows from the sessions there are, each with what it asked for (copied
into it when it began) and what its logs say now. So reading never progresses, one workout is one step at most, and
whoever edits or deletes a log changes what follows from it. The last session is where the bar is: an older log that is
edited later changes counts of successes and failures, never what the bar carried since.
Why: docs/adr/0011-progression-is-a-function-of-history.md
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.services.fitness.domain.programmes import plates, sentences
from coachwork.services.fitness.domain.programmes.history import (
    Outcome,
    Performance,
    Target,
    Verdict,
    judge,
    outcome_of,
    target_of,
)
from coachwork.services.fitness.domain.programmes.plan import SetConfiguration, Slot
from coachwork.services.fitness.domain.strength import epley_kg
from coachwork.services.fitness.schemas.slots import DecisionKind

ESTIMATE_WINDOW_DAYS = 84
"""A set older than twelve weeks says little of today's strength: no one-rep maximum is estimated from it."""

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Decision:
    """What was decided and why, in a sentence, and the logs it rests on, the earliest first."""

    kind: DecisionKind
    sentence: str
    evidence: Sequence[UUID] = ()


@dataclass(frozen=True)
class Prescription:
    """What a slot asks for, and why."""

    targets: Sequence[Target]
    decision: Decision


@dataclass(frozen=True)
class BestSet:
    """The set that the one-rep maximum is estimated from, and the log it is in."""

    log_id: UUID
    reps: int
    weight_kg: float
    at: datetime

    @property
    def e1rm_kg(self) -> float:
        """The estimate, by Epley's formula."""
        return epley_kg(self.reps, self.weight_kg)


@dataclass(frozen=True)
class _Judged:
    performance: Performance
    verdicts: Sequence[Verdict]

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.verdicts)

    @property
    def loads(self) -> Sequence[float | None]:
        return [target.weight_kg for target in self.performance.targets]


def prescribe(
    slot: Slot, history: Sequence[Performance], *, at: datetime, week: int = 1, best: BestSet | None = None
) -> Prescription:
    """Return what the slot asks for at a moment.

    Args:
        slot: the plan.
        history: what was done of the slot in finished sessions up to then, in any order.
        at: when it will be done; a deload every so many weeks looks at it.
        week: of the programme's cycle, 1 for the first.
        best: the set to estimate the one-rep maximum from, if there is one.
    """
    ordered = sorted(history, key=lambda one: (one.at, one.log_id))
    judged = [_Judged(one, judge(one, slot.progression.rule)) for one in ordered]
    lines = [(line, one) for line, one in enumerate(slot.sets) if not one.weeks or week in one.weeks]
    since = _light_week_since(slot, ordered, at)
    usual = _usual(slot, lines, [one for one in judged if one.performance.kind != "deload"], best)
    if since is None or all(not target.weight_kg for target in usual.targets):
        return usual
    decision = Decision("deload", sentences.light_week(slot.progression.deload, since[1]), (since[0],))
    return Prescription(_lowered(slot, usual.targets), decision)


def _usual(
    slot: Slot, lines: Sequence[tuple[int, SetConfiguration]], judged: Sequence[_Judged], best: BestSet | None
) -> Prescription:
    if slot.progression.rule == "percentage":
        return _of_estimate(slot, lines, judged, best)
    wanted = {line for line, _ in lines}
    shared = [one for one in judged if wanted & {target.line for target in one.performance.targets}]
    if not shared:
        targets = [_first(slot, line, configuration) for line, configuration in lines]
        return Prescription(targets, Decision("start", sentences.start(targets)))
    last = {verdict.target.line: verdict for verdict in shared[-1].verdicts}
    bases = [
        target_of(configuration, line, _base(last[line]), _goal(slot, configuration, last[line]))
        if line in last
        else _first(slot, line, configuration)
        for line, configuration in lines
    ]
    return _next(slot, bases, shared)


def _next(slot: Slot, bases: Sequence[Target], judged: Sequence[_Judged]) -> Prescription:
    """Go up, down, or nowhere: one step from what the last session's bar carried."""
    rule, verdicts = slot.progression, judged[-1].verdicts
    if rule.rule == "fixed":
        sentence = sentences.as_planned(bases)
        return Prescription(bases, Decision("repeat", sentence, _logs(judged[-1:])))
    successes, failures = _successes(judged), _failures(judged)
    if len(successes) >= rule.qualifying_workouts:
        raised = [_raised(slot, base) for base in bases]
        if [one.weight_kg for one in raised] == [one.weight_kg for one in bases]:
            return Prescription(bases, Decision("repeat", sentences.mastered(verdicts), _logs(successes)))
        sentence = sentences.increase(bases, raised, verdicts, len(successes))
        return Prescription(raised, Decision("increase", sentence, _logs(successes)))
    limit = rule.deload.after_failures
    if limit is not None and len(failures) >= limit and any(base.weight_kg for base in bases):
        lowered = _lowered(slot, bases)
        sentence = sentences.reset(bases, lowered, verdicts, len(failures))
        return Prescription(lowered, Decision("reset", sentence, _logs(failures)))
    sentence = sentences.repeat(bases, verdicts, len(successes), rule)
    return Prescription(bases, Decision("repeat", sentence, _logs(successes or judged[-1:])))


def _of_estimate(
    slot: Slot, lines: Sequence[tuple[int, SetConfiguration]], judged: Sequence[_Judged], best: BestSet | None
) -> Prescription:
    """Take each load from the estimated one-rep maximum; after failures in a row take less of it, once."""
    targets = []
    for line, configuration in lines:
        weight_kg, percent = configuration.weight_kg, configuration.percent_of_e1rm
        if percent is not None:
            weight_kg = None if best is None else best.e1rm_kg * percent / 100
        rounded = None if weight_kg is None else plates.nearest(weight_kg, slot.rounding_kg)
        targets.append(target_of(configuration, line, rounded, None))
    if best is None:
        return Prescription(targets, Decision("start", sentences.no_estimate(targets)))
    failures, limit = _failures(judged), slot.progression.deload.after_failures
    if limit is not None and len(failures) >= limit:
        sentence = sentences.less_of_estimate(slot.progression.deload, best, len(failures))
        evidence = (*_logs(failures), best.log_id)
        return Prescription(_lowered(slot, targets), Decision("reset", sentence, evidence))
    percents = [configuration.percent_of_e1rm for _, configuration in lines]
    return Prescription(targets, Decision("estimate", sentences.estimate(percents, targets, best), (best.log_id,)))


def _first(slot: Slot, line: int, configuration: SetConfiguration) -> Target:
    start_kg = configuration.weight_kg
    weight_kg = None if start_kg is None else plates.nearest(start_kg, slot.rounding_kg)
    return target_of(configuration, line, weight_kg, configuration.min_reps if _counts_up(slot) else None)


def _base(verdict: Verdict) -> float | None:
    """Return the load to go on from: what was asked for, or more if everything was done with more."""
    asked_kg, carried_kg = verdict.target.weight_kg, verdict.carried_kg
    if verdict.target.min_reps is None or carried_kg is None:
        return asked_kg
    if asked_kg is None:
        return carried_kg
    return max(asked_kg, carried_kg) if verdict.outcome is Outcome.QUALIFIED else asked_kg


def _goal(slot: Slot, configuration: SetConfiguration, verdict: Verdict) -> int | None:
    """Return one repetition more than the weakest set had, within the range; None where repetitions do not count up."""
    if not _counts_up(slot) or configuration.min_reps is None or configuration.max_reps is None:
        return None
    weakest = min((one.reps or 0 for one in verdict.sets), default=0)
    return max(configuration.min_reps, min(configuration.max_reps, weakest + 1))


def _counts_up(slot: Slot) -> bool:
    return slot.progression.rule == "double"


def _raised(slot: Slot, base: Target) -> Target:
    if base.weight_kg is None:
        return base
    raised_kg = plates.heavier(base.weight_kg, slot.progression.increment_kg, slot.rounding_kg)
    return replace(base, weight_kg=raised_kg, goal_reps=base.min_reps if _counts_up(slot) else None)


def _lowered(slot: Slot, targets: Sequence[Target]) -> list[Target]:
    percent, step_kg = slot.progression.deload.percent, slot.rounding_kg
    return [
        target
        if target.weight_kg is None
        else replace(
            target,
            weight_kg=plates.lighter(target.weight_kg, percent, step_kg),
            goal_reps=target.min_reps if _counts_up(slot) else None,
        )
        for target in targets
    ]


def _successes(judged: Sequence[_Judged]) -> list[_Judged]:
    """Return the qualifying sessions in a row, to the last one, that asked for the same loads."""
    row: list[_Judged] = []
    for one in reversed(judged):
        if one.outcome is not Outcome.QUALIFIED or (row and one.loads != row[-1].loads):
            break
        row.append(one)
    return row[::-1]


def _failures(judged: Sequence[_Judged]) -> list[_Judged]:
    """Return the failed sessions in a row, to the last one, since the load was last lowered for such a row."""
    row: list[_Judged] = []
    for one in reversed(judged):
        if one.outcome is not Outcome.FAILED:
            break
        row.append(one)
        if one.performance.kind == "reset":
            break
    return row[::-1]


def _light_week_since(slot: Slot, ordered: Sequence[Performance], at: datetime) -> tuple[UUID, datetime] | None:
    """Return the log and the time that training since the last light week began with, if a light week is due.

    The week it falls in is light to its end; then the weeks are counted anew.
    """
    every_weeks = slot.progression.deload.every_weeks
    if every_weeks is None:
        return None
    begun: Performance | None = None
    light: datetime | None = None
    before: Performance | None = None
    for one in ordered:
        if one.kind == "deload" and (light is None or one.at >= light + _WEEK):
            light, before, begun = one.at, begun, None
        elif one.kind != "deload" and begun is None and (light is None or one.at >= light + _WEEK):
            begun = one
    if light is not None and at < light + _WEEK and before is not None:
        return before.log_id, before.at
    if begun is not None and at >= begun.at + every_weeks * _WEEK:
        return begun.log_id, begun.at
    return None


def _logs(judged: Sequence[_Judged]) -> tuple[UUID, ...]:
    return tuple(one.performance.log_id for one in judged)
