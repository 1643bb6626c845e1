"""A document cut into passages: by its headings, then by paragraphs, and where one is long by sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import category

MAX_CHARACTERS = 1_200
"""Of a passage: a few paragraphs, which an answer can quote and an embedder takes whole."""

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_CONTROLS = {"Cc", "Cs"}
_MAX_TITLE_CHARACTERS = 300


@dataclass(frozen=True)
class Cut:
    """A piece of a document: the headings it stands under, the outermost first, its text, and its page of a PDF."""

    headings: tuple[str, ...]
    text: str
    page: int | None = None


def cuts_of(pages: Sequence[str], *, has_headings: bool, is_paged: bool) -> list[Cut]:
    """Return the pieces in order, each of `MAX_CHARACTERS` at most and none without a word.

    No piece spans two headings or two pages, so what a citation names is where its text stands.
    """
    found: list[Cut] = []
    for number, page in enumerate(pages, 1):
        sections = _sections(page) if has_headings else [((), page)]
        for headings, body in sections:
            pieces = _packed(_paragraphs(body), "\n\n")
            found += [Cut(headings, piece, number if is_paged else None) for piece in pieces if _has_word(piece)]
    return found


def title_of(document: str, headings: Sequence[str]) -> str:
    """Return what a passage is called: the document, then the headings it stands under."""
    parts = [document, *(heading for heading in headings if heading.casefold() != document.casefold())]
    return ": ".join(parts)[:_MAX_TITLE_CHARACTERS]


def document_id_of(title: str) -> str:
    """Return the id of the document of this title, however it is spaced and capitalised."""
    return f"doc-{sha256(' '.join(title.casefold().split()).encode()).hexdigest()[:16]}"


def passage_ids(document_id: str, content_sha256: bytes, count: int) -> list[str]:
    """Return the ids of a document's passages, in order; a document that changes has others."""
    return [f"{document_id}-{content_sha256.hex()[:8]}-{number:04}" for number in range(1, count + 1)]


def plain(text: str) -> str:
    """Return the text without what no text has: NUL, other control characters, halves of surrogate pairs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one for one in lines if one in "\n\t" or category(one) not in _CONTROLS)


def _sections(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what stands under each heading of Markdown, with the headings that lead to it."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    is_code = False
    for line in text.split("\n"):
        is_code ^= bool(_FENCE.match(line))
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading is None:
            lines.append(line)
            continue
        yield tuple(name for _, name in path), "\n".join(lines)
        level, lines = len(heading[1]), []
        path = [(depth, name) for depth, name in path if depth < level]
        if heading[2]:
            path.append((level, heading[2]))
    yield tuple(name for _, name in path), "\n".join(lines)


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n[ \t]*\n", text):
        stripped = paragraph.strip()
        if len(stripped) <= MAX_CHARACTERS:
            yield stripped
        else:
            yield from _packed(_sentences(stripped), " ")


def _sentences(paragraph: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(paragraph):
        if len(sentence) <= MAX_CHARACTERS:
            yield sentence
        else:
            yield from _packed(_words(sentence), " ")


def _words(sentence: str) -> Iterator[str]:
    for word in sentence.split():
        for start in range(0, len(word), MAX_CHARACTERS):
            yield word[start : start + MAX_CHARACTERS]


def _packed(pieces: Iterator[str], joint: str) -> Iterator[str]:
    """Yield the pieces joined, as many at a time as a passage takes."""
    packed = ""
    for piece in pieces:
        joined = f"{packed}{joint}{piece}" if packed else piece
        if len(joined) > MAX_CHARACTERS:
            yield packed
            packed = piece
        else:
            packed = joined
    if packed:
        yield packed


def _has_word(text: str) -> bool:
    return any(one.isalnum() for one in text)
