"""Training plans: whole movements, the caller's equipment, injuries spared; over the real library."""

import json
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest

from coachwork.services.fitness.domain.exercises import Exercise
from coachwork.services.fitness.domain.plans import Goal, Level, PlanRequest, build_plan, plan_sentences
from coachwork.services.fitness.schemas.exercises import BodyArea, Equipment

SEEDS = Path(__file__).parents[3] / "seeds" / "fitness" / "exercises.json"
LIBRARY = [Exercise(id=uuid4(), **fields) for fields in json.loads(SEEDS.read_text())]
BY_SLUG = {exercise.slug: exercise for exercise in LIBRARY}
GYM = get_args(Equipment)


def wanted(**changes: object) -> PlanRequest:
    """Return a plain request with some fields changed."""
    fields = {"days_per_week": 3, "goal": "general", "level": "intermediate", "equipment": GYM, "injuries": ()}
    return PlanRequest(**{**fields, **changes})  # type: ignore[arg-type]  checked by the dataclass's users


class TestBuildPlan:
    """build_plan."""

    @pytest.mark.parametrize("days", range(1, 8))
    def test_it_has_the_days_asked_for(self, days: int) -> None:
        """One to seven days, none empty."""
        plan = build_plan(wanted(days_per_week=days), LIBRARY)
        assert (days, True) == (len(plan.days), all(day.exercises for day in plan.days))

    @pytest.mark.parametrize("equipment", [(), ("dumbbell", "bench"), ("barbell", "rack", "bench"), ("band",)])
    def test_it_needs_nothing_that_is_missing(self, equipment: tuple[str, ...]) -> None:
        """Every exercise can be done with what there is."""
        plan = build_plan(wanted(equipment=equipment), LIBRARY)
        needed = {item for day in plan.days for line in day.exercises for item in BY_SLUG[line.slug].equipment}
        assert needed <= set(equipment)

    @pytest.mark.parametrize("injury", get_args(BodyArea))
    def test_it_spares_an_injury(self, injury: str) -> None:
        """No exercise loads an injured area."""
        plan = build_plan(wanted(days_per_week=6, injuries=(injury,)), LIBRARY)
        stressed = {area for day in plan.days for line in day.exercises for area in BY_SLUG[line.slug].stresses}
        assert injury not in stressed

    @pytest.mark.parametrize("level", get_args(Level))
    def test_it_is_never_above_the_callers_level(self, level: str) -> None:
        """A beginner is given nothing advanced."""
        order = get_args(Level)
        plan = build_plan(wanted(level=level), LIBRARY)
        levels = {BY_SLUG[line.slug].level for day in plan.days for line in day.exercises}
        assert all(order.index(one) <= order.index(level) for one in levels)

    @pytest.mark.parametrize("equipment", [(), GYM])
    def test_three_days_train_the_whole_body(self, equipment: tuple[str, ...]) -> None:
        """Squat, hinge, push, pull and core are all there, with a gym or with nothing."""
        plan = build_plan(wanted(equipment=equipment), LIBRARY)
        movements = {BY_SLUG[line.slug].movement for day in plan.days for line in day.exercises}
        assert {"squat", "hinge", "horizontal_push", "horizontal_pull", "vertical_push", "core"} <= movements

    def test_a_day_never_repeats_an_exercise(self) -> None:
        """Each line of a day is another exercise."""
        plan = build_plan(wanted(days_per_week=6, equipment=()), LIBRARY)
        assert all(len({line.slug for line in day.exercises}) == len(day.exercises) for day in plan.days)

    @pytest.mark.parametrize("goal", get_args(Goal))
    def test_figures_follow_the_goal(self, goal: str) -> None:
        """Strength means fewer repetitions and longer rests than endurance."""
        first = build_plan(wanted(goal=goal), LIBRARY).days[0].exercises[0].prescription
        endurance = build_plan(wanted(goal="endurance"), LIBRARY).days[0].exercises[0].prescription
        assert first.reps_low <= endurance.reps_low
        assert first.rest_seconds >= endurance.rest_seconds

    def test_an_empty_library_leaves_every_slot_unfilled(self) -> None:
        """With nothing to choose from, the plan says so instead of failing."""
        plan = build_plan(wanted(days_per_week=1), [])
        assert ["core", "hinge", "horizontal_pull", "horizontal_push", "squat"] == plan.unfilled


class TestPlanSentences:
    """plan_sentences."""

    def test_a_day_is_a_sentence(self) -> None:
        """Name, sets, repetitions and rest of each exercise."""
        plan = build_plan(wanted(days_per_week=1, equipment=("barbell", "rack")), [BY_SLUG["barbell-back-squat"]])
        assert "Full body A: Barbell Back Squat 3 x 8-12, rest 120 s." == plan_sentences(plan)[0]
        assert "I found no exercise for" in plan_sentences(plan)[1]
