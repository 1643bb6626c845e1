"""Says what is known of a caller in short sentences, which a model may quote and a person can check."""

from collections.abc import Iterable, Iterator

from coachwork.services.fitness.domain.body import WeightTrend
from coachwork.services.fitness.domain.goals import Assessment, Goal
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.domain.progress import (
    ExerciseProgress,
    ProgressSummary,
    SetRecord,
    TimedRecord,
    Totals,
)

_MOST_EXERCISES = 8
_MOST_WEEKS = 2
_LOG = "exercise log"
"""One exercise at one time; what people call a session has several."""

_GOALS = {
    "general": "general fitness",
    "strength": "strength",
    "muscle": "muscle growth",
    "fat_loss": "fat loss",
    "endurance": "endurance",
}


def profile_facts(profile: Profile) -> list[str]:
    """Return what the profile says; a profile that was never stored says nothing."""
    if profile.updated_at is None:
        return []
    facts = [
        f"Your goal is {_GOALS[profile.goal]}, your level {profile.level},"
        f" and you train {profile.days_per_week} days a week."
    ]
    if profile.weight_kg is not None:
        facts.append(f"Your body weight is {profile.weight_kg:g} kg.")
    if profile.equipment:
        facts.append(f"You can train with: {_words(profile.equipment)}.")
    if profile.injuries:
        facts.append(f"To spare because of an injury: {_words(profile.injuries)}.")
    return facts


def progress_facts(summary: ProgressSummary) -> list[str]:
    """Return the summary as short sentences to the caller; none without sets."""
    if not summary.exercises:
        return []
    totals = summary.totals
    first = min(exercise.first_performed_at for exercise in summary.exercises)
    last = max(exercise.last_performed_at for exercise in summary.exercises)
    done = _listed([_counted(totals.sets, "set"), *_amounts(totals)])
    logged = _counted(totals.sessions, _LOG)
    facts = [f"You logged {done} in {logged} from {first.date()} to {last.date()}."]
    for exercise in summary.exercises[:_MOST_EXERCISES]:
        facts += _exercise_facts(exercise)
    facts += [
        f"In week {week.iso_week} you {_listed(_deeds(week.totals))} in {_counted(week.totals.sessions, _LOG)}."
        for week in summary.weeks[-_MOST_WEEKS:]
    ]
    return facts


def _words(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _exercise_facts(exercise: ExerciseProgress) -> Iterator[str]:
    if exercise.best_epley:
        yield (
            f"Your best estimated one-rep maximum in {exercise.exercise_name} is"
            f" {exercise.best_epley.estimate_kg:g} kg (Epley), from {_set(exercise.best_epley.made_by)}."
        )
    if exercise.heaviest_set:
        yield f"Your heaviest set in {exercise.exercise_name} is {_set(exercise.heaviest_set)}."
    elif exercise.most_reps:
        yield f"Your longest set in {exercise.exercise_name} is {_set(exercise.most_reps[-1])}."
    if exercise.farthest_set:
        yield f"{_distance_sentence(exercise)} Your farthest set is {_stretch(exercise.farthest_set)}."
    elif exercise.longest_set:
        yield f"Your longest hold in {exercise.exercise_name} is {_stretch(exercise.longest_set)}."


def _distance_sentence(exercise: ExerciseProgress) -> str:
    totals, pace = exercise.totals, exercise.average_pace_seconds_per_km
    covered = f"In {exercise.exercise_name} you covered {_kilometres(totals.distance_m)}"
    return f"{covered}, {_clock(pace)} per km on average." if pace else f"{covered}."


def _stretch(record: TimedRecord) -> str:
    """Say how far, how long and with what load, and when."""
    parts = [
        _kilometres(record.distance_m) if record.distance_m else "",
        _clock(record.duration_seconds) if record.duration_seconds else "",
    ]
    load = f" with {record.weight_kg:g} kg" if record.weight_kg else ""
    return f"{' in '.join(part for part in parts if part)}{load} on {record.performed_at.date()}"


def _amounts(totals: Totals) -> Iterator[str]:
    if totals.volume_kg or not (totals.distance_m or totals.duration_seconds):
        yield f"{totals.volume_kg:,.0f} kg of volume"
    if totals.distance_m:
        yield _kilometres(totals.distance_m)
    if totals.duration_seconds:
        yield f"{_clock(totals.duration_seconds)} of holds and cardio"


def _deeds(totals: Totals) -> Iterator[str]:
    if totals.volume_kg or not (totals.distance_m or totals.duration_seconds):
        yield f"lifted {totals.volume_kg:,.0f} kg"
    if totals.distance_m:
        yield f"covered {_kilometres(totals.distance_m)}"
    if totals.duration_seconds:
        yield f"spent {_clock(totals.duration_seconds)} on holds and cardio"


def _kilometres(distance_m: float) -> str:
    return f"{distance_m:g} m" if distance_m < 1000 else f"{distance_m / 1000:,.2f} km"


def _clock(seconds: float) -> str:
    """Return 45 s, 5:15 min or 1:05:00 h."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02} h"
    return f"{minutes}:{rest:02} min" if minutes else f"{rest} s"


def weight_facts(trend: WeightTrend) -> list[str]:
    """Return the trend of body weight and its rate; none where nothing was weighed."""
    if trend.trend_kg is None:
        return []
    told = f"Your body weight's trend is {trend.trend_kg:.1f} kg as of {trend.points[-1].measured_at.date()}"
    rate = trend.weekly_rate
    if rate is None:
        return [f"{told}; there are too few weighings to tell a rate."]
    interval = f"{rate.confidence_percent} % interval {rate.low_per_week:+.2f} to {rate.high_per_week:+.2f}"
    return [f"{told}, changing by {rate.per_week:+.2f} kg a week ({interval})."]


def goal_facts(goals: Iterable[tuple[Goal, Assessment]]) -> list[str]:
    """Return each goal, how it stands and what its projection says."""
    return [_goal(goal, assessment) for goal, assessment in goals]


def _goal(goal: Goal, assessment: Assessment) -> str:
    subject = (goal.exercise_name or goal.site or "").replace("_", " ")
    what = " of ".join(part for part in (goal.kind.replace("_", " "), subject) if part)
    unit = goal.unit.replace("_", " ")
    now = f"now {assessment.current.value:.4g}" if assessment.current else "nothing logged yet"
    told = (
        f"You have a goal: {what} from {goal.start_value:g} to {goal.target_value:g} {unit} by {goal.due_on}; {now},"
        f" {assessment.status}."
    )
    return f"{told} {assessment.projection.sentence}" if assessment.projection else told


def _listed(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _set(record: SetRecord) -> str:
    done = f"{record.reps} x {record.weight_kg:g} kg" if record.weight_kg else _counted(record.reps, "repetition")
    return f"{done} on {record.performed_at.date()}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
