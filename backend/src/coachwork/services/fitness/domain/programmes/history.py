"""What was done of a slot, judged by what was asked of the lifter that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from coachwork.services.fitness.domain.programmes.plan import SetConfiguration
from coachwork.services.fitness.schemas.slots import DecisionKind, Rule

_SAME_LOAD_KG = 0.005


@dataclass(frozen=True)
class Target:
    """What a session asks for: a set configuration whose load the progression has decided, rounded as plates make it.

    `line` is the configuration's place in its slot, `goal_reps` the repetitions to try for; `weight_kg` None leaves
    the load to the lifter.
    """

    line: int
    min_sets: int
    max_sets: int
    min_reps: int | None = None
    max_reps: int | None = None
    goal_reps: int | None = None
    duration_seconds: int | None = None
    distance_m: float | None = None
    weight_kg: float | None = None
    rest_seconds: int | None = None
    reps_in_reserve: int | None = None


def target_of(configuration: SetConfiguration, line: int, weight_kg: float | None, goal_reps: int | None) -> Target:
    """Return the target a configuration becomes with this load."""
    return Target(
        line,
        configuration.min_sets,
        configuration.max_sets,
        configuration.min_reps,
        configuration.max_reps,
        goal_reps,
        configuration.duration_seconds,
        configuration.distance_m,
        weight_kg,
        configuration.rest_seconds,
        configuration.reps_in_reserve,
    )


@dataclass(frozen=True)
class DoneSet:
    """One set as it was done; a load that was not said is the body alone."""

    reps: int | None
    weight_kg: float | None
    rpe: float | None

    @property
    def carried_kg(self) -> float:
        """What the bar carried."""
        return self.weight_kg or 0.0

    @property
    def reps_in_reserve(self) -> float | None:
        """Repetitions left in reserve, if an exertion was given; an RPE of 10 leaves none."""
        return None if self.rpe is None else round(10 - self.rpe, 1)


@dataclass(frozen=True)
class Performance:
    """A slot in one finished session: what was asked, why, and what the log says was done."""

    log_id: UUID
    at: datetime
    kind: DecisionKind
    targets: Sequence[Target]
    sets: Sequence[DoneSet]


class Outcome(Enum):
    """What a performance amounts to."""

    QUALIFIED = "everything asked for was done"
    HELD = "not everything was done, and nothing was missed"
    FAILED = "repetitions were missed at the load asked for"


@dataclass(frozen=True)
class Verdict:
    """A target judged: the sets that answered it, what the bar carried, and the reserve they left, if known."""

    target: Target
    outcome: Outcome
    sets: Sequence[DoneSet]
    carried_kg: float | None
    reserve: float | None


def judge(performance: Performance, rule: Rule) -> list[Verdict]:
    """Return the verdict on each target.

    A set answers a target when it carries at least its load, so warm-ups answer none; where the lifter chose the load,
    the heaviest sets answer. A set heavier than asked that falls short is no failure: nobody asked for it.
    """
    answers = _answers(performance.targets, performance.sets)
    return [_verdict(target, sets, rule) for target, sets in answers]


def unanswered(targets: Sequence[Target], sets: Sequence[DoneSet]) -> Target | None:
    """Return the first target that still wants sets, or None."""
    answers = _answers(targets, sets)
    return next((target for target, answering in answers if len(answering) < target.min_sets), None)


def outcome_of(verdicts: Sequence[Verdict]) -> Outcome:
    """Return what they amount to together: qualified only if all are, failed if any is."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.QUALIFIED if outcomes == {Outcome.QUALIFIED} else Outcome.HELD


def _answers(targets: Sequence[Target], sets: Sequence[DoneSet]) -> list[tuple[Target, Sequence[DoneSet]]]:
    left = list(sets)
    answers: list[tuple[Target, Sequence[DoneSet]]] = []
    for target in targets:
        answering = _answering(target, left)
        for one in answering:
            left.remove(one)
        answers.append((target, answering))
    return answers


def _answering(target: Target, sets: Sequence[DoneSet]) -> list[DoneSet]:
    if target.weight_kg is None:
        return sorted(sets, key=lambda one: -one.carried_kg)[: target.max_sets]
    return [one for one in sets if one.carried_kg > target.weight_kg - _SAME_LOAD_KG][: target.max_sets]


def _verdict(target: Target, sets: Sequence[DoneSet], rule: Rule) -> Verdict:
    wanted = (target.max_reps if rule == "double" else target.min_reps) or 0
    good = sorted((one for one in sets if (one.reps or 0) >= wanted), key=lambda one: -one.carried_kg)
    counted = good[: target.min_sets]
    enough = len(counted) >= target.min_sets
    spared = [one.reps_in_reserve for one in counted if one.reps_in_reserve is not None]
    reserve = min(spared, default=None)
    carried = min((one.carried_kg for one in (counted if enough else sets)), default=None)
    if enough:
        tired = target.reps_in_reserve is not None and reserve is not None and reserve < target.reps_in_reserve
        return Verdict(target, Outcome.HELD if tired else Outcome.QUALIFIED, sets, carried, reserve)
    return Verdict(target, Outcome.FAILED if _missed(target, sets) else Outcome.HELD, sets, carried, reserve)


def _missed(target: Target, sets: Sequence[DoneSet]) -> bool:
    if target.min_reps is None:
        return False
    heaviest = float("inf") if target.weight_kg is None else target.weight_kg + _SAME_LOAD_KG
    short = [one for one in sets if (one.reps or 0) < target.min_reps and one.carried_kg < heaviest]
    return bool(short) and len(sets) - len(short) < target.min_sets
