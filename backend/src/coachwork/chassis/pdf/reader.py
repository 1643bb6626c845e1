"""Pages of text out of a PDF, under limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from os import fstat
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from coachwork.chassis.pdf.child import Child, started
from coachwork.chassis.pdf.errors import REASONS, Reason, UnreadablePdf
from coachwork.chassis.pdf.text import plain
from coachwork.chassis.pdf_parser import frames

_MAGIC = b"%PDF-"
_MAGIC_WITHIN_BYTES = 1024


@dataclass(frozen=True)
class PageText:
    """The text of a page; `number` is 1 for the first. Lines end in a newline; a page of pictures has none."""

    number: int
    text: str


@dataclass(frozen=True)
class PdfLimits:
    """What a file may cost; `memory_bytes` is what its parser may take beyond what it takes for nothing."""

    pages: int = 2_000
    size_bytes: int = 50_000_000
    characters: int = 20_000_000
    page_characters: int = 500_000
    seconds: float = 120.0
    memory_bytes: int = 256 * 1024 * 1024


DEFAULT_LIMITS = PdfLimits()


def is_pdf(content: bytes) -> bool:
    """Whether bytes begin as a PDF does, a little junk before it allowed, as readers have always allowed it."""
    return _MAGIC in content[:_MAGIC_WITHIN_BYTES]


@dataclass(frozen=True)
class Pdf:
    """A PDF that is being read: `pages` yields each page from the first that is wanted, as it is read."""

    page_count: int
    pages: Iterator[PageText]


@contextmanager
def opened_pdf(content: bytes | Path, limits: PdfLimits = DEFAULT_LIMITS, *, first_page: int = 1) -> Iterator[Pdf]:
    """Yield a PDF whose pages are read from `first_page` on; the parser's process ends with this.

    Raises:
        UnreadablePdf: here or by `pages`: before the first page, between two, or after the last one if none had text.
            Of a file that is gone on with (`first_page` above 1) the caller knows whether the pages before had any.
    """
    with _opened(content, limits) as file, _parser(file, limits, first_page=first_page) as parser:
        found = _checked(parser, limits)
        kind, count = next(found, (frames.END, b""))
        if kind != frames.COUNT or not count.isdigit():
            raise UnreadablePdf("broken")
        yield Pdf(int(count), _pages(found, limits, first_page))


def read_pages(content: bytes | Path, limits: PdfLimits = DEFAULT_LIMITS, *, first_page: int = 1) -> Iterator[PageText]:
    """Yield each page from `first_page` on, as it is read; the parser's process ends with the iterator.

    Raises:
        UnreadablePdf: as `opened_pdf`.
    """
    with opened_pdf(content, limits, first_page=first_page) as pdf:
        yield from pdf.pages


def _pages(found: Iterator[tuple[bytes, bytes]], limits: PdfLimits, first_page: int) -> Iterator[PageText]:
    left, has_text, number = limits.characters, first_page > 1, first_page - 1
    for kind, payload in found:
        if kind != frames.PAGE:
            continue
        number, text = number + 1, plain(payload.decode(errors="ignore"))
        left -= len(text)
        if left < 0:
            raise UnreadablePdf("too-large", f"The PDF has more than {limits.characters} characters: split it")
        has_text = has_text or bool(text)
        yield PageText(number, text)
    if not has_text:
        raise UnreadablePdf("no-text")


@contextmanager
def _opened(content: bytes | Path, limits: PdfLimits) -> Iterator[IO[bytes]]:
    """Yield the file, unnamed if it was none: nothing is left of it even if this process is killed."""
    with content.open("rb") if isinstance(content, Path) else TemporaryFile() as file:
        if isinstance(content, bytes):
            file.write(content)
            file.seek(0)
        size = fstat(file.fileno()).st_size
        if size > limits.size_bytes:
            raise UnreadablePdf("too-large", f"The PDF has {size} bytes, and may have {limits.size_bytes}: split it")
        if not is_pdf(file.read(_MAGIC_WITHIN_BYTES)):
            raise UnreadablePdf("not-a-pdf")
        yield file


@contextmanager
def _parser(file: IO[bytes], limits: PdfLimits, *, first_page: int) -> Iterator[Child]:
    asked = {
        "first_page": first_page,
        "pages": limits.pages,
        "page_characters": limits.page_characters,
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": ceil(limits.seconds),
    }
    with started(file, asked, limits.seconds, 4 * limits.page_characters) as child:
        yield child


def _checked(parser: Child, limits: PdfLimits) -> Iterator[tuple[bytes, bytes]]:
    """Yield the frames that are good news; raises `UnreadablePdf` for the other."""
    for kind, payload in parser.frames():
        if kind == frames.FAILED:
            raise _failure(payload.decode(errors="replace"), limits)
        yield kind, payload


def _failure(said: str, limits: PdfLimits) -> UnreadablePdf:
    reason, _, number = said.partition(" ")
    if reason not in REASONS:
        return UnreadablePdf("broken")
    details = {
        "too-many-pages": f"The PDF has {number} pages, and may have {limits.pages}: split it",
        "too-large": f"Page {number} of the PDF has more than {limits.page_characters} characters",
    }
    return UnreadablePdf(cast(Reason, reason), details.get(reason))
