"""When a conversation is summarised, and the extract that stands in for a summary where no model can write one."""

from collections.abc import Sequence

KEPT_TURNS = 4
"""How many turns, the newest, are never summarised: the coach reads them word for word."""
DUE_TURNS = 6
"""With so many that are not summarised, those before the newest are: not each turn costs a call of the model."""
MOST_VERBATIM = 8
"""How many turns the coach reads word for word at most, however far the summary lags behind."""
MOST_FOLDED = 12
"""How many turns one call summarises at most; what is left waits for the next."""
MOST_CHARACTERS = 2_000

_HEAD = "(An extract by the offline stand-in, which quotes and does not reason.)"
_MOST_QUOTED = 110


def is_due(turns: int, summarised: int) -> bool:
    """Whether a conversation of so many turns is to be summarised further."""
    return turns - summarised >= DUE_TURNS


def foldable(turns: int, summarised: int) -> int:
    """Return how many of the turns that are not summarised, the oldest, are to be by one call."""
    return min(MOST_FOLDED, max(0, turns - summarised - KEPT_TURNS))


def extract(before: str, turns: Sequence[tuple[str, str]]) -> str:
    """Return an extract of what was asked and answered, after the one before it; the oldest lines make room."""
    lines = before.removeprefix(_HEAD).splitlines()
    lines += [f"- Asked: {_quoted(question)} Told: {_quoted(answer)}" for question, answer in turns]
    lines = [line for line in lines if line]
    while len("\n".join([_HEAD, *lines])) > MOST_CHARACTERS:
        del lines[0]
    return "\n".join([_HEAD, *lines])


def fitting(text: str) -> str:
    """Return a summary that is no longer than it may be, cut at a word."""
    return cut(text.strip(), MOST_CHARACTERS)


def cut(text: str, most: int) -> str:
    """Return the text, cut at a word with an ellipsis when it is longer."""
    return text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"


def _quoted(text: str) -> str:
    return f"“{cut(' '.join(text.split()), _MOST_QUOTED)}”"
