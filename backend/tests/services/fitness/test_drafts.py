"""The coach's plans as programmes."""

from itertools import combinations
from typing import Any, get_args

import pytest

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.plans import Goal, PlanRequest, build_plan
from coachwork.services.fitness.repository import exercises
from coachwork.services.fitness.service.drafts import draft_of

EQUIPMENT = ("barbell", "rack", "dumbbell", "bench", "pull_up_bar")


class TestDraft:
    """A plan, and the programme made of it."""

    @pytest.mark.parametrize("goal", get_args(Goal))
    def test_every_plan_can_be_one(self, database: Database, alice: Principal, goal: Any) -> None:
        """Whatever was asked for: the same exercises in the same order, as many sets, as much rest."""
        with database.session(alice) as session:
            library = exercises.library(session)
        for days in range(1, 8):
            for owned in [(), *combinations(EQUIPMENT, 2), EQUIPMENT]:
                request = PlanRequest(days, goal, "intermediate", owned, ("knee",))
                plan = build_plan(request, library)
                draft = draft_of(plan, request, {"barbell-back-squat"})
                assert [[line.slug for line in day.exercises] for day in plan.days if day.exercises] == [
                    [slot.exercise for slot in day.slots] for day in draft.days
                ]
                prescribed = [line.prescription for day in plan.days for line in day.exercises]
                assert [(one.sets, one.rest_seconds) for one in prescribed] == [
                    (slot.sets[0].min_sets, slot.sets[0].rest_seconds) for day in draft.days for slot in day.slots
                ]
