"""Reads the PDF that is standard input and writes its pages to standard output, under limits set before it looks."""

from __future__ import annotations

import sys
from ctypes import c_char
from mmap import ACCESS_COPY, mmap

from coachwork.chassis.pdf_parser import frames
from coachwork.chassis.pdf_parser.page import TooMuchText, text_of
from coachwork.chassis.pdf_parser.pdfium import loaded

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is imported here takes as long as the rest of this process's start
    from collections.abc import Mapping, Sequence
    from ctypes import CDLL

_NEEDS_A_PASSWORD = frozenset({4, 5})
"""PDFium's errors for a wrong password, and for an encryption it does not know."""


def main(arguments: Sequence[str]) -> None:
    """Write frames: the number of pages, the text of each from `first_page` on, and how it ended.

    Args:
        arguments: where PDFium's library is, then limits and wishes, each a name, an equals sign and a whole number.
    """
    library, *asks = arguments
    asked = {name: int(value) for name, _, value in (ask.partition("=") for ask in asks)}
    pdfium = loaded(library)
    _limit(asked["memory_bytes"], asked["cpu_seconds"])
    pdfium.FPDF_InitLibrary()
    _write(frames.READY)
    try:
        failure = _read(pdfium, asked)
    except MemoryError:
        failure = "too-much-memory"
    if failure:
        _write(frames.FAILED, failure.encode())
    else:
        _write(frames.END)


def _limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Allow so much more memory than the process has by now, so much of the processor, and no file to be written."""
    import resource

    limits = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CPU: cpu_seconds}
    try:
        with open("/proc/self/statm", encoding="ascii") as status:  # noqa: PTH123  pathlib takes longer than a PDF
            limits[resource.RLIMIT_AS] = int(status.read().split()[0]) * resource.getpagesize() + memory_bytes
    except FileNotFoundError:
        pass  # macOS has neither this nor a limit of memory that holds
    for name, wanted in limits.items():
        hard = resource.getrlimit(name)[1]
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(name, (allowed, hard))


def _read(pdfium: CDLL, asked: Mapping[str, int]) -> str | None:
    """Write the pages; return the reason if they cannot be had."""
    with mmap(0, 0, access=ACCESS_COPY) as content:
        # the reader keeps the address: `content` outlasts the document, which ends with the process
        document = pdfium.FPDF_LoadMemDocument64((c_char * len(content)).from_buffer(content), len(content), None)
        if not document:
            return "encrypted" if pdfium.FPDF_GetLastError() in _NEEDS_A_PASSWORD else "broken"
        return _pages(pdfium, document, asked)


def _pages(pdfium: CDLL, document: int, asked: Mapping[str, int]) -> str | None:
    count = pdfium.FPDF_GetPageCount(document)
    _write(frames.COUNT, str(count).encode())
    if not count:
        return "broken"
    if count > asked["pages"]:
        return f"too-many-pages {count}"
    indices = range(asked["first_page"] - 1, count)
    is_whole = not indices
    for index in indices:
        try:
            text = text_of(pdfium, document, index, asked["page_characters"])
        except TooMuchText:
            return f"too-large {index + 1}"
        is_whole = is_whole or text is not None
        _write(frames.PAGE, (text or "").encode())
    return None if is_whole else "broken"


def _write(kind: bytes, payload: bytes = b"") -> None:
    sys.stdout.buffer.write(frames.framed(kind, payload))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
