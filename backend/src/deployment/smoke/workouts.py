"""Training: a workout planned, its sets logged, and the progress they make computed here a second time."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext

_WORKOUTS = "/api/v1/workouts-db"
_EXERCISE = "barbell-back-squat"
_SETS = ((5, 100.0), (3, 110.0), (15, 60.0))
"""Repetitions and kg. The last one has too many repetitions to tell anything of one."""
_MOST_RELIABLE_REPS = 12
_LARGEST_PAST_SECONDS = 300 * 86_400


def workout(context: CheckContext) -> str:
    """A workout is planned and read back."""
    token = context.token()
    plan = {"name": f"Smoke test {context.mark}", "exercises": [{"exercise": _EXERCISE, "target_sets": len(_SETS)}]}
    made = context.client.request("POST", f"{_WORKOUTS}/", plan, token=token).expect(201)
    path = f"{_WORKOUTS}/{made.text('id')}"
    context.workout_id = made.text("id")
    context.add_cleanup(
        f"the workout {context.workout_id}", lambda: context.client.request("DELETE", path, token=token)
    )
    stored = context.client.request("GET", path, token=token).expect(200)
    stored.equal(plan["name"], "name")
    stored.equal(_EXERCISE, "exercises", 0, "exercise")
    return "planned and read back"


def log(context: CheckContext) -> str:
    """Sets are logged and read back, and the figures of their progress are right."""
    token = context.token()
    # a second of the past nobody else trained in, so an account's other logs do not count
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=secrets.randbelow(_LARGEST_PAST_SECONDS))
    sets = [{"reps": reps, "weight_kg": weight_kg, "rpe": 8.0} for reps, weight_kg in _SETS]
    body = {"exercise": _EXERCISE, "performed_at": _written(moment), "sets": sets, "notes": context.mark}
    made = context.client.request("POST", f"{_WORKOUTS}/logs", body, token=token).expect(201)
    context.log_id = made.text("id")
    path = f"{_WORKOUTS}/logs/{context.log_id}"
    context.add_cleanup(f"the log {context.log_id}", lambda: context.client.request("DELETE", path, token=token))
    answer = context.client.request("GET", path, token=token).expect(200)
    for number, one in enumerate(sets):
        for field, value in one.items():  # an answer may say more of a set than was sent
            answer.equal(value, "sets", number, field)
    period = {"from": _written(moment), "to": _written(moment + timedelta(seconds=1)), "exercise": _EXERCISE}
    answer = context.client.request("GET", f"{_WORKOUTS}/progress", query=period, token=token).expect(200)
    return _figures(answer)


def _figures(answer: Answer) -> str:
    """Compare the summary with the sets' own; return what was agreed on."""
    volume_kg = sum(reps * weight_kg for reps, weight_kg in _SETS)
    totals = {
        "sessions": 1,
        "sets": len(_SETS),
        "reps": sum(reps for reps, _ in _SETS),
        "volume_kg": volume_kg,
    }
    for field, value in totals.items():  # of other measures than these sets have, an answer may have totals too
        answer.equal(value, "totals", field)
    estimate_kg = _best(_epley_kg)
    answer.equal(estimate_kg, "exercises", 0, "best_epley", "estimate_kg")
    answer.equal(_best(_brzycki_kg), "exercises", 0, "best_brzycki", "estimate_kg")
    return f"{len(_SETS)} sets, {volume_kg:g} kg, one-rep maximum {estimate_kg:g} kg by Epley, as computed here"


def _best(formula: Callable[[int, float], float]) -> float:
    return round(max(formula(*one) for one in _SETS if one[0] <= _MOST_RELIABLE_REPS), 1)


def _epley_kg(reps: int, weight_kg: float) -> float:
    """Source: Epley B. "Poundage Chart", in Boyd Epley Workout. Lincoln, NE: Body Enterprises; 1985, p. 86."""
    return weight_kg if reps == 1 else weight_kg * (1 + reps / 30)


def _brzycki_kg(reps: int, weight_kg: float) -> float:
    """Source: Brzycki M. "Strength Testing". JOPERD 1993;64(1):88-90."""
    return weight_kg * 36 / (37 - reps)


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
