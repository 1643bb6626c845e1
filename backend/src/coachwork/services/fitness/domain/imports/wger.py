"""wger's workout logs, as its REST API answers: wger has no export of its own.

Taken are `GET /api/v2/workoutlog/`, a page of it or its list of results, and an object that has it beside the names
of its exercises, as `GET /api/v2/exerciseinfo/` or `GET /api/v2/exercise-translation/` answer:

    {"workoutlog": [{"date": ..., "exercise": 73, "repetitions": "5.00", "repetitions_unit": 1, "weight": "100.00",
                     "weight_unit": 1, "rir": "2.0", "session": ...}],
     "exerciseinfo": [{"id": 73, "translations": [{"language": 2, "name": "Bench Press"}]}]}

An exercise without a name is called `wger exercise 73`, which a mapping can name. Line numbers are places in the list,
from 1. Source: wger's OpenAPI document, and its fixtures for the units' ids.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.imports.errors import UnreadableImport
from coachwork.services.fitness.domain.imports.moments import moment_of
from coachwork.services.fitness.domain.imports.reading import Cells, Figures, Reading, ReadSet
from coachwork.services.fitness.domain.imports.values import BadValue, Unit, kilograms, metres, number, shown

_ENGLISH = 2
_REPETITIONS = {1, 2, 7}  # repetitions, until failure, at most
_SECONDS = {3: 1, 4: 60}
_METRES = {5: "mi", 6: "km", 8: "m"}
_WEIGHTS: Mapping[int, Unit] = {1: "kg", 2: "lb"}
_BODY_WEIGHT = 3
_SPEEDS = {5, 6}  # kilometres and miles an hour: no load

_Json = dict[str, Any]


def read_wger(text: str, zone: ZoneInfo) -> Reading:
    """Return what an answer of wger's API holds; sets of an exercise in one session begin with its first.

    Raises:
        UnreadableImport: it is none.
        ImportTooLarge: it has too many entries.
    """
    logs, names = _parts(text)
    reading = Reading()
    sessions: list[str] = []
    for place, log in enumerate(logs, start=1):
        reading.begin_line()
        with reading.reporting(place) as cells:
            if (done := _read(log, names, cells, zone, place)) is None:
                reading.skipped["empty_sets"] += 1
            else:
                reading.sets.append(done)
                sessions.append(str(log.get("session") or done.performed_at))
    reading.sets = _together(reading.sets, sessions)
    return reading


def _read(log: object, names: Mapping[int, str], cells: Cells, zone: ZoneInfo, place: int) -> ReadSet | None:
    if not isinstance(log, dict):
        raise BadValue("is no object")
    cells.column = "exercise"
    exercise = _id(log.get("exercise", log.get("exercise_base")))
    if exercise is None:
        raise BadValue(f"wants the id of an exercise: {shown(str(log.get('exercise')))}")
    cells.column = "date"
    performed_at = moment_of(str(log.get("date") or ""), zone)
    done = _figures(log, cells).as_set()
    name = names.get(exercise, f"wger exercise {exercise}")
    return None if done is None else ReadSet(place, name, "", performed_at, done)


def _figures(log: _Json, cells: Cells) -> Figures:
    cells.column = "repetitions"
    amount = _number(log.get("repetitions", log.get("reps")))
    unit = _id(log.get("repetitions_unit")) or 1
    if unit not in _REPETITIONS | _SECONDS.keys() | _METRES.keys():
        raise BadValue(f"has a unit wger does not ship: {unit}")
    cells.column = "weight"
    weight_kg = _weight_kg(_number(log.get("weight")), _id(log.get("weight_unit")) or 1)
    cells.column = "rir"
    in_reserve = _number(log.get("rir"))
    rpe = None if in_reserve is None else 10 - in_reserve  # Source: Zourdos et al., as in schemas/logs.py
    cells.column = None
    return Figures(
        weight_kg,
        amount if unit in _REPETITIONS else None,
        amount * _SECONDS[unit] if amount and unit in _SECONDS else None,
        metres(amount, _METRES[unit]) if amount and unit in _METRES else None,
        rpe,
    )


def _weight_kg(weight: Decimal | None, unit: int) -> float | None:
    if not weight or unit == _BODY_WEIGHT or unit in _SPEEDS:
        return None
    if unit not in _WEIGHTS:
        raise BadValue("is in plates or another unit that has no kilograms")
    return kilograms(weight, _WEIGHTS[unit])


def _together(sets: list[ReadSet], sessions: list[str]) -> list[ReadSet]:
    begun: dict[tuple[str, str], datetime] = {}
    keys = [(session, one.exercise) for session, one in zip(sessions, sets, strict=True)]
    for key, one in zip(keys, sets, strict=True):
        begun[key] = min(begun.get(key, one.performed_at), one.performed_at)
    in_order = sorted(zip(keys, sets, strict=True), key=lambda pair: pair[1].performed_at)
    return [replace(one, performed_at=begun[key]) for key, one in in_order]


def _parts(text: str) -> tuple[list[Any], dict[int, str]]:
    try:
        content = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise UnreadableImport(f"The file is no JSON: {error}") from error
    logs, names = content, None
    if isinstance(content, dict) and "workoutlog" in content:
        logs, names = content["workoutlog"], content.get("exerciseinfo", content.get("exercise-translation"))
    entries = _results(logs)
    if entries is None:
        raise UnreadableImport("The file has no workoutlog: it wants what wger's API answers there")
    return entries, _names(_results(names) or [])


def _results(answer: object) -> list[Any] | None:
    """Return the entries of a list or of a page."""
    entries = answer.get("results") if isinstance(answer, dict) else answer
    return entries if isinstance(entries, list) else None


def _names(entries: list[Any]) -> dict[int, str]:
    """Return the exercises' names, in English where there is one."""
    names: dict[int, str] = {}
    for entry in entries:
        for key, name, is_english in _names_in(entry):
            if is_english or key not in names:
                names[key] = name
    return names


def _names_in(entry: object) -> Iterator[tuple[int, str, bool]]:
    """Yield exercise, name and whether it is English, of an exercise with its translations or of one of these."""
    if not isinstance(entry, dict):
        return
    translations = entry.get("translations", entry.get("exercises"))
    named: list[Any] = translations if isinstance(translations, list) else [entry]
    key = _id(entry.get("exercise" if named == [entry] else "id"))
    for one in named:
        name = one.get("name") if isinstance(one, dict) else None
        if key is not None and isinstance(name, str) and name.strip():
            # JSON may hold halves of characters, which no answer can carry on
            yield key, name.strip().encode(errors="replace").decode(), one.get("language") == _ENGLISH


def _id(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadValue(f"is no number: {shown(str(value))}")
    return number(str(value))
