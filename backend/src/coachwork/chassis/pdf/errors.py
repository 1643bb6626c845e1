"""What can be wrong with a PDF."""

from typing import Literal, get_args

from coachwork.chassis.errors import InvalidRequest

Reason = Literal[
    "not-a-pdf",
    "broken",
    "encrypted",
    "too-many-pages",
    "too-large",
    "too-slow",
    "too-much-memory",
    "no-text",
]
REASONS: frozenset[str] = frozenset(get_args(Reason))

_DETAILS: dict[Reason, str] = {
    "not-a-pdf": "The file is no PDF",
    "broken": "The bytes are no whole PDF",
    "encrypted": "The PDF is encrypted: save it without a password",
    "too-many-pages": "The PDF has too many pages: split it",
    "too-large": "The PDF is too large: split it",
    "too-slow": "Reading the PDF takes too long: split it, or print it into a new PDF",
    "too-much-memory": "Reading the PDF takes too much memory: split it, or print it into a new PDF",
    "no-text": "The PDF has no text: it looks scanned, and has to go through character recognition first",
}


class UnreadablePdf(InvalidRequest):
    """The bytes are no PDF that can be read; `reason` and `detail` say why."""

    slug = "unreadable-pdf"
    title = "The PDF cannot be read"

    def __init__(self, reason: Reason, detail: str | None = None) -> None:
        super().__init__(detail or _DETAILS[reason])
        self.reason: Reason = reason
