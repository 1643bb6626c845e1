"""What of a chunk a statement leans on: the sentences nearest to it, word for word, and where they stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from coachwork.services.knowledge.domain.chunks import Chunk

_MARKER = re.compile(r"\[(\d{1,3})\]")
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"\S.*?(?:[.!?](?=\s|$)|\n\s*\n|$)", re.DOTALL)
_MOST_CHARACTERS = 400


@dataclass(frozen=True)
class Excerpt:
    """A passage of a page, from the character `start` up to `end` of its text."""

    start: int
    end: int
    text: str


def statements(answer: str, marker: int) -> str:
    """Return what an answer says with this marker: for each place, the text since the paragraph or marker before."""
    return " ".join(
        said for paragraph in answer.split("\n\n") for said, numbers in _marked(paragraph) if marker in numbers
    )


def excerpt_for(statement: str, chunk: Chunk) -> Excerpt:
    """Return the sentences in a row of a chunk that have most in common with a statement; never an invented word."""
    sentences = [(found.start(), found.end()) for found in _SENTENCE.finditer(chunk.text)] or [(0, len(chunk.text))]
    wanted = _words(statement)
    scores = [_overlap(wanted, chunk.text[start:end]) for start, end in sentences]
    start, end = _grown(sentences, scores)
    text = chunk.text[start:end].rstrip()
    if len(text) > _MOST_CHARACTERS:
        text = text[:_MOST_CHARACTERS].rsplit(None, 1)[0]
    return Excerpt(chunk.start + start, chunk.start + start + len(text), text)


def _marked(paragraph: str) -> Iterator[tuple[str, set[int]]]:
    """Yield each piece of text with the markers that follow it directly."""
    pieces = re.split(r"((?:\s*\[\d{1,3}\])+)", paragraph)
    for said, markers in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        yield said, {int(number) for number in _MARKER.findall(markers)}


def _grown(sentences: Sequence[tuple[int, int]], scores: Sequence[float]) -> tuple[int, int]:
    """Begin with the best sentence, and take its neighbours in while they say something of it and there is room."""
    first = last = max(range(len(sentences)), key=lambda place: scores[place])
    least = scores[first] / 2
    while True:
        around = [place for place in (first - 1, last + 1) if 0 <= place < len(sentences) and scores[place] > least]
        near = max(around, key=lambda place: scores[place], default=None)
        if near is None:
            break
        start, end = sentences[min(first, near)][0], sentences[max(last, near)][1]
        if end - start > _MOST_CHARACTERS:
            break
        first, last = min(first, near), max(last, near)
    return sentences[first][0], sentences[last][1]


def _overlap(wanted: set[str], sentence: str) -> float:
    words = _words(sentence)
    return len(words & wanted) / sqrt(len(words) + 3)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text) if len(word) > 2 or word.isdigit()}
