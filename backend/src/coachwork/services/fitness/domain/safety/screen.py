"""Screens a message in two layers, once its spelling is plain: the rules, then the trained classifier."""

import re
import unicodedata

from coachwork.services.fitness.domain.safety.answers import SAFE_ANSWERS, Concern, SafeAnswer
from coachwork.services.fitness.domain.safety.classifier import Classifier, trained
from coachwork.services.fitness.domain.safety.rules import RULES

_CONTRACTIONS = (
    (re.compile(r"\bwanna\b"), "want to"),
    (re.compile(r"\bgonna\b"), "going to"),
    (re.compile(r"\bbreath\b(?= *(?:$|[.!?,]))"), "breathe"),
    (re.compile(r"\bcan'?t\b|\bcannot\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\b(do|did|does|could|would|should|have|has|had|is|was|are|were)n'?t\b"), r"\1 not"),
    (re.compile(r"\bi'?m\b"), "i am"),
    (re.compile(r"\b(i|we|they|you)'ve\b|\b(i)ve\b"), r"\1\2 have"),
    (re.compile(r"\b(it|that|he|she|there|what)'s\b"), r"\1 is"),
)


def screen(message: str) -> SafeAnswer | None:
    """Return what to say instead of coaching, for the most urgent concern the message shows, or None."""
    concern = concern_of(plain(message), trained())
    return SAFE_ANSWERS[concern] if concern else None


def concern_of(text: str, classifier: Classifier) -> Concern | None:
    """Return the most urgent concern that a rule or the classifier sees in a plain text."""
    shown = {rule.concern for rule in RULES if rule.matches(text)} | {classifier.concern_of(text)}
    return next((concern for concern in Concern if concern in shown), None)


def plain(message: str) -> str:
    """Return the message in lower case, with one kind of apostrophe and blank, and no contractions."""
    text = unicodedata.normalize("NFKC", message).replace("’", "'").casefold()
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return re.sub(r"\s+", " ", text)
