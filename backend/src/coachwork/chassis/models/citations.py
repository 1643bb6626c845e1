"""One convention for citations, whoever answers: `[n]` in the text names `citations[n - 1]`, numbered by first use."""

import re
from collections.abc import Collection, Sequence

_BRACKETS = re.compile(r"(?<![ \t])[ \t]*\[([^\[\]\n]{1,200})\]")
_SEPARATORS = re.compile(r"[,;\s]+")


def normalised(text: str, citations: Sequence[str], known: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Return the text and the citations it really makes.

    Markers that name nothing, or no id out of `known`, are dropped from the text; ids no marker names, from the
    citations. A marker may also give an id itself, or several at once: `[1, 3]` becomes `[1][2]`. Nothing is invented.
    """
    used: list[str] = []

    def renumbered(match: re.Match[str]) -> str:
        parts = _SEPARATORS.split(match[1].strip())
        if not all(_is_marker(part, known) for part in parts):
            return match[0]
        ids = [_named(part, citations, known) for part in parts]
        numbers = dict.fromkeys(_number(identifier, used) for identifier in ids if identifier)
        blanks = match[0][: match[0].index("[")]
        return blanks + "".join(f"[{number}]" for number in numbers) if numbers else ""

    rewritten = _BRACKETS.sub(renumbered, text)
    return rewritten.strip(), tuple(used)


def _is_marker(part: str, known: Collection[str]) -> bool:
    return part in known or (part.isascii() and part.isdigit())


def _named(part: str, citations: Sequence[str], known: Collection[str]) -> str | None:
    if part in known:
        return part
    position = int(part[:9]) - 1
    identifier = citations[position] if 0 <= position < len(citations) else None
    return identifier if identifier in known else None


def _number(identifier: str, used: list[str]) -> int:
    if identifier not in used:
        used.append(identifier)
    return used.index(identifier) + 1
