"""What a line of a page is, as its form shows it: a heading, a row of a table, the beginning of an item or of prose.

A PDF says where its letters stand and not what they are. A line passes for a heading only where little speaks against
it, for a false one would part what belongs together.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["heading", "row", "item", "prose"]

_MAX_HEADING_CHARACTERS = 90
_MAX_HEADING_WORDS = 12
_MAX_HEADINGS_IN_A_ROW = 3
"""More lines of a heading's form one after the other are a list, a table of contents or a slide."""
_SHORT = 0.75
"""Of a page's long lines: a line of prose is about as long as its neighbours, a heading is not."""

_ITEM = re.compile(r"[•◦▪‣·●○■□–—*-]\s+\S|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+\S")
_NUMBERED = re.compile(
    r"(\d{1,2}(\.\d{1,2}){0,4}\.?|[A-Z](\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|§+ ?\d+"
    r"|(chapter|section|part|appendix|annex|kapitel|teil|anhang|chapitre|cap[ií]tulo) [\dA-Z]{1,4}[.:]?)\s+[^\W\d_a-z]",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"#{1,6}\s+\S")
_CLOSED = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*\s*\Z")
_UNFIT = re.compile(r"[.,;:…。、，]\s*\Z|\.{3,}|(\. ){3,}|[^\W\d_]-\s*\Z|[{}=<>\\]|\s\d+\s*\Z")
"""What no heading ends in or has inside: a stop, leaders, a hyphen, code, a number of a page."""
_NUMERIC = re.compile(r"[+\-−±~<>≤≥$€£¥]?\d[\d.,:/×x–-]*[%°]?[a-zA-Zµ°/²³]{0,4}|[-–—✓✗×]|n/?a|NA", re.ASCII)


@dataclass(frozen=True)
class Line:
    """A line with something on it: `text` is `page[start:end]`; `after_blank` says whether it begins a paragraph."""

    start: int
    end: int
    text: str
    after_blank: bool


def lines_of(page: str) -> list[Line]:
    """Return the lines with something on them, without the white space around."""
    lines: list[Line] = []
    place, after_blank = 0, True
    for line in page.split("\n"):
        text = line.strip()
        if text:
            start = place + line.index(text)
            lines.append(Line(start, start + len(text), text, after_blank))
        after_blank = not text
        place += len(line) + 1
    return lines


def forms_of(lines: Sequence[Line]) -> list[Form]:
    """Return what each of a page's lines is."""
    lengths = sorted(len(line.text) for line in lines)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    forms: list[Form] = [
        "row" if _is_row(line.text) else "item" if _ITEM.match(line.text) else "prose" for line in lines
    ]
    _unmark_lone_rows(forms)
    fit = [_is_heading(lines, forms, number, usual) for number in range(len(lines))]
    number = 0
    while number < len(lines):
        stop = number
        while stop < len(lines) and fit[stop]:
            stop += 1
        if 0 < stop - number <= _MAX_HEADINGS_IN_A_ROW:
            forms[number:stop] = ["heading"] * (stop - number)
        number = stop + 1
    return forms


def heading_text(line: str) -> str:
    """Return a heading without the signs of Markdown."""
    return line.lstrip("#").strip() if _MARKDOWN.match(line) else line


def _is_row(text: str) -> bool:
    """Whether two cells or more are numbers, and at least two of five; or it is drawn as a row."""
    if text.count("|") > 1 or text.count("\t") > 1:
        return True
    words = text.split()
    numbers = sum(1 for word in words if _NUMERIC.fullmatch(word))
    return numbers > 1 and numbers * 5 >= len(words) * 2 and not _CLOSED.search(text)


def _unmark_lone_rows(forms: list[Form]) -> None:
    """Take a row without another beside it for prose: a sentence may have two numbers."""
    for number, form in enumerate(forms):
        if form == "row" and "row" not in (*forms[max(0, number - 1) : number], *forms[number + 1 : number + 2]):
            forms[number] = "prose"


def _is_heading(lines: Sequence[Line], forms: Sequence[Form], number: int, usual: int) -> bool:
    text = lines[number].text
    if _MARKDOWN.match(text):
        return True
    if len(text) > _MAX_HEADING_CHARACTERS or forms[number] == "row" or _UNFIT.search(text):
        return False
    if len(text.split()) > _MAX_HEADING_WORDS or not any(one.isalpha() for one in text):
        return False
    if not _begins_afresh(lines, forms, number):
        return False
    return bool(_NUMBERED.match(text)) or _stands_out(lines, forms, number, usual)


def _begins_afresh(lines: Sequence[Line], forms: Sequence[Form], number: int) -> bool:
    """Whether what is before is closed, so that the line is not the rest of a sentence."""
    if number == 0 or lines[number].after_blank:
        return True
    before = lines[number - 1].text
    return (
        bool(_CLOSED.search(before)) or forms[number - 1] == "row" or bool(_NUMBERED.match(before)) or before.isupper()
    )


def _stands_out(lines: Sequence[Line], forms: Sequence[Form], number: int, usual: int) -> bool:
    """Whether an unnumbered line is in capitals, or short, capitalised, and followed by what begins afresh."""
    text = lines[number].text
    if forms[number] != "prose" or text[0].islower() or number + 1 == len(lines) or forms[number + 1] == "row":
        return False
    if text.isupper() and len(text) > 3:
        return True
    after = lines[number + 1].text
    return len(text) < _SHORT * usual and not after[0].islower() and len(after) > len(text)
