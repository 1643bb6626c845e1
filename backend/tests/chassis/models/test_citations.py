"""One convention for citations."""

import pytest

from coachwork.chassis.models.citations import normalised

KNOWN = {"a", "b", "squat-depth"}


class TestNormalised:
    """Markers and the ids they name."""

    def test_keeps_what_is_right(self) -> None:
        """A text already in order is left as it is."""
        assert ("Squat [1]. Rest [2].", ("a", "b")) == normalised("Squat [1]. Rest [2].", ["a", "b"], KNOWN)

    def test_numbers_by_first_use(self) -> None:
        """The first passage a reader meets is [1]."""
        assert ("Rest [1]. Squat [2]. Rest [1].", ("b", "a")) == normalised(
            "Rest [2]. Squat [1]. Rest [2].", ["a", "b"], KNOWN
        )

    @pytest.mark.parametrize("text", ["Squat [3].", "Squat [0].", "Squat [999999999999999].", "Squat [1, 2]."])
    def test_drops_a_marker_that_names_nothing(self, text: str) -> None:
        """No citation has that number."""
        assert ("Squat.", ()) == normalised(text, [], KNOWN)

    def test_drops_an_id_that_was_not_given(self) -> None:
        """A passage the model made up is not cited, and the others close ranks."""
        assert ("Squat. Rest [1].", ("b",)) == normalised("Squat [1]. Rest [2].", ["made-up", "b"], KNOWN)

    def test_drops_an_id_no_marker_names(self) -> None:
        """Where the text does not say what it leans on, nothing is invented."""
        assert ("Squat.", ()) == normalised("Squat.", ["a"], KNOWN)

    def test_takes_an_id_for_a_marker(self) -> None:
        """Some models write the id into the text."""
        assert ("Squat [1].", ("squat-depth",)) == normalised("Squat [squat-depth].", [], KNOWN)

    def test_splits_a_marker_that_names_several(self) -> None:
        """Each keeps its own number."""
        assert ("Squat [1][2].", ("b", "a")) == normalised("Squat [2, 1, 9].", ["a", "b"], KNOWN)

    def test_merges_what_names_the_same(self) -> None:
        """Two numbers for one passage become one."""
        assert ("Squat [1]. Rest [1].", ("a",)) == normalised("Squat [1]. Rest [2].", ["a", "a"], KNOWN)

    @pytest.mark.parametrize("text", ["Do [8-12] reps.", "See [the guide](https://example.com).", "Sets []", "[1"])
    def test_leaves_other_brackets_alone(self, text: str) -> None:
        """They are the author's."""
        assert (text, ()) == normalised(text, ["a"], KNOWN)

    def test_reads_a_long_run_of_blanks_at_once(self) -> None:
        """A model that loses itself in blanks costs no time."""
        assert ("Squat.", ()) == normalised(f"Squat.{' ' * 200_000}", ["a"], KNOWN)
