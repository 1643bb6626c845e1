"""One page as PDFium sees it, read upright and column by column."""

from __future__ import annotations

from ctypes import byref, c_double, c_ushort
from math import pi

from coachwork.chassis.pdf_parser.columns import may_be_columns, reading_boxes, sample
from coachwork.chassis.pdf_parser.pdfium import Matrix, Rectangle

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is imported here takes as long as the rest of this process's start
    from collections.abc import Callable
    from ctypes import CDLL, Array

    from coachwork.chassis.pdf_parser.columns import Box

_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1))
"""Cosine and sine of no quarter turn, one, two and three."""
_SAMPLES = 5
_ROOM = 64
"""For the line ends that the reader adds, beyond one for each character."""
_MAX_RECTANGLES = 5_000
"""Of a page: one with more is a drawing, and is read as it was written."""


class TooMuchText(Exception):
    """The page has more characters than a page may have."""


def text_of(pdfium: CDLL, document: int, index: int, max_characters: int) -> str | None:
    """Return the text of the page at `index`, counted from 0; None if there is no such page, whatever the file says.

    Raises:
        TooMuchText: it has more than `max_characters`.
    """
    with _Loaded(pdfium, document, index) as loaded:
        page, text = loaded.page, loaded.text
        if not text:
            return None
        count = pdfium.FPDFText_CountChars(text)
        if count > max_characters:
            raise TooMuchText
        if count <= 0:
            return ""
        box, turns = _box(pdfium, page), _quarter_turns(pdfium, text, count)
        if not turns and not pdfium.FPDFPage_GetRotation(page):
            return _read(pdfium, text, box)
        _set_upright(pdfium, page, turns)
    with _Loaded(pdfium, document, index) as loaded:
        return _read(pdfium, loaded.text, _turned(box, turns)) if loaded.text else ""


class _Loaded:
    """A page and its text while they are loaded, None each where it cannot be had."""

    def __init__(self, pdfium: CDLL, document: int, index: int) -> None:
        self._pdfium = pdfium
        self.page = pdfium.FPDF_LoadPage(document, index)
        self.text = pdfium.FPDFText_LoadPage(self.page) if self.page else None

    def __enter__(self) -> _Loaded:
        return self

    def __exit__(self, *_: object) -> None:
        if self.text:
            self._pdfium.FPDFText_ClosePage(self.text)
        if self.page:
            self._pdfium.FPDF_ClosePage(self.page)


def _box(pdfium: CDLL, page: int) -> Box:
    box = Rectangle()
    pdfium.FPDF_GetPageBoundingBox(page, byref(box))
    return box.left, box.bottom, box.right, box.top


def _quarter_turns(pdfium: CDLL, text: int, count: int) -> int:
    """Return how most of the text is turned, clockwise, wherever the page's own rotation then takes it."""
    angles = [pdfium.FPDFText_GetCharAngle(text, place) for place in range(0, count, max(1, count // _SAMPLES))]
    if not any(angles):
        return 0
    turns: list[int] = [round(angle / (pi / 2)) % 4 for angle in angles]
    return max(turns, key=turns.count)


def _set_upright(pdfium: CDLL, page: int, turns: int) -> None:
    """Turn what is on the page until its text is upright.

    PDFium reads a page in the order it is shown, and shown sideways it takes the last line for the first.
    """
    if turns:
        cosine, sine = _TURNS[turns]
        pdfium.FPDFPage_TransFormWithClip(page, byref(Matrix(cosine, sine, -sine, cosine, 0, 0)), None)
    pdfium.FPDFPage_SetRotation(page, 0)


def _turned(box: Box, turns: int) -> Box:
    cosine, sine = _TURNS[turns]
    left, bottom, right, top = box
    across = sorted((left * cosine - bottom * sine, right * cosine - top * sine))
    up = sorted((left * sine + bottom * cosine, right * sine + top * cosine))
    return across[0], up[0], across[1], up[1]


def _read(pdfium: CDLL, text: int, page: Box) -> str:
    count = pdfium.FPDFText_CountRects(text, 0, -1)
    rectangle = _rectangle(pdfium, text)
    stretches = sample(rectangle, count)
    if count <= _MAX_RECTANGLES and may_be_columns(stretches):
        boxes = reading_boxes([rectangle(number) for number in range(count)])
        if boxes:
            return "\n".join(_text_within(pdfium, text, _common(box, page)) for box in boxes)
    if any(_is_beside(box, page) for stretch in stretches for box in stretch):
        return _text_within(pdfium, text, page)
    return _whole_text(pdfium, text)


def _common(box: Box, page: Box) -> Box:
    return max(box[0], page[0]), max(box[1], page[1]), min(box[2], page[2]), min(box[3], page[3])


def _is_beside(box: Box, page: Box) -> bool:
    """Whether nobody sees the box: it lies beside the page."""
    return box[2] < page[0] or box[3] < page[1] or box[0] > page[2] or box[1] > page[3]


def _whole_text(pdfium: CDLL, text: int) -> str:
    """Return all the text; unlike what is asked for by place it never joins the words of two pieces."""
    characters = pdfium.FPDFText_CountChars(text)
    units = (c_ushort * (characters + _ROOM))()
    count = pdfium.FPDFText_GetText(text, 0, characters, units)
    return _decoded(units, count)


def _rectangle(pdfium: CDLL, text: int) -> Callable[[int], Box]:
    """Return what gives the rectangle of a number; the places it is written to are made once."""
    left, top, right, bottom = c_double(), c_double(), c_double(), c_double()
    places = byref(left), byref(top), byref(right), byref(bottom)

    def rectangle(number: int) -> Box:
        pdfium.FPDFText_GetRect(text, number, *places)
        return left.value, bottom.value, right.value, top.value

    return rectangle


def _text_within(pdfium: CDLL, text: int, box: Box) -> str:
    left, bottom, right, top = box
    room = 2 * pdfium.FPDFText_CountChars(text) + _ROOM
    units = (c_ushort * room)()
    count = pdfium.FPDFText_GetBoundedText(text, left, top, right, bottom, units, room)
    return _decoded(units, count)


def _decoded(units: Array[c_ushort], count: int) -> str:
    return memoryview(units).cast("B")[: 2 * count].tobytes().decode("utf-16-le", errors="ignore").rstrip("\0")
