"""Generated files of other apps: well-formed ones are read, anything else is read or refused."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.fitness.imports.files import HEVY, STRONG_HEADER, strong, wger, wger_log

from coachwork.chassis.errors import CallerError
from coachwork.services.fitness.domain.imports.hevy import read_hevy
from coachwork.services.fitness.domain.imports.reading import Reading
from coachwork.services.fitness.domain.imports.strong import read_strong
from coachwork.services.fitness.domain.imports.text import text_of
from coachwork.services.fitness.domain.imports.wger import read_wger

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30).map(str.strip)
ROWS = st.lists(
    st.tuples(
        st.integers(631_152_000, 1_767_225_600).map(lambda second: datetime.fromtimestamp(second, UTC)),
        TEXT,
        TEXT.filter(lambda name: name and name.casefold() not in {"rest timer", "note"}),
        st.integers(1, 20),
        st.decimals(0, 1000, places=2),
        st.integers(1, 1000),
    ),
    max_size=20,
)


class TestWhatever:
    """Generated files."""

    @given(ROWS)
    def test_what_was_written_is_read(self, rows: list[tuple[Any, ...]]) -> None:
        """Every row of a well-formed file is a set with the same figures, names and moment."""
        reading = read_strong(strong(*((row[0].strftime("%F %T"), *row[1:]) for row in rows)), "kg", ZoneInfo("UTC"))

        assert [] == reading.problems
        assert [(name, moment, float(weight), reps) for moment, _, name, _, weight, reps in rows] == [
            (one.exercise, one.performed_at, one.done.weight_kg, one.done.reps) for one in reading.sets
        ]

    @settings(max_examples=300)
    @given(st.binary(max_size=300), st.sampled_from([STRONG_HEADER, HEVY.partition("\n")[0], '{"workoutlog": ', ""]))
    def test_bytes_are_read_or_refused(self, content: bytes, head: str) -> None:
        """Nothing but our own failures comes of any bytes, and every line is a set, a problem or skipped."""
        table = f"{head}\n".encode() + content
        self._account_for_lines(lambda: read_strong(text_of(table), "kg", BERLIN))
        self._account_for_lines(lambda: read_hevy(text_of(table), BERLIN))
        self._account_for_lines(lambda: read_wger(text_of(head.encode() + content), BERLIN))

    @settings(max_examples=200)
    @given(
        st.lists(
            st.dictionaries(
                st.sampled_from(list(wger_log())),
                st.recursive(
                    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    st.lists,
                    max_leaves=3,
                ),
            ),
            max_size=3,
        )
    )
    def test_any_json_is_read_or_refused(self, logs: list[dict[str, Any]]) -> None:
        """wger's entries may hold anything."""
        self._account_for_lines(lambda: read_wger(wger(*(wger_log(**log) for log in logs)), BERLIN))

    def _account_for_lines(self, read: Any) -> None:
        try:
            reading: Reading = read()
        except CallerError:
            return
        assert reading.lines == len(reading.sets) + len(reading.problems) + sum(reading.skipped.values())
