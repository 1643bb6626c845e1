"""The documents: plain sources, page by page, made into PDFs with ReportLab; `corpus/README.md` tells their form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A5, landscape, portrait
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

CORPUS = Path(__file__).parent / "corpus"
_PAGE_END = "\n===\n"
_MARGIN = 36
_GAP = 18
_STYLES = getSampleStyleSheet()
_CELL = ParagraphStyle("Cell", _STYLES["BodyText"], fontSize=8, leading=10)
"""Small enough that no word of a table is broken."""


@dataclass(frozen=True)
class Manuscript:
    """A document before it is a PDF: `stem` is what datasets call it, `pages` are the sources of its pages."""

    stem: str
    name: str
    columns: int
    pages: Sequence[str]

    def pdf(self) -> bytes:
        """Return it as a PDF with these very pages.

        Raises:
            ValueError: a page's text does not fit on one.
        """
        written = BytesIO()
        template = BaseDocTemplate(written, pagesize=_size(self.columns), title=self.name, invariant=1)
        template.addPageTemplates(PageTemplate(frames=list(_frames(self.columns))))
        width = next(_frames(self.columns)).width - 12
        story: list[Flowable] = []
        for page in self.pages:
            story += [*_story(page, self.columns, width), PageBreak()]
        template.build(story[:-1])
        if template.page != len(self.pages):
            raise ValueError(f"{self.stem} has {template.page} pages, not {len(self.pages)}: a page is too full")
        return written.getvalue()


def manuscripts(folder: Path = CORPUS) -> list[Manuscript]:
    """Return every document, by the names of their files."""
    return [_read(path) for path in sorted(folder.glob("*.txt"))]


def _read(path: Path) -> Manuscript:
    head, *pages = path.read_text(encoding="utf-8").rstrip("\n").split(_PAGE_END)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Manuscript(path.stem, fields["name"], int(fields["columns"]), pages)


def _size(columns: int) -> tuple[float, float]:
    return portrait(A5) if columns == 1 else landscape(A5)


def _frames(columns: int) -> Iterator[Frame]:
    width, height = _size(columns)
    each = (width - 2 * _MARGIN - (columns - 1) * _GAP) / columns
    for column in range(columns):
        yield Frame(_MARGIN + column * (each + _GAP), _MARGIN, each, height - 2 * _MARGIN)


def _story(page: str, columns: int, width: float) -> Iterator[Flowable]:
    """Yield a page's parts; of two columns each gets about half, and begins with a heading."""
    sections = [f"# {section}" for section in page.removeprefix("# ").split("\n# ")]
    halves = [sum(map(len, sections[:count])) / len(page) for count in range(1, len(sections))]
    first = 1 + min(range(len(halves)), key=lambda place: abs(halves[place] - 0.5)) if columns == 2 and halves else 0
    yield from _flowables("\n".join(sections[:first]), width)
    if first:
        yield FrameBreak()
    yield from _flowables("\n".join(sections[first:]), width)


def _flowables(page: str, width: float) -> Iterator[Flowable]:
    for is_row, lines in groupby(page.splitlines(), key=lambda line: line.startswith("|")):
        if is_row:
            yield _table([[cell.strip() for cell in line.strip("| ").split("|")] for line in lines], width)
        else:
            yield from (_paragraph(line) for line in lines if line)


def _paragraph(line: str) -> Paragraph:
    heading = line.removeprefix("# ")
    style = _STYLES["Heading2"] if heading != line else _STYLES["BodyText"]
    return Paragraph(escape(heading), style)


def _table(rows: list[list[str]], width: float) -> Table:
    cells = [[Paragraph(escape(cell), _CELL) for cell in row] for row in rows]
    style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")])
    return Table(cells, colWidths=[width / len(rows[0])] * len(rows[0]), style=style)
