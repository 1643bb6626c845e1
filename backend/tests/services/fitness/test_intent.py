"""Reading tools' arguments from plain words."""

import pytest

from coachwork.services.fitness.domain.intent import exercises_wanted, plan_wanted, progress_wanted


class TestPlanWanted:
    """plan_wanted."""

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Build me a plan", {}),
            ("Can you make a 3 day strength programme?", {"days_per_week": 3, "goal": "strength"}),
            ("I need a four-day split to build muscle", {"days_per_week": 4, "goal": "muscle"}),
            ("write a routine, 2x per week, no equipment", {"days_per_week": 2, "equipment": []}),
            ("give me a plan with dumbbells and a bench", {"equipment": ["dumbbell", "bench"]}),
            ("plan my week", {}),
            ("make me a plan for 9 days a week", {"days_per_week": 9}),
        ],
    )
    def test_it_reads_what_is_said(self, words: str, expected: dict[str, object]) -> None:
        """Days, goal and equipment, where they are named."""
        assert expected == plan_wanted(words)

    @pytest.mark.parametrize("words", ["How much protein do I need?", "I plan to sleep more", "why do plans fail"])
    def test_it_is_none_otherwise(self, words: str) -> None:
        """Other words ask for no plan."""
        assert plan_wanted(words) is None


class TestProgressWanted:
    """progress_wanted."""

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("How is my progress?", {}),
            ("am I getting stronger over the last 6 weeks", {"weeks": 6}),
            ("show my PRs of the past three months", {"weeks": 12}),
        ],
    )
    def test_it_reads_what_is_said(self, words: str, expected: dict[str, object]) -> None:
        """The span, where one is named."""
        assert expected == progress_wanted(words)

    def test_it_is_none_otherwise(self) -> None:
        """Other words ask for no summary."""
        assert progress_wanted("What is progressive overload?") is None


class TestExercisesWanted:
    """exercises_wanted."""

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("What are good exercises for my chest?", {"muscle": "chest"}),
            ("best beginner exercises for glutes", {"muscle": "glutes", "level": "beginner"}),
            ("find triceps exercises without equipment", {"muscle": "triceps", "equipment": []}),
        ],
    )
    def test_it_reads_what_is_said(self, words: str, expected: dict[str, object]) -> None:
        """Muscle, equipment and level, where they are named."""
        assert expected == exercises_wanted(words)

    @pytest.mark.parametrize("words", ["What is the best exercise order?", "Is exercise good for sleep?"])
    def test_it_is_none_otherwise(self, words: str) -> None:
        """Without anything to narrow by, there is nothing to find."""
        assert exercises_wanted(words) is None
