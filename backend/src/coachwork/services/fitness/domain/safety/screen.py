"""Matches a message against the rules, once its spelling is plain."""

import re
import unicodedata

from coachwork.services.fitness.domain.safety.answers import SAFE_ANSWERS, Concern, SafeAnswer
from coachwork.services.fitness.domain.safety.rules import RULES

_CONTRACTIONS = (
    (re.compile(r"\bcan'?t\b|\bcannot\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\b(do|did|does|could|would|should|have|has|had|is|was|are|were)n'?t\b"), r"\1 not"),
    (re.compile(r"\bi'?m\b"), "i am"),
    (re.compile(r"\b(i|we|they|you)'ve\b|\b(i)ve\b"), r"\1\2 have"),
    (re.compile(r"\b(it|that|he|she|there|what)'s\b"), r"\1 is"),
)


def screen(message: str) -> SafeAnswer | None:
    """Return what to say instead of coaching, for the most urgent concern the message shows, or None."""
    text = _plain(message)
    shown = {rule.concern for rule in RULES if rule.matches(text)}
    return next((SAFE_ANSWERS[concern] for concern in Concern if concern in shown), None)


def _plain(message: str) -> str:
    """Return the message in lower case, with one kind of apostrophe and blank, and no contractions."""
    text = unicodedata.normalize("NFKC", message).replace("’", "'").casefold()
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text)
