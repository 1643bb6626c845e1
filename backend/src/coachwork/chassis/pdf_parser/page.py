"""One page as PDFium sees it, read upright and column by column."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_double, c_ushort
from math import pi
from typing import Any

import pypdfium2_raw as pdfium

from coachwork.chassis.pdf_parser.columns import Box, reading_boxes

_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Cosine and sine of no quarter turn, one, two and three."""
_SAMPLES = 16
_MAX_RECTANGLES = 5_000
"""Of a page: one with more is a drawing, and is read as it was written."""


class TooMuchText(Exception):
    """The page has more characters than a page may have."""


def text_of(document: Any, index: int, max_characters: int) -> str:
    """Return the text of the page at `index`, counted from 0; empty if the page is damaged.

    Raises:
        TooMuchText: it has more than `max_characters`.
    """
    with _loaded(document, index) as (page, text):
        count = pdfium.FPDFText_CountChars(text) if text else 0
        if count > max_characters:
            raise TooMuchText
        if count <= 0:
            return ""
        box, turns = _box(page), _quarter_turns(text, count)
        if not turns and not pdfium.FPDFPage_GetRotation(page):
            return _read(text, box)
        _set_upright(page, turns)
    with _loaded(document, index) as (_, text):
        return _read(text, _turned(box, turns)) if text else ""


@contextmanager
def _loaded(document: Any, index: int) -> Iterator[tuple[Any, Any]]:
    """Yield a page and its text, None each where it cannot be had."""
    page = pdfium.FPDF_LoadPage(document, index)
    text = pdfium.FPDFText_LoadPage(page) if page else None
    try:
        yield page, text
    finally:
        if text:
            pdfium.FPDFText_ClosePage(text)
        if page:
            pdfium.FPDF_ClosePage(page)


def _box(page: Any) -> Box:
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, box.bottom, box.right, box.top


def _quarter_turns(text: Any, count: int) -> int:
    """Return how most of the text is turned, clockwise, wherever the page's own rotation then takes it."""
    places = range(0, count, max(1, count // _SAMPLES))
    turns: Counter[int] = Counter(round(pdfium.FPDFText_GetCharAngle(text, place) / (pi / 2)) % 4 for place in places)
    return max(turns, key=lambda one: turns[one])


def _set_upright(page: Any, turns: int) -> None:
    """Turn what is on the page until its text is upright.

    PDFium reads a page in the order it is shown, and shown sideways it takes the last line for the first.
    """
    if turns:
        cosine, sine = _TURNS[turns]
        pdfium.FPDFPage_TransFormWithClip(page, byref(pdfium.FS_MATRIX(cosine, sine, -sine, cosine, 0, 0)), None)
    pdfium.FPDFPage_SetRotation(page, 0)


def _turned(box: Box, turns: int) -> Box:
    cosine, sine = _TURNS[turns]
    left, bottom, right, top = box
    across = sorted((left * cosine - bottom * sine, right * cosine - top * sine))
    up = sorted((left * sine + bottom * cosine, right * sine + top * cosine))
    return across[0], up[0], across[1], up[1]


def _read(text: Any, page: Box) -> str:
    boxes = reading_boxes(_rectangles(text))
    if not boxes:
        return _text_within(text, page)
    return "\n".join(_text_within(text, _common(box, page)) for box in boxes)


def _common(box: Box, page: Box) -> Box:
    return max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3])


def _rectangles(text: Any) -> list[Box]:
    count = pdfium.FPDFText_CountRects(text, 0, -1)
    if count > _MAX_RECTANGLES:
        return []
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    places = byref(left), byref(top), byref(right), byref(bottom)
    found = []
    for number in range(count):
        if pdfium.FPDFText_GetRect(text, number, *places):
            found.append((left.value, bottom.value, right.value, top.value))
    return found


def _text_within(text: Any, box: Box) -> str:
    left, bottom, right, top = box
    count = pdfium.FPDFText_GetBoundedText(text, left, top, right, bottom, None, 0)
    if count <= 0:
        return ""
    units = (c_ushort * count)()
    pdfium.FPDFText_GetBoundedText(text, left, top, right, bottom, units, count)
    return bytes(units).decode("utf-16-le", errors="ignore")
