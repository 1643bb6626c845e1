"""Which goals are kept: the values fit the kind, the day is ahead of the start, and the target is safe."""

from datetime import date, timedelta
from typing import Protocol

from coachwork.services.fitness.domain.goals import limits_of
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.domain.safety.targets import Body, refuse_body_fat, refuse_weight
from coachwork.services.fitness.errors import ImplausibleTime, UnfitGoal, UnsafeTarget
from coachwork.services.fitness.schemas.goals import GoalKind, GoalSite

FURTHEST_DUE = timedelta(days=5 * 366)


class Terms(Protocol):
    """What is judged of a goal, whether it is new, changed or restored."""

    @property
    def kind(self) -> GoalKind:
        """What it is about."""

    @property
    def site(self) -> GoalSite | None:
        """What is measured, where the kind is a measurement."""

    @property
    def start_value(self) -> float:
        """Where it begins."""

    @property
    def target_value(self) -> float:
        """Where it leads."""

    @property
    def due_on(self) -> date:
        """By when."""


def require_due(goal: Terms, after: date, today: date, at: str = "body") -> None:
    """Return when the goal is due after that day, and within five years from today; raises `ImplausibleTime`."""
    if not after < goal.due_on <= today + FURTHEST_DUE:
        raise ImplausibleTime(f"{at}/due_on", f"Must be after {after} and at most five years ahead")


def require_fit(goal: Terms, at: str = "body") -> None:
    """Return when the values fit the kind; raises `UnfitGoal`, which names the value below `at`."""
    least, most = limits_of(goal.kind, goal.site)
    if not least <= goal.target_value <= most:
        raise UnfitGoal(f"{at}/target_value", f"Must be between {least:g} and {most:g} for this kind")
    if goal.target_value == goal.start_value:
        raise UnfitGoal(f"{at}/target_value", "Is where you start")
    if goal.kind in ("one_rep_max", "weekly_sessions") and goal.target_value < goal.start_value:
        raise UnfitGoal(f"{at}/target_value", f"Is below {goal.start_value:g}, where you start")


def require_safe(goal: Terms, profile: Profile, from_value: float, today: date, at: str = "body") -> None:
    """Return when the target is safe for somebody at `from_value` today; raises `UnsafeTarget`."""
    body = Body(profile.height_cm, profile.birth_year, profile.sex_for_equations)
    refusal = None
    if goal.kind == "body_weight":
        refusal = refuse_weight(body, from_kg=from_value, target_kg=goal.target_value, today=today, due_on=goal.due_on)
    elif goal.site == "body_fat":
        refusal = refuse_body_fat(body, from_percent=from_value, target_percent=goal.target_value, today=today)
    if refusal is not None:
        raise UnsafeTarget(f"{at}/target_value", refusal.text)
