"""What the coach may remember: short sentences that the user said, and nothing a document or a model made up."""

import re
from collections.abc import Mapping
from typing import Any

MOST_MEMORIES = 100
MOST_CHARACTERS = 300
MOST_IN_A_PROMPT = 30

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_ASKED = re.compile(r"^\s*(?:please )?(?:remember|note|keep in mind)(?: that|:)\s+(.+)", re.I)
_STATED = re.compile(
    r"^\s*(?:i (?:only |usually |always |mostly )?(?:train|work out|lift|exercise)\b"
    r".*\b(?:at|in|with|on|before|after)\b"
    r"|i (?:only |just )?(?:have|own) (?:only |just )?(?:a|an|one|two|no)\b"
    r"|i(?: am|'m) (?:a )?(?:vegan|vegetarian|lactose|allergic|left-handed)"
    r"|i (?:don't|do not|can't|cannot) (?:eat|like|have|use)\b"
    r"|i prefer\b)",
    re.I,
)
_SHARE_OF_OWN_WORDS = 0.7


def tidy(text: str) -> str:
    """Return the text on one line; it may come out empty."""
    return " ".join(text.split())


def is_said_in(text: str, message: str) -> bool:
    """Whether the message says the text, give or take its grammar: most of its words are the message's own.

    A model that was talked into remembering something else, by whatever it read, does not get past this.
    """
    said = set(_WORD.findall(message.casefold()))
    words = [word for word in _WORD.findall(text.casefold()) if len(word) > 3 or word.isdigit()]
    return bool(words) and sum(word in said for word in words) >= _SHARE_OF_OWN_WORDS * len(words)


def memory_wanted(words: str) -> Mapping[str, Any] | None:
    """Return `remember`'s arguments, read from plain words, or None when nothing about the user is stated."""
    for sentence in _SENTENCE.findall(words):
        if sentence.endswith("?"):
            continue
        asked = _ASKED.match(sentence)
        if asked or _STATED.match(sentence):
            return {"text": tidy(asked[1] if asked else sentence)[:MOST_CHARACTERS]}
    return None


def memory_fact(text: str) -> str:
    """Return how the coach is told of a memory."""
    return f'You once said: "{text}"'
