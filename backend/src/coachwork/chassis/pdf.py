"""The text of PDFs, page by page."""

import logging
import struct
import zlib
from io import BytesIO

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import InvalidRequest

MAX_PAGES = 300
_SECONDS = 15.0
logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every flaw it reads past


class UnreadablePdf(InvalidRequest):
    """The bytes are no PDF that can be read; `detail` says why."""

    slug = "unreadable-pdf"
    title = "The PDF cannot be read"


def is_pdf(content: bytes) -> bool:
    """Whether bytes begin as a PDF does, a little junk before it allowed, as readers have always allowed it."""
    return b"%PDF-" in content[:1024]


def pages_of(content: bytes, *, max_characters: int) -> list[str]:
    """Return the text of each page, empty for a picture.

    Raises:
        UnreadablePdf: broken, encrypted, over `MAX_PAGES` or `max_characters`, or it takes too long.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # "broken PDF files might cause other exceptions", say the library's errors: these are what damaged bytes lead to
    broken = (PyPdfError, DependencyError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError,
              RuntimeError, TypeError, ValueError, struct.error, zlib.error)  # fmt: skip
    deadline, pages, left = Deadline(_SECONDS), [], max_characters
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise UnreadablePdf("The PDF is encrypted: save it without a password")
        if len(reader.pages) > MAX_PAGES:
            raise UnreadablePdf(f"The PDF has {len(reader.pages)} pages, and may have {MAX_PAGES}: split it")
        for page in reader.pages:
            pages.append(page.extract_text())
            left -= len(pages[-1])
            if left < 0 or not deadline.left_seconds:
                raise UnreadablePdf(f"The PDF has more than {max_characters} characters, or takes too long: split it")
    except broken as error:
        raise UnreadablePdf("The bytes are no whole PDF") from error
    return pages
