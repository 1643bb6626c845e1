"""Pages cut into chunks: each a stretch of one page that a citation can name, whole sentences where they fit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import category

from coachwork.services.knowledge.domain.forms import Form, Line, forms_of, lines_of
from coachwork.services.knowledge.domain.sentences import sentence_spans

if TYPE_CHECKING:
    from coachwork.chassis.pdf import PageText

_MAX_OVERLAP = 3
"""A chunk repeats at most one part in so many of what it may hold."""
_MAX_CLUSTER = 16


@dataclass(frozen=True)
class Chunk:
    """A stretch of a page: `text` is `page_text[start:end]`.

    Args:
        number: 0 for the document's first.
        page: 1 for the document's first.
        heading: what it stands under, or empty; it may be of a page before.
    """

    number: int
    page: int
    start: int
    end: int
    heading: str
    text: str


def chunks_of(pages: Iterable["PageText"], *, characters: int = 1200, overlap_sentences: int = 1) -> Iterator[Chunk]:
    """Yield the chunks in order as the pages come: all that is no white space is in one, and none spans a heading.

    Args:
        characters: the most a chunk has, at least 1.
        overlap_sentences: how many sentences a chunk repeats of the one before, if they are short and under one
            heading; 0 or more.
    """
    number, heading = 0, ""
    for page in pages:
        for section in _sections(page.text, characters):
            heading = section.heading or heading
            for first, last in _packed(section.units, characters, overlap_sentences):
                start, end = section.units[first].start, section.units[last].end
                yield Chunk(number, page.number, start, end, heading, page.text[start:end])
                number += 1


class _Unit(NamedTuple):
    """What is kept whole: a heading, a sentence, a row; `closes` is where the table that begins here ends."""

    start: int
    end: int
    kind: Literal["heading", "sentence", "row", "piece"]
    closes: int | None = None


@dataclass(frozen=True)
class _Section:
    """A heading, if there is one, and what stands under it on the page."""

    heading: str
    units: Sequence[_Unit]


def _sections(page: str, characters: int) -> Iterator[_Section]:
    lines = lines_of(page)
    forms = forms_of(lines)
    starts = [0, *(n for n in range(1, len(lines)) if forms[n] == "heading" and forms[n - 1] != "heading")]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        if start < stop:
            within, kinds = lines[start:stop], forms[start:stop]
            headings = [one.text for one, form in zip(within, kinds, strict=True) if form == "heading"]
            units = list(_units(page, within, kinds))
            if any(unit.end - unit.start > characters for unit in units):
                units = [piece for unit in units for piece in _fitting(page, unit, characters)]
            yield _Section(": ".join(headings), units)


def _units(page: str, lines: Sequence[Line], forms: Sequence[Form]) -> Iterator[_Unit]:
    """Yield headings and rows line by line, and what is between sentence by sentence."""
    number = 0
    while number < len(lines):
        form, stop = forms[number], number + 1
        while stop < len(lines) and _goes_on(lines[stop], form, forms[stop]):
            stop += 1
        block = lines[number:stop]
        if form == "row":
            yield _Unit(block[0].start, block[0].end, "row", closes=block[-1].end)
            yield from (_Unit(line.start, line.end, "row") for line in block[1:])
        elif form == "heading":
            yield _Unit(block[0].start, block[0].end, "heading")
        else:
            spans = sentence_spans(page, block[0].start, block[-1].end)
            yield from (_Unit(start, end, "sentence") for start, end in spans)
        number = stop


def _goes_on(line: Line, form: Form, following: Form) -> bool:
    """Whether a line belongs to the block before it: rows to rows, prose to prose and to the item it continues."""
    if form == "row":
        return following == "row"
    return form != "heading" and following == "prose" and not line.after_blank


def _fitting(page: str, unit: _Unit, characters: int) -> Iterator[_Unit]:
    """Yield the unit, in pieces if it is too long: cut at a line's end, else between words, else where it must be."""
    if unit.end - unit.start <= characters:
        yield unit
        return
    start = unit.start
    while unit.end - start > characters:
        cut = _cut(page, start, start + characters)
        end = start + len(page[start:cut].rstrip())
        yield _Unit(start, end, "piece")
        start = cut
        while page[start].isspace():  # at the latest the unit's last character is none
            start += 1
    yield _Unit(start, unit.end, "piece")


def _cut(page: str, start: int, limit: int) -> int:
    half = start + (limit - start) // 2
    newline = page.rfind("\n", half, limit + 1)
    if newline > start:
        return newline
    for place in range(limit, half, -1):
        if page[place].isspace():
            return place
    for place in range(limit, max(start, limit - _MAX_CLUSTER), -1):
        if not category(page[place]).startswith("M") and "\u200d" not in page[place - 1 : place + 1]:
            return place
    return limit


def _packed(units: Sequence[_Unit], characters: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last unit of each chunk, chunks of a section about equally long."""
    length = units[-1].end - units[0].start
    wanted = -(-length // -(-length // characters))
    first = 0
    while first < len(units):
        begin = _with_overlap(units, first, characters, overlap)
        last = first
        while last + 1 < len(units) and _joins(units, begin, last, wanted, characters):
            last += 1
        yield begin, last
        first = last + 1


def _joins(units: Sequence[_Unit], begin: int, last: int, wanted: int, characters: int) -> bool:
    """Whether a chunk takes the next unit: a table whole if it can be, all there is left if it fits, else enough."""
    start, unit = units[begin].start, units[last + 1]
    if unit.end - start > characters:
        return False
    if units[last].kind == "heading" or units[-1].end - start <= characters:
        return True
    if unit.closes is not None:
        return unit.closes - start <= characters or unit.closes - unit.start > characters
    return unit.kind == "row" or units[last].end - start < wanted


def _with_overlap(units: Sequence[_Unit], first: int, characters: int, overlap: int) -> int:
    begin = first
    while begin > max(0, first - overlap) and units[begin - 1].kind == "sentence":
        if units[first].end - units[begin - 1].start > characters:
            break
        if units[first].start - units[begin - 1].start > characters // _MAX_OVERLAP:
            break
        begin -= 1
    return begin
