"""What can stand in for an exercise: alike, possible with what there is, and explained; over the real library."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.exercises import Equivalent, Exercise, equivalents
from coachwork.services.fitness.schemas.exercises import BodyArea, Equipment

SEEDS = Path(__file__).parents[3] / "seeds" / "fitness" / "exercises.json"
LIBRARY = [Exercise(id=uuid4(), **fields) for fields in json.loads(SEEDS.read_text())]
BY_SLUG = {exercise.slug: exercise for exercise in LIBRARY}
GYM = get_args(Equipment)
EXERCISES = st.sampled_from(LIBRARY)
HAVE = st.sets(st.sampled_from(GYM))
SPARE = st.sets(st.sampled_from(get_args(BodyArea)))


def _found(slug: str, *equipment: str, injuries: tuple[str, ...] = ()) -> dict[str, Equivalent]:
    found = equivalents(BY_SLUG[slug], LIBRARY, equipment=equipment, injuries=injuries)
    return {one.exercise.slug: one for one in found}


class TestEquivalents:
    """equivalents."""

    @given(EXERCISES, HAVE, SPARE)
    def test_it_can_be_done(self, exercise: Exercise, equipment: set[str], injuries: set[str]) -> None:
        """Nothing needs what is missing, loads what is to be spared, or is the exercise itself."""
        for one in equivalents(exercise, LIBRARY, equipment=equipment, injuries=injuries):
            assert set(one.exercise.equipment) <= equipment
            assert not set(one.exercise.stresses) & injuries
            assert one.exercise.id != exercise.id

    @given(EXERCISES)
    def test_it_is_alike(self, exercise: Exercise) -> None:
        """Each shares the movement or a primary muscle, scores 30 to 100, and the best come first."""
        found = equivalents(exercise, LIBRARY, equipment=GYM)
        assert all(
            one.exercise.movement == exercise.movement
            or set(one.exercise.primary_muscles) & set(exercise.primary_muscles)
            for one in found
        )
        scores = [one.score for one in found]
        assert sorted(scores, reverse=True) == scores
        assert all(30 <= score <= 100 for score in scores)

    @given(EXERCISES, HAVE)
    def test_more_equipment_takes_nothing_away(self, exercise: Exercise, equipment: set[str]) -> None:
        """Whoever has more can do at least as much, at the same scores."""
        fewer = {one.exercise.slug: one.score for one in equivalents(exercise, LIBRARY, equipment=equipment)}
        more = {one.exercise.slug: one.score for one in equivalents(exercise, LIBRARY, equipment=GYM)}
        assert fewer.items() <= more.items()

    @given(EXERCISES)
    def test_a_copy_scores_all(self, exercise: Exercise) -> None:
        """What is alike in everything scores 100."""
        [copy] = equivalents(exercise, [replace(exercise, id=uuid4())], equipment=GYM)
        assert 100 == copy.score

    @pytest.mark.parametrize(
        ("slug", "equipment", "other", "reason"),
        [
            (
                "barbell-bench-press",
                ("dumbbell",),
                "dumbbell-floor-press",
                "same movement, same primary muscles, easier; needs only dumbbells",
            ),
            ("plank", (), "high-plank", "same movement, same primary muscle; needs only your body"),
            (
                "pull-up",
                ("pull_up_bar", "band"),
                "band-assisted-pull-up",
                "same movement, same primary muscles, easier; needs only a pull up bar and a band",
            ),
            (
                "outdoor-run",
                ("stationary_bike",),
                "stationary-bike",
                "same movement, also for the quadriceps, counted in seconds; needs only a stationary bike",
            ),
        ],
    )
    def test_it_says_why(self, slug: str, equipment: tuple[str, ...], other: str, reason: str) -> None:
        """What is alike, what is not, and what it takes."""
        assert reason == _found(slug, *equipment)[other].reason

    def test_an_injury_rules_out(self) -> None:
        """A push-up loads the wrist: who spares it is offered none."""
        assert "push-up" in _found("barbell-bench-press")
        assert "push-up" not in _found("barbell-bench-press", injuries=("wrist",))

    def test_a_stretch_is_no_exercise(self) -> None:
        """Stretching a muscle does not stand in for training it."""
        movements = {one.exercise.movement for one in _found("leg-extension", *GYM).values()}
        assert "mobility" not in movements

    def test_isolation_alone_is_not_alike(self) -> None:
        """A curl and a calf raise are both isolation, and no equivalents."""
        found = _found("dumbbell-curl", *GYM)
        assert (True, False) == ("barbell-curl" in found, "dumbbell-calf-raise" in found)
