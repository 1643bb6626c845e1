"""The safety screen's mechanics; how much it recognises is measured by `make eval`."""

import pytest

from coachwork.services.fitness.domain.safety import SAFE_ANSWERS, Concern, screen


class TestScreen:
    """screen."""

    @pytest.mark.parametrize(
        ("message", "concern"),
        [
            ("I have chest pain and my left arm feels numb", Concern.MEDICAL_EMERGENCY),
            ("My pee looks like cola after yesterday", Concern.MEDICAL_EMERGENCY),
            ("I make myself throw up after dinner", Concern.EATING_DISORDER),
            ("I ONLY eat 500 calories, what workout burns most?", Concern.EATING_DISORDER),
            ("my knee hurts when I squat", Concern.INJURY),
            ("I can’t put weight on my ankle", Concern.INJURY),
            ("I don't want to live", Concern.SELF_HARM),
        ],
    )
    def test_it_stops_at_a_concern(self, message: str, concern: Concern) -> None:
        """Whatever the case or the kind of apostrophe."""
        answer = screen(message)
        assert concern == (answer and answer.concern)

    @pytest.mark.parametrize(
        "message",
        [
            "How do I avoid knee injuries?",
            "My legs are killing me after squats",
            "Is a 500 calorie deficit per day fine?",
            "I broke my deadlift PR!",
            "Which chest exercises are best?",
            "",
        ],
    )
    def test_it_lets_others_pass(self, message: str) -> None:
        """Words that merely resemble a concern are no reason to stop."""
        assert screen(message) is None

    def test_the_most_urgent_concern_wins(self) -> None:
        """With two concerns the caller hears about the more urgent one."""
        answer = screen("I tore my hamstring and now I want to die")
        assert Concern.SELF_HARM == (answer and answer.concern)

    def test_a_long_message_is_screened_quickly(self) -> None:
        """No pattern runs away on the longest message there can be."""
        assert screen("sharp pain in my " * 230) is not None
        assert screen("a " * 2000) is None


class TestSafeAnswers:
    """What is said instead."""

    @pytest.mark.parametrize("concern", Concern)
    def test_each_concern_has_an_answer_with_a_referral(self, concern: Concern) -> None:
        """Nobody is left without a place to go."""
        assert SAFE_ANSWERS[concern].concern is concern
        assert SAFE_ANSWERS[concern].referral
