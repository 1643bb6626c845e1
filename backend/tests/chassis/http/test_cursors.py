"""Cursors: where a list goes on."""

import pytest

from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor


class TestCursor:
    """Cursors."""

    def test_it_comes_back_as_it_went(self) -> None:
        """A cursor carries its position."""
        assert ("squat", 5) == decode_cursor(encode_cursor("squat", 5), str, int)

    @pytest.mark.parametrize("cursor", ["", "!", "e30", encode_cursor(1), encode_cursor("a", "b"), "é"])
    def test_a_forged_one_is_refused(self, cursor: str) -> None:
        """Anything else is a 422, never a 500."""
        with pytest.raises(CoachworkError) as caught:
            decode_cursor(cursor, str, int)
        assert caught.value.status == 422
