"""What a line of a page is, as its form shows it: a heading, a row of a table, the beginning of an item or of prose.

A PDF says where its letters stand and not what they are. A line passes for a heading only where little speaks against
it, for a false one would part what belongs together.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

Form = Literal["heading", "row", "item", "prose"]

_MAX_HEADING_CHARACTERS = 90
_MAX_HEADING_WORDS = 12
_MAX_HEADINGS_IN_A_ROW = 3
"""More lines of a heading's form one after the other are a list, a table of contents or a slide."""
_SHORT = 0.75
"""Of a page's long lines: a line of prose is about as long as its neighbours, a heading is not."""
_MOST_LETTERS = 0.7
_MAX_UNCASED_CHARACTERS = 24
"""Of an unnumbered heading in a script without capitals, whose beginning says nothing."""

_ITEM = re.compile(r"[•◦▪‣·●○■□–—*-]\s+\S|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+\S")
_NUMBERED = re.compile(
    r"(\d{1,2}(\.\d{1,2}){0,4}\.?|[A-Z](\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|§+ ?\d+"
    r"|(?i:chapter|section|part|appendix|annex|kapitel|teil|anhang|chapitre|cap[ií]tulo) [\dA-Z]{1,4}[.:]?)"
    r"\s+[^\W\d_a-z]"
)
_PART = re.compile(
    r"(chapter|part|appendix|annex|unit|lesson|kapitel|teil|anhang|chapitre|cap[ií]tulo) \w{1,4}", re.IGNORECASE
)
_CLOSING = ".!?…:;。！？؟।"
_BRACKETS = "\"'”’»)]"
_LAST = ".,;:…。、，-"
"""What a heading does not end in."""
_UNFIT = re.compile(r"[{}=<>\\…]|\s\d+\Z")
"""What no heading has inside: code, the leaders and the page of a table of contents."""
_NUMERIC = re.compile(r"[+\-−±~<>≤≥$€£¥]?\d[\d.,:/×x–-]*[%°]?[a-zA-Zµ°/²³]{0,4}|[-–—✓✗×]|n/?a|NA", re.ASCII)

_DIGIT = re.compile(r"\d")


class Line(NamedTuple):
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


def _is_row(text: str) -> bool:
    """Whether two cells or more are numbers, and at least two of five; or it is drawn as a row."""
    if "|" in text and text.count("|") > 1:
        return True
    if not _DIGIT.search(text):
        return False
    words = text.split()
    numbers = sum(1 for word in words if _NUMERIC.fullmatch(word))
    return numbers > 1 and numbers * 5 >= len(words) * 2 and not _is_closed(text)


def _is_closed(text: str) -> bool:
    return text.rstrip(_BRACKETS)[-1:] in _CLOSING


def _unmark_lone_rows(forms: list[Form]) -> None:
    """Take a row without another beside it for prose: a sentence may have two numbers."""
    for number, form in enumerate(forms):
        if form == "row" and "row" not in (*forms[max(0, number - 1) : number], *forms[number + 1 : number + 2]):
            forms[number] = "prose"


def _is_heading(lines: Sequence[Line], forms: Sequence[Form], number: int, usual: int) -> bool:
    text = lines[number].text
    if _PART.fullmatch(text):
        return True
    if len(text) > _MAX_HEADING_CHARACTERS or forms[number] == "row" or text[-1] in _LAST or _UNFIT.search(text):
        return False
    numbered = _NUMBERED.match(text)
    if len(text.split()) > _MAX_HEADING_WORDS or not _has_words(text[numbered.end() - 1 :] if numbered else text):
        return False
    if not _begins_afresh(lines, forms, number):
        return False
    is_title = numbered is not None and ("." in numbered[0][:-3] or len(text) < _SHORT * usual)
    return is_title or _stands_out(lines, forms, number, usual)


def _has_words(text: str) -> bool:
    """Whether it is letters for the most part, and no formula."""
    letters = sum(map(str.isalpha, text))
    return letters > 1 and letters >= _MOST_LETTERS * len(text.replace(" ", ""))


def _begins_afresh(lines: Sequence[Line], forms: Sequence[Form], number: int) -> bool:
    """Whether what is before is closed, so that the line is not the rest of a sentence."""
    if number == 0 or lines[number].after_blank:
        return True
    before = lines[number - 1].text
    return _is_closed(before) or forms[number - 1] == "row" or bool(_NUMBERED.match(before)) or before.isupper()


def _stands_out(lines: Sequence[Line], forms: Sequence[Form], number: int, usual: int) -> bool:
    """Whether an unnumbered line is in capitals, or short, capitalised, and followed by what begins afresh."""
    text = lines[number].text
    if forms[number] != "prose" or text[0].islower() or number + 1 == len(lines) or forms[number + 1] == "row":
        return False
    if text.isupper() and len(text) > 3:
        return True
    if "," in text or len(text) >= (_SHORT * usual if text[0].isupper() else _MAX_UNCASED_CHARACTERS):
        return False
    after = lines[number + 1].text
    return not after[0].islower() and len(after) > len(text)
