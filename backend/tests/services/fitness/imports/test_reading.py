"""Reading other apps' files: dialects, units, times, encodings, and whatever is no file of theirs."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services.fitness.imports.files import (
    HEVY,
    STRONG_HEADER,
    STRONG_NUMBERED,
    STRONG_PLAIN,
    STRONG_UNITS,
    strong,
    wger,
    wger_log,
)

from coachwork.chassis.errors import CallerError
from coachwork.services.fitness.domain.imports import reading as limits
from coachwork.services.fitness.domain.imports.errors import ImportTooLarge, UnreadableImport
from coachwork.services.fitness.domain.imports.hevy import read_hevy
from coachwork.services.fitness.domain.imports.moments import moment_of
from coachwork.services.fitness.domain.imports.reading import Reading, ReadSet
from coachwork.services.fitness.domain.imports.strong import read_strong
from coachwork.services.fitness.domain.imports.text import text_of
from coachwork.services.fitness.domain.imports.values import BadValue, kilograms, metres, number
from coachwork.services.fitness.domain.imports.wger import read_wger

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOON = "2026-03-02 12:00:00"


def _figures(one: ReadSet) -> dict[str, Any]:
    return one.done.model_dump(exclude_none=True)


def _said(reading: Reading) -> list[tuple[int, str | None, str]]:
    return [(problem.line, problem.column, problem.message) for problem in reading.problems]


class TestStrong:
    """Strong's CSV."""

    def test_without_units(self) -> None:
        """Loads are in the unit the caller says, distances in kilometres beside it; nought is nothing."""
        reading = read_strong(STRONG_PLAIN, "kg", BERLIN)

        assert [
            (2, "Bench Press (Barbell)", {"reps": 10, "weight_kg": 40.0}),
            (3, "Bench Press (Barbell)", {"reps": 5, "weight_kg": 80.0, "rpe": 8.5}),
            (5, "Bench Press (Barbell)", {"reps": 5, "weight_kg": 82.5, "rpe": 9.0}),
            (6, "Plank", {"duration_seconds": 75}),
            (7, "Pull Up", {"reps": 8, "weight_kg": 0.0}),
            (8, "Running", {"distance_m": 5200.0, "duration_seconds": 1800}),
        ] == [(one.line, one.exercise, _figures(one)) for one in reading.sets]
        assert (8, {"rest_timers": 1, "empty_sets": 1}, []) == (reading.lines, reading.skipped, reading.problems)

    def test_what_is_told_beside_the_figures(self) -> None:
        """Quoted text, notes, the workout's name, warm-ups, and its start in the caller's zone."""
        warmup, first, *_ = read_strong(STRONG_PLAIN, "kg", BERLIN).sets

        assert (True, False) == (warmup.is_warmup, first.is_warmup)
        assert ("Upper, heavy", 'so "light", yes', "slept well") == (
            first.workout,
            first.note,
            first.workout_note,
        )
        assert datetime(2026, 3, 2, 17, 5, tzinfo=UTC) == first.performed_at

    def test_with_units_on_every_line(self) -> None:
        """Semicolons, decimal commas, pounds beside kilograms, miles: each line's own unit counts."""
        assert [
            {"reps": 5, "weight_kg": 102.06},
            {"reps": 5, "weight_kg": 102.5, "rpe": 8.5},
            {"distance_m": 2414.02, "duration_seconds": 600},
        ] == [_figures(one) for one in read_strong(STRONG_UNITS, None, BERLIN).sets]

    def test_with_units_in_the_header(self) -> None:
        """The numbered dialect says kilograms and metres in its header; a note is no set."""
        reading = read_strong(STRONG_NUMBERED, "lb", BERLIN)

        assert [
            {"reps": 3, "weight_kg": 140.0, "rpe": 9.0},
            {"distance_m": 3218.5, "duration_seconds": 1200},
        ] == [_figures(one) for one in reading.sets]
        assert {"notes": 1} == reading.skipped

    def test_pounds_bring_miles(self) -> None:
        """Where the file says neither, pounds go with miles."""
        run = read_strong(STRONG_PLAIN, "lb", BERLIN).sets[-1]
        assert 8368.59 == run.done.distance_m

    def test_nobody_says_the_unit(self) -> None:
        """A load in nobody knows what is not guessed."""
        with pytest.raises(UnreadableImport, match="unit=kg or unit=lb"):
            read_strong(STRONG_PLAIN, None, BERLIN)

    def test_bad_lines_are_told_and_the_others_read(self) -> None:
        """Each bad line is told by its number and column."""
        reading = read_strong(
            strong(
                (NOON, "Day", "Squat", 1, "ten", 5),
                (NOON, "Day", "Squat", 2, 100, 5.5),
                (NOON, "Day", "", 3, 100, 5),
                ("02/03/2026", "Day", "Squat", 4, 100, 5),
                (NOON, "Day", "Squat", 5, "1,500", 5),
                (NOON, "Day", "Squat", 6, 100, 5, 0, 0, 0, 0),
                (NOON, "Day", "Squat", 7, 2000, 5),
                (NOON, "Day", "Squat", 8, 100, 5),
            ),
            "kg",
            BERLIN,
        )

        assert [(9, {"reps": 5, "weight_kg": 100.0})] == [(one.line, _figures(one)) for one in reading.sets]
        wanted = "wants a time like 2026-03-28 17:29:00 or 28 Mar 2026, 17:29, its month in English: '02/03/2026'"
        assert [
            (2, "Weight", "is no number: 'ten'"),
            (3, None, "is no whole number: 5.5"),
            (4, "Exercise Name", "is empty"),
            (5, "Date", wanted),
            (6, "Weight", "may be thousands or decimals: '1,500'; write a point before decimals"),
            (7, None, "has more cells than the header has columns"),
            (8, None, "weight_kg should be less than or equal to 1000"),
        ] == _said(reading)

    def test_lines_are_counted_as_an_editor_does(self) -> None:
        """A note of several rows does not shift the numbers after it; blank rows count, and are nothing."""
        text = f'{STRONG_HEADER}\n{NOON},D,1h,Squat,1,1,1,0,0,"a\nb",,\n\n{NOON},D,1h,Squat,2,x,1,0,0,,,\n'
        reading = read_strong(text, "kg", BERLIN)
        assert ([2], [5], 2) == (
            [one.line for one in reading.sets],
            [one.line for one in reading.problems],
            reading.lines,
        )

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("", "The file is empty"),
            ("Datum;Workout-Name;Name der Übung", "set to English"),
            (f'{STRONG_HEADER}\n{NOON},"open', "Line 2 is no CSV"),
            (f'{STRONG_HEADER}\n{NOON},"a"b,', "Line 2 is no CSV"),
            (STRONG_NUMBERED.replace("(kg)", "(stone)"), "wants kg or lb: 'stone'"),
        ],
    )
    def test_no_file_of_strongs(self, text: str, message: str) -> None:
        """What is no such file as a whole is refused as a whole, and says why."""
        with pytest.raises(UnreadableImport, match=message.replace("(", r"\(")):
            read_strong(text, "kg", BERLIN)

    def test_too_many_lines(self) -> None:
        """One import has an end."""
        line = f"{NOON},D,1h,Squat,1,1,1,0,0,,,\n"
        with pytest.raises(ImportTooLarge, match="50000 lines"):
            read_strong(f"{STRONG_HEADER}\n{line * (limits.MAX_SETS + 1)}", "kg", BERLIN)


class TestHevy:
    """Hevy's CSV."""

    def test_reads_pounds_and_miles(self) -> None:
        """The columns' names say the units."""
        reading = read_hevy(HEVY, NEW_YORK)

        assert [
            ("Bench Press (Barbell)", {"reps": 10, "weight_kg": 43.09}, True),
            ("Bench Press (Barbell)", {"reps": 5, "weight_kg": 61.23, "rpe": 8.0}, False),
            ("Plank", {"duration_seconds": 60}, False),
            ("Running", {"distance_m": 4988.97, "duration_seconds": 1800}, False),
        ] == [(one.exercise, _figures(one), one.is_warmup) for one in reading.sets]

    def test_reads_both_ways_of_writing_times(self) -> None:
        """Day first with 24 hours, month first with 12."""
        assert [
            datetime(2026, 3, 2, 23, 5, tzinfo=UTC),
            datetime(2026, 3, 5, 0, 30, tzinfo=UTC),
        ] == sorted({one.performed_at for one in read_hevy(HEVY, NEW_YORK).sets})

    def test_no_file_of_hevys(self) -> None:
        """Another app's file is refused."""
        with pytest.raises(UnreadableImport, match="no start_time"):
            read_hevy(STRONG_PLAIN, BERLIN)


class TestWger:
    """wger's API's answers."""

    def test_sets_of_a_session_belong_together(self) -> None:
        """Sets of an exercise in one session begin with its first, whatever order they come in."""
        text = wger(
            wger_log(date="2026-03-02T18:15:00+01:00", weight="82.50"),
            wger_log(rir="1.5"),
            names={73: "Bench Press"},
        )
        moment = datetime(2026, 3, 2, 17, 5, tzinfo=UTC)
        assert [
            (2, "Bench Press", moment, {"reps": 5, "weight_kg": 80.0, "rpe": 8.5}),
            (1, "Bench Press", moment, {"reps": 5, "weight_kg": 82.5}),
        ] == [(one.line, one.exercise, one.performed_at, _figures(one)) for one in read_wger(text, BERLIN).sets]

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"weight_unit": 2, "weight": "225"}, {"reps": 5, "weight_kg": 102.06}),
            ({"weight_unit": 3}, {"reps": 5, "weight_kg": 0.0}),
            ({"weight": None}, {"reps": 5, "weight_kg": 0.0}),
            ({"repetitions_unit": 4, "repetitions": "1.50", "weight": None}, {"duration_seconds": 90}),
            ({"repetitions_unit": 5, "repetitions": "3", "weight": "8", "weight_unit": 6}, {"distance_m": 4828.03}),
            ({"repetitions": None, "reps": None}, None),
        ],
    )
    def test_units(self, fields: dict[str, Any], expected: dict[str, Any] | None) -> None:
        """wger counts times and distances as repetitions of another unit."""
        reading = read_wger(wger(wger_log(**fields)), BERLIN)
        assert ([expected] if expected else [], []) == ([_figures(one) for one in reading.sets], reading.problems)

    def test_plates_are_no_load(self) -> None:
        """A unit without kilograms is told, not guessed."""
        [problem] = read_wger(wger(wger_log(weight_unit=4)), BERLIN).problems
        assert (1, "weight", "is in plates or another unit that has no kilograms") == (
            problem.line,
            problem.column,
            problem.message,
        )

    def test_english_names_first(self) -> None:
        """Of an exercise's names the English one counts; without any, its number is its name."""
        text = (
            '{"workoutlog": [{"exercise": 1, "date": "2026-03-02", "reps": 5}, '
            '{"exercise": 2, "date": "2026-03-02", "reps": 5}], "exerciseinfo": [{"id": 1, "translations": '
            '[{"language": 1, "name": "Kniebeuge"}, {"language": 2, "name": "Squat"}]}]}'
        )
        assert ["Squat", "wger exercise 2"] == [one.exercise for one in read_wger(text, BERLIN).sets]

    @pytest.mark.parametrize("text", ["", "[", "{}", "3", '{"workoutlog": 3}', "[" * 100_000])
    def test_no_answer_of_wgers(self, text: str) -> None:
        """Anything else is refused."""
        with pytest.raises(UnreadableImport):
            read_wger(text, BERLIN)


class TestMoments:
    """Times as apps write them."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-28 17:29:00", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28T17:29", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28 5:29:00\u202fPM", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28 12:29 am", "2026-03-27T23:29:00+00:00"),
            ("2026-03-28T17:29:00Z", "2026-03-28T17:29:00+00:00"),
            ("2026-03-28T17:29:00.250+0530", "2026-03-28T11:59:00.250000+00:00"),
            ("28 Mar 2026, 17:29", "2026-03-28T16:29:00+00:00"),
            ("March 28, 2026 at 5:29 PM", "2026-03-28T16:29:00+00:00"),
            ("28.03.2026, 17:29", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28", "2026-03-28T11:00:00+00:00"),
        ],
    )
    def test_in_berlin(self, text: str, expected: str) -> None:
        """Without a zone they are the caller's; with one they are what they say; a date is its noon."""
        assert expected == moment_of(text, BERLIN).isoformat()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-29 01:59:59", "2026-03-29T00:59:59+00:00"),
            ("2026-03-29 02:30:00", "2026-03-29T01:30:00+00:00"),  # skipped: clocks show 03:30 then
            ("2026-03-29 03:00:00", "2026-03-29T01:00:00+00:00"),
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00+00:00"),  # twice: the first
            ("2026-10-25 03:00:00", "2026-10-25T02:00:00+00:00"),
        ],
    )
    def test_when_clocks_change(self, text: str, expected: str) -> None:
        """A time that clocks skip, and one they show twice, are one moment each."""
        assert expected == moment_of(text, BERLIN).isoformat()

    @pytest.mark.parametrize(
        "text",
        ["", "05/06/2026", "28 Mär 2026", "2026-02-30", "2026-03-28 24:00", "2026-03-28 13:00 PM", "0001-01-01 00:00"],
    )
    def test_no_time(self, text: str) -> None:
        """What could be two days, or is none, is refused."""
        with pytest.raises(BadValue):
            moment_of(text, BERLIN)


class TestUnits:
    """Pounds and miles."""

    @pytest.mark.parametrize(
        ("pounds", "expected"), [("45", 20.41), ("135", 61.23), ("225", 102.06), ("2.5", 1.13), ("1000", 453.59)]
    )
    def test_pounds(self, pounds: str, expected: float) -> None:
        """A pound is 0.45359237 kg; the product is rounded once, half up, to ten grams."""
        assert expected == kilograms(Decimal(pounds), "lb")

    def test_halves_go_up(self) -> None:
        """2.125 kg is no binary fraction that happens to fall below: it is 2.13."""
        assert (2.13, 2.14) == (kilograms(Decimal("2.125"), "kg"), kilograms(Decimal("2.135"), "kg"))

    @pytest.mark.parametrize(("amount", "unit", "expected"), [("1", "mi", 1609.34), ("100", "yd", 91.44)])
    def test_distances(self, amount: str, unit: str, expected: float) -> None:
        """A mile is 1609.344 m, a yard 0.9144 m."""
        assert expected == metres(Decimal(amount), unit)

    @given(st.decimals(0, 1000, places=2))
    def test_there_and_back(self, pounds: Decimal) -> None:
        """Kilograms lead back to the pounds a plate has: to the nearest 0.25 lb and better."""
        back = Decimal(str(kilograms(pounds, "lb"))) / Decimal("0.45359237")
        assert abs(back - pounds) <= Decimal("0.0111")

    @given(st.decimals(0, 999_999, places=2), st.sampled_from(".,"))
    def test_numbers(self, value: Decimal, mark: str) -> None:
        """A point and a comma are the same before two decimals."""
        assert value == number(str(value).replace(".", mark))


class TestText:
    """Encodings."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_known_by_their_mark(self, encoding: str) -> None:
        """UTF-8 with and without its mark, and UTF-16 with it."""
        assert "Übung" == text_of("Übung".encode(encoding))

    @pytest.mark.parametrize("content", ["Übung".encode("latin-1"), "Übung".encode("utf-16-le"), b"\xff\xfe\x00\xd8"])
    def test_nothing_is_guessed(self, content: bytes) -> None:
        """Latin-1 and UTF-16 without its mark are refused, and what to do is said."""
        with pytest.raises(UnreadableImport, match="UTF-8"):
            text_of(content)


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
