"""Says decisions in a sentence each, with the evidence they rest on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from coachwork.services.fitness.domain.programmes.history import DoneSet, Outcome, Target, Verdict
from coachwork.services.fitness.domain.programmes.plan import Deload, Progression


class _Estimated(Protocol):
    """The set a one-rep maximum is estimated from."""

    @property
    def reps(self) -> int: ...
    @property
    def weight_kg(self) -> float: ...
    @property
    def at(self) -> datetime: ...
    @property
    def e1rm_kg(self) -> float: ...


def start(targets: Sequence[Target]) -> str:
    """Say where a slot begins."""
    loads = [target.weight_kg for target in targets if target.weight_kg is not None]
    if loads:
        return f"Start with {_loads(loads)}, as planned"
    return f"Start: {_choose(targets)}" if _has_reps(targets) else "As planned"


def as_planned(targets: Sequence[Target]) -> str:
    """Say that a slot does not progress by itself."""
    loads = [target.weight_kg for target in targets if target.weight_kg is not None]
    return f"Again {_loads(loads)}: this slot stays as planned" if loads else "As planned"


def increase(before: Sequence[Target], after: Sequence[Target], verdicts: Sequence[Verdict], times: int) -> str:
    """Say how much more, and what was done to earn it: "+2.5 kg to 62.5 kg: 3x8 done at 60 kg, RIR 2, twice"."""
    first, raised = next(
        (old.weight_kg or 0, new.weight_kg or 0)
        for old, new in zip(before, after, strict=True)
        if old.weight_kg != new.weight_kg
    )
    return f"+{_kg(raised - first)} to {_kg(raised)}: {_done(verdicts)}{_times(times)}"


def mastered(verdicts: Sequence[Verdict]) -> str:
    """Say that everything was done where no load can be added."""
    return f"{_done(verdicts)}: no load to add here, so choose a harder variation, or more repetitions"


def reset(before: Sequence[Target], after: Sequence[Target], verdicts: Sequence[Verdict], times: int) -> str:
    """Say how much less, and which failures led to it: "-5 kg to 45 kg: 3x5 missed 3 times at 50 kg (5, 4, 3)"."""
    first, lowered = next(
        (old.weight_kg, new.weight_kg or 0) for old, new in zip(before, after, strict=True) if old.weight_kg
    )
    verdict = next(one for one in verdicts if one.outcome is Outcome.FAILED)
    missed = f"{_asked(verdict.target)} missed {_count(times)} at {_kg(first)} ({_reps(verdict.sets)})"
    return f"-{_kg(first - lowered)} to {_kg(lowered)}: {missed}"


def repeat(targets: Sequence[Target], verdicts: Sequence[Verdict], successes: int, rule: Progression) -> str:
    """Say why the load stays."""
    loads = [target.weight_kg for target in targets if target.weight_kg is not None]
    again = f"Again {_loads(loads)}" if loads else "Again"
    if successes:
        return f"{again}: {_done(verdicts)} in {successes} of {rule.qualifying_workouts} workouts in a row"
    verdict = next(one for one in verdicts if one.outcome is not Outcome.QUALIFIED)
    return f"{again}: {_why_not(verdict)}"


def light_week(deload: Deload, since: datetime) -> str:
    """Say why a week is light."""
    return f"Light week, {deload.percent:g} % less: {deload.every_weeks} weeks of training since {since.date()}"


def no_estimate(targets: Sequence[Target]) -> str:
    """Say that there is nothing to take a percentage of."""
    return f"No set to estimate your one-rep maximum from yet: {_choose(targets)}"


def estimate(percents: Sequence[float | None], targets: Sequence[Target], best: _Estimated) -> str:
    """Say what the loads are percentages of, and the set that made the estimate."""
    shares = [f"{percent:g} %" for percent in percents if percent is not None]
    loads = [target.weight_kg for target in targets if target.weight_kg is not None]
    return f"{_listed(shares)} of {_e1rm(best)}: {_loads(loads)}" if shares else f"As planned: {_loads(loads)}"


def less_of_estimate(deload: Deload, best: _Estimated, times: int) -> str:
    """Say that less than the plan's percentage is asked for, and why."""
    return f"{deload.percent:g} % less than planned of {_e1rm(best)}: repetitions missed {_count(times)} in a row"


def swapped(planned: str, targets: Sequence[Target]) -> str:
    """Say that the load of another exercise tells nothing of this one's."""
    instead = f"Instead of {planned.replace('-', ' ')}, whose loads do not carry over"
    return f"{instead}: {_choose(targets)}" if _has_reps(targets) else instead


def _e1rm(best: _Estimated) -> str:
    made_by = f"{best.reps} x {_kg(best.weight_kg)} on {best.at.date()}"
    return f"your estimated one-rep maximum of {_kg(round(best.e1rm_kg, 1))} ({made_by})"


def _why_not(verdict: Verdict) -> str:
    target, sets = verdict.target, verdict.sets
    if verdict.outcome is Outcome.FAILED:
        return f"{_asked(target)} missed ({_reps(sets)})"
    if len(sets) < target.min_sets:
        return f"{len(sets)} of {target.min_sets} sets done with that load"
    wanted = target.reps_in_reserve
    if wanted is not None and verdict.reserve is not None and verdict.reserve < wanted:
        return f"RIR {verdict.reserve:g} where {wanted} was asked for"
    if target.goal_reps is not None and target.max_reps is not None:
        return f"{_reps(sets)} done, the next step comes at {target.min_sets}x{target.max_reps}"
    return f"{_reps(sets)} of {_asked(target)} done"


def _done(verdicts: Sequence[Verdict]) -> str:
    return " and ".join(_line(verdict) for verdict in verdicts)


def _line(verdict: Verdict) -> str:
    target = verdict.target
    reps = target.max_reps if target.goal_reps is not None else target.min_reps
    reserve = f" and RIR {verdict.reserve:g}" if verdict.reserve is not None else ""
    load = f" at {_kg(verdict.carried_kg)}" if verdict.carried_kg else ""
    return f"{target.min_sets}x{reps} done{load}{reserve}" if reps else f"{target.min_sets} sets done{load}"


def _asked(target: Target) -> str:
    return f"{target.min_sets}x{target.min_reps}"


def _reps(sets: Sequence[DoneSet]) -> str:
    return ", ".join(str(one.reps or 0) for one in sets) or "no set"


def _choose(targets: Sequence[Target]) -> str:
    reserve = next((target.reps_in_reserve for target in targets if target.reps_in_reserve is not None), 2)
    return f"choose a load that leaves {reserve} repetitions in reserve"


def _has_reps(targets: Sequence[Target]) -> bool:
    return any(target.min_reps is not None for target in targets)


def _times(times: int) -> str:
    return "" if times == 1 else f" {_count(times)}"


def _count(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def _loads(loads: Sequence[float]) -> str:
    return _listed(list(dict.fromkeys(_kg(load) for load in loads))) or "a load of your choice"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1] if texts else ""


def _kg(weight_kg: float) -> str:
    return "your body alone" if weight_kg == 0 else f"{round(weight_kg, 2):g} kg"
