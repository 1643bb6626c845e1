"""Slugs of exercises of one's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.exercises import own_slug


class TestSlug:
    """own_slug."""

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Anvil Squat", "my-anvil-squat"),
            ("  Übung -- Nr. 7!", "my-ubung-nr-7"),
            ("スクワット", "my-exercise"),
            ("-", "my-exercise"),
        ],
    )
    def test_is_read_from_the_name(self, name: str, slug: str) -> None:
        """Plain letters and digits between single hyphens; what has none is an exercise."""
        assert slug == own_slug(name, ())

    @given(st.text(max_size=100), st.integers(0, 5))
    def test_is_a_slug_and_free(self, name: str, others: int) -> None:
        """Whatever the name, the slug is one, begins with my-, and is not taken."""
        taken: list[str] = []
        for _ in range(others + 1):
            taken.append(own_slug(name, taken))
        assert len(set(taken)) == len(taken)
        assert all(slug.startswith("my-") and len(slug) <= 100 for slug in taken)
        assert all(set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and "--" not in slug for slug in taken)
