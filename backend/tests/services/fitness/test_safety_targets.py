"""Targets the coach does not help with: losing too fast, or too far."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.safety.targets import (
    Body,
    bmi,
    may_be_minor,
    refuse_body_fat,
    refuse_weight,
    shortest_loss,
)

TODAY = date(2026, 10, 1)
ADULT = Body(height_cm=170, birth_year=1990)


def refused(from_kg: float, target_kg: float, *, weeks: float = 52, body: Body = ADULT) -> str:
    """Return why a loss is refused, or nothing."""
    due_on = TODAY + timedelta(weeks=weeks)
    refusal = refuse_weight(body, from_kg=from_kg, target_kg=target_kg, today=TODAY, due_on=due_on)
    return refusal.text if refusal else ""


class TestWeight:
    """refuse_weight."""

    def test_the_pace(self) -> None:
        """From 100 to 90 kg takes ln 0.9 / ln 0.99 = 10.48 weeks, which is 74 days."""
        assert timedelta(days=74) == shortest_loss(100, 90)
        body = Body(height_cm=180, birth_year=1990)
        assert "faster than 1 %" in refused(100, 90, weeks=10, body=body)
        assert "2026-12-14" in refused(100, 90, weeks=10, body=body)
        assert "" == refused(100, 90, weeks=11, body=body)

    def test_underweight(self) -> None:
        """At 170 cm a body mass index of 18.5 is 53.465 kg."""
        assert "body mass index of 18.3" in refused(60, 53)
        assert "53.5 kg and more" in refused(60, 53)
        assert "" == refused(60, 53.5)

    def test_without_a_height(self) -> None:
        """What cannot be judged is not helped with, and it says what to store."""
        assert "height" in refused(60, 58, body=Body())

    def test_who_may_still_grow(self) -> None:
        """Nobody who may be under 18 is helped to lose weight."""
        assert "under 18" in refused(90, 88, body=Body(height_cm=170, birth_year=2008))
        assert "" == refused(90, 88, body=Body(height_cm=170, birth_year=2007))

    @pytest.mark.parametrize("body", [ADULT, Body(), Body(birth_year=2012)])
    def test_gaining_is_never_refused(self, body: Body) -> None:
        """Not even from underweight, which is where it matters."""
        assert "" == refused(45, 50, weeks=1, body=body)

    def test_names_source_and_help(self) -> None:
        """A refusal says on whose word, and who can help."""
        assert "WHO Technical Report Series 854" in refused(60, 45)
        assert "registered dietitian" in refused(60, 45)

    @given(st.floats(40, 300), st.floats(0.3, 0.999))
    def test_a_slow_enough_loss_stays_slow_enough(self, from_kg: float, share: float) -> None:
        """More time never turns what is allowed into what is refused, and one day less than enough is refused."""
        target_kg = from_kg * share
        body = Body(height_cm=50, birth_year=1990)  # so small that no weight here is underweight
        enough = shortest_loss(from_kg, target_kg)
        outcomes = [
            refuse_weight(body, from_kg=from_kg, target_kg=target_kg, today=TODAY, due_on=TODAY + enough + more)
            for more in (timedelta(-1), timedelta(0), timedelta(100))
        ]
        assert [False, True, True] == [one is None for one in outcomes]


class TestBodyFat:
    """refuse_body_fat."""

    @pytest.mark.parametrize(
        ("sex", "target", "expected"),
        [
            ("male", 5, True),
            ("male", 4.9, False),
            ("female", 12, True),
            ("female", 11.9, False),
            ("unspecified", 11.9, False),
            ("unspecified", 12, True),
        ],
    )
    def test_what_a_body_needs(self, sex: str, target: float, expected: bool) -> None:
        """Five percent for men, twelve for women, and twelve where it is not told."""
        body = Body(sex=sex)  # type: ignore[arg-type]  the parameters are its three values
        refusal = refuse_body_fat(body, from_percent=20, target_percent=target, today=TODAY)
        assert expected == (refusal is None)

    def test_gaining_is_never_refused(self) -> None:
        """From four percent to ten is the right way."""
        assert refuse_body_fat(Body(), from_percent=4, target_percent=10, today=TODAY) is None


class TestFormulas:
    """bmi and may_be_minor."""

    def test_a_known_index(self) -> None:
        """70 kg at 175 cm is 22.9."""
        assert 22.86 == round(bmi(70, 175), 2)

    @pytest.mark.parametrize(("year", "expected"), [(None, False), (2007, False), (2008, True), (2015, True)])
    def test_a_birth_year_leaves_a_year_of_doubt(self, year: int | None, expected: bool) -> None:
        """Who turns 18 this year may be 17 still."""
        assert expected == may_be_minor(year, TODAY)
