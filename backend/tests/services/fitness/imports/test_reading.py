"""Reading other apps' files: their dialects, and what is wrong in them."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
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

from coachwork.services.fitness.domain.imports import reading as limits
from coachwork.services.fitness.domain.imports.errors import ImportTooLarge, UnreadableImport
from coachwork.services.fitness.domain.imports.hevy import read_hevy
from coachwork.services.fitness.domain.imports.reading import Reading, ReadSet
from coachwork.services.fitness.domain.imports.strong import read_strong
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
