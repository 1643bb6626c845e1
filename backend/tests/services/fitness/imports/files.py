"""Files as other apps write them, in our own words and figures."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

STRONG_PLAIN = """\
Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Bench Press (Barbell)",W,40.0,10.0,0,0.0,,,
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Bench Press (Barbell)",1,80.0,5.0,0,0.0,"so ""light"", yes","slept well",8.5
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Bench Press (Barbell)",Rest Timer,0,0.0,0,120.0,,,
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Bench Press (Barbell)",2,82.5,5.0,0,0.0,,,9
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Plank",1,0,0,0,75.0,,,
2026-03-02 18:05:00,"Upper, heavy",1h 5m,"Pull Up",1,0,8,0,0,,,
2026-03-04 07:30:00,"Run",30m,"Running",1,0,0,5.2,1800,,,
2026-03-04 07:30:00,"Run",30m,"Running",2,0,0,0,0,,,
"""
"""Without units; a warm-up, a rest timer, a hold, the body's own weight, a run, a set nobody did."""

STRONG_UNITS = """\
Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;\
Workout Notes;Workout Duration
2026-03-02 18:05:00;"Legs";"Squat (Barbell)";1;225;lbs;5;;;;0;"";"";58m
2026-03-02 18:05:00;"Legs";"Squat (Barbell)";2;102,5;kg;5;8,5;;;0;;;58m
2026-03-02 18:05:00;"Legs";"Running (Treadmill)";1;;;;;1,5;miles;600;;;58m
"""

STRONG_NUMBERED = """\
"Workout #";"Date";"Workout Name";"Duration (sec)";"Exercise Name";"Set Order";"Weight (kg)";"Reps";"RPE";\
"Distance (meters)";"Seconds";"Notes";"Workout Notes"
"1";"2026-03-02 18:05:00";"Pull";"3600";"Deadlift (Barbell)";"1";"140";"3";"9";"";"";"";""
"1";"2026-03-02 18:05:00";"Pull";"3600";"Deadlift (Barbell)";"Note";"";"";"";"";"";"Belt";""
"1";"2026-03-02 18:05:00";"Pull";"3600";"Running";"1";"";"";"";"3218,5";"1200";"";""
"""

HEVY = """\
"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index","set_type",\
"weight_lbs","reps","distance_miles","duration_seconds","rpe"
"Morning","2 Mar 2026, 18:05","2 Mar 2026, 19:10","good","Bench Press (Barbell)",,"slow",0,"warmup",95,10,,,
"Morning","2 Mar 2026, 18:05","2 Mar 2026, 19:10","good","Bench Press (Barbell)",,"slow",1,"normal",135,5,,,8
"Morning","2 Mar 2026, 18:05","2 Mar 2026, 19:10","good","Plank",,"",0,"normal",,,,60,
"Evening","Mar 4, 2026, 7:30 PM","Mar 4, 2026, 8:00 PM","","Running",,"",0,"normal",,,3.1,1800,
"""

STRONG_HEADER = STRONG_PLAIN.partition("\n")[0]


def strong(*rows: Sequence[object]) -> str:
    """Return a file of Strong's plainest dialect; a row is date, workout, exercise, order, weight and reps."""
    return _written(STRONG_HEADER.split(","), [(*row[:2], "1h", *row[2:], 0, 0, "", "", "") for row in rows])


def wger(*logs: dict[str, Any], names: dict[int, str] | None = None) -> str:
    """Return an answer of wger's API beside the names of its exercises."""
    named = [{"id": key, "translations": [{"language": 2, "name": name}]} for key, name in (names or {}).items()]
    return json.dumps({"workoutlog": {"count": len(logs), "results": logs}, "exerciseinfo": {"results": named}})


def wger_log(**fields: Any) -> dict[str, Any]:
    """Return an entry of wger's workout log."""
    return {
        "date": "2026-03-02T18:05:00+01:00",
        "session": "5a7d5dbb-6a5c-4f7f-9a9c-2f3f0d6c8f55",
        "exercise": 73,
        "repetitions": "5.00",
        "repetitions_unit": 1,
        "weight": "80.00",
        "weight_unit": 1,
        "rir": None,
        **fields,
    }


def _written(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([header, *rows])
    return file.getvalue()
