"""Which exercise a name in another app's file means."""

from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import SEEDS

from coachwork.services.fitness.domain.imports.known_names import KNOWN_NAMES
from coachwork.services.fitness.domain.imports.matching import Matcher, Named, matches_of, plain
from coachwork.services.fitness.service.library import read_exercises

LIBRARY = [
    Named(uuid5(UUID(int=0), one.slug), one.slug, one.name, one.aliases, one.equipment, one.measure)
    for one in read_exercises(SEEDS)
]
MATCHER = Matcher(LIBRARY)
SLUGS = {one.slug for one in LIBRARY}


def _found(name: str) -> tuple[str | None, str]:
    match = MATCHER.match(name)
    return match.exercise and match.exercise.slug, match.how


class TestMatch:
    """One name."""

    @pytest.mark.parametrize(
        ("name", "slug", "how"),
        [
            ("Barbell Back Squat", "barbell-back-squat", "name"),
            ("PULL UP", "pull-up", "name"),
            ("back squat", "barbell-back-squat", "alias"),
            ("Squat (Barbell)", "barbell-back-squat", "words"),
            ("Bench Press (Barbell)", "barbell-bench-press", "words"),
            ("Bench Press (Dumbbell)", "dumbbell-bench-press", "words"),
            ("Incline Bench Press - Dumbbell", "incline-dumbbell-press", "words"),
            ("Deadlift (Barbell)", "conventional-deadlift", "words"),
            ("Bicep Curl (Dumbbell)", "dumbbell-curl", "words"),
            ("Lat Pulldown (Cable)", "lat-pulldown", "words"),
            ("Leg Extension (Machine)", "leg-extension", "words"),
            ("Squat (Bodyweight)", "bodyweight-squat", "words"),
            ("Triceps Pushdown (Cable - Straight Bar)", "cable-triceps-pushdown", "known"),
            ("Running (Treadmill)", "treadmill-run", "known"),
            ("Pull Up (Assisted)", "machine-assisted-pull-up", "known"),
        ],
    )
    def test_names_other_apps_use(self, name: str, slug: str, how: str) -> None:
        """By its name, an alias, its words with the equipment in brackets, or what is known."""
        assert (slug, how) == _found(name)

    @pytest.mark.parametrize("name", ["Row", "Curl", "Ab Wheel", "Bench Press (Kettlebell)", "Zzz", "", "()", "卧推"])
    def test_what_is_not_sure_is_not_taken(self, name: str) -> None:
        """A name that fits several, or none whole, is nobody's."""
        assert (None, "none") == _found(name)

    def test_suggests(self) -> None:
        """What it may mean, the likeliest first."""
        [first, *_] = MATCHER.match("Ab Wheel").suggestions
        assert ("ab-wheel-rollout", "Ab Wheel Rollout", 0.8) == (first.slug, first.name, first.score)

    def test_known_names_are_known(self) -> None:
        """Every one is written as it is looked up, and leads somewhere."""
        assert [] == [name for name, slug in KNOWN_NAMES.items() if slug not in SLUGS or plain(name) != name]

    def test_the_library_finds_itself(self) -> None:
        """Each exercise's name leads to it."""
        assert [] == [one.name for one in LIBRARY if _found(one.name)[0] != one.slug]

    @given(st.text(max_size=60))
    def test_any_name(self, name: str) -> None:
        """Scores are between 0 and 1, whatever the name."""
        match = MATCHER.match(name)
        assert all(0 <= score <= 1 for score in [match.score, *(one.score for one in match.suggestions)])


class TestMatches:
    """All names of a file."""

    def test_the_caller_knows_best(self) -> None:
        """A given name is what the caller says, and null leaves it out."""
        given_: dict[str, Any] = {"Squat (Barbell)": "goblet-squat", "Plank": None}
        found = matches_of(["Squat (Barbell)", "Plank", "Crunch"], LIBRARY, given_)
        assert {
            "Squat (Barbell)": ("goblet-squat", "given"),
            "Plank": (None, "skipped"),
            "Crunch": ("crunch", "name"),
        } == {name: (match.exercise and match.exercise.slug, match.how) for name, match in found.items()}

    def test_ones_own_come_first(self) -> None:
        """An exercise of one's own that is called as one of the library is meant."""
        own = Named(UUID(int=1), "my-crunch", "Crunch", (), (), "reps")
        assert own is matches_of(["Crunch"], [own, *LIBRARY], {})["Crunch"].exercise
