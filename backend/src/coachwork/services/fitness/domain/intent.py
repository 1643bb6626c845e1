"""Reads a tool's arguments from plain words, for models that cannot call functions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Arguments = dict[str, Any]

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "twice": 2, "once": 1}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(_NUMBERS)})"

_PLAN = re.compile(
    r"\b(?:build|make|create|write|design|give|need|want|suggest|put together|set up|plan|recommend|draft|generate)\b"
    r"[^.?!]{0,40}\b(?:plan|program(?:me)?|routine|split|schedule|week of training|training week)\b"
    r"|\bwhat (?:plan|program(?:me)?|routine|split) should i\b|\bplan my (?:week|training|workouts)\b"
)
_PROGRESS = re.compile(
    r"\b(?:my (?:progress|numbers|stats|records?|prs?|pbs?|personal (?:bests?|records?)|1rm|one[- ]rep max\w*"
    r"|max(?:es)?|e1rm|training (?:so far|history|log)|volume|lifts|strength gains?)|how am i doing"
    r"|have i (?:improved|progressed|got(?:ten)? stronger)"
    r"|am i (?:improving|progressing|getting stronger)|what have i (?:done|trained|lifted)|summari[sz]e my)\b"
)
_FIND = re.compile(
    r"\b(?:which|what|best|good|some|any|find|show|list|suggest|give me|recommend|alternatives?|need)\b[^.?!]{0,50}"
    r"\b(?:exercises?|movements?|lifts?|moves)\b|\bexercises? (?:for|to (?:train|work|hit|target|build))\b"
)
_GOALS: Mapping[str, str] = {
    "strength": r"\b(?:strength|stronger|strong|powerlift\w*|heavy)\b",
    "muscle": r"\b(?:muscle|mass|hypertrophy|bulk\w*|bigger|size|grow)\b",
    "fat_loss": r"\b(?:fat|lose weight|weight loss|lean\w*|cut|cutting|slim\w*)\b",
    "endurance": r"\b(?:endurance|stamina|marathon|conditioning)\b",
}
_EQUIPMENT: Mapping[str, str] = {
    "barbell": r"\bbarbells?\b",
    "dumbbell": r"\bdumb ?bells?\b",
    "kettlebell": r"\bkettle ?bells?\b",
    "band": r"\b(?:resistance )?bands?\b",
    "pull_up_bar": r"\b(?:pull|chin)[- ]?up bar\b",
    "bench": r"\bbench\b(?! press)",
    "rack": r"\b(?:squat |power )?rack\b",
    "cable": r"\bcables?\b",
    "machine": r"\bmachines?\b",
    "suspension_trainer": r"\b(?:trx|suspension trainer)\b",
    "rings": r"\brings\b",
    "stability_ball": r"\b(?:swiss|stability|exercise) ball\b",
    "medicine_ball": r"\bmedicine ball\b",
    "box": r"\b(?:plyo )?box\b",
}
_NO_EQUIPMENT = re.compile(
    r"\b(?:no|without(?: any)?|zero) (?:equipment|gym|weights|gear)\b|\b(?:body ?weight|nothing but my body)\b"
)
_MUSCLES: Mapping[str, str] = {
    "chest": r"\b(?:chest|pecs?)\b",
    "lats": r"\b(?:lats?|wings)\b",
    "lower_back": r"\b(?:lower back|erectors?)\b",
    "upper_back": r"\b(?:upper back|back|rhomboids)\b",
    "traps": r"\btraps?\b",
    "rear_delts": r"\b(?:rear|back of my) (?:delts?|shoulders?)\b",
    "side_delts": r"\b(?:side delts?|shoulders?|delts?)\b",
    "biceps": r"\bbiceps?\b",
    "triceps": r"\btriceps?\b",
    "forearms": r"\b(?:forearms?|grip)\b",
    "obliques": r"\bobliques?\b",
    "abdominals": r"\b(?:abs?|abdominals?|core|six[- ]pack|stomach)\b",
    "glutes": r"\b(?:glutes?|butt|bum|booty)\b",
    "hamstrings": r"\b(?:hamstrings?|hammies)\b",
    "quadriceps": r"\b(?:quads?|quadriceps|thighs?|legs?)\b",
    "calves": r"\b(?:calf|calves)\b",
    "adductors": r"\b(?:adductors?|inner thighs?)\b",
    "abductors": r"\b(?:abductors?|outer (?:thighs?|hips?))\b",
    "hip_flexors": r"\bhip flexors?\b",
    "shins": r"\b(?:shins?|tibialis)\b",
    "neck": r"\bneck\b",
}
_LEVELS: Mapping[str, str] = {
    "beginner": r"\b(?:beginners?|novice|new to|just starting|starter|easy)\b",
    "advanced": r"\b(?:advanced|experienced)\b",
    "intermediate": r"\bintermediate\b",
}


def plan_wanted(words: str) -> Arguments | None:
    """Return `build_plan`'s arguments, as they were said, or None when no plan is asked for."""
    text = words.casefold()
    if not _PLAN.search(text):
        return None
    return _known(days_per_week=_days(text), goal=_first(_GOALS, text), equipment=_equipment(text))


def progress_wanted(words: str) -> Arguments | None:
    """Return `summarise_progress`'s arguments, or None when progress is not asked for."""
    text = words.casefold()
    if not _PROGRESS.search(text):
        return None
    return _known(weeks=_weeks(text))


def exercises_wanted(words: str) -> Arguments | None:
    """Return `find_exercises`'s arguments, or None when no exercises are asked for or nothing narrows them."""
    text = words.casefold()
    if not _FIND.search(text) or _PLAN.search(text):
        return None
    found = _known(muscle=_first(_MUSCLES, text), equipment=_equipment(text), level=_first(_LEVELS, text))
    return found or None


def _known(**values: object) -> Arguments:
    return {name: value for name, value in values.items() if value is not None}


def _first(patterns: Mapping[str, str], text: str) -> str | None:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text)), None)


def _equipment(text: str) -> Sequence[str] | None:
    named = [name for name, pattern in _EQUIPMENT.items() if re.search(pattern, text)]
    if named:
        return named
    return [] if _NO_EQUIPMENT.search(text) else None


def _days(text: str) -> int | None:
    found = re.search(
        rf"\b({_NUMBER})[ -]?(?:x|times?|days?|sessions?|workouts?)?[ -](?:days?|per|a|each|times?|split|week)\b",
        text,
    )
    return _number(found.group(1)) if found else None


def _weeks(text: str) -> int | None:
    found = re.search(rf"\b({_NUMBER}) (weeks?|months?)\b", text)
    if not found:
        return None
    weeks = _number(found.group(1)) * (4 if found.group(2).startswith("month") else 1)
    return weeks if 1 <= weeks <= 104 else None


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)
