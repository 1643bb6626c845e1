"""The arithmetic of plans, and what every plan of the grid keeps."""

from evals.plans import MUSCLES, library, scores, weekly_sets
from tests.conftest import SEEDS

from coachwork.services.fitness.domain.plans import Plan, PlanDay, PlannedExercise, Prescription


class TestWeeklySets:
    """Sets of a muscle in a week."""

    def test_secondary_muscles_count_half(self) -> None:
        """Three sets are three for who does the work, half for who helps, and none for others."""
        [squat] = [one for one in library(SEEDS) if one.slug == "barbell-back-squat"]
        line = PlannedExercise(squat.slug, squat.name, "reps", Prescription(3, 5, 8, 120))

        sets = weekly_sets(Plan([PlanDay("A", [line])], []), {squat.slug: squat})

        assert set(MUSCLES) == set(sets)
        assert (3, 0) == (sets["quadriceps"], sets["chest"])


class TestScores:
    """The whole grid."""

    def test_equipment_and_injuries_are_always_respected(self) -> None:
        """No plan wants what is not there, or loads what is to be spared."""
        every = scores(library(SEEDS))["all"]
        assert (1680, 1.0, 1.0) == (every.plans, every.equipment_respected, every.injuries_respected)
