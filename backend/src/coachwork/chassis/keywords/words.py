"""From what people write to what SQLite's FTS5 takes: any text becomes a valid query, and is never an operator.

Scripts written without spaces are taken apart into signs, and a query asks for pairs of neighbours: FTS5's own
tokenizer would take a whole sentence of them for one word.

Source: https://www.sqlite.org/fts5.html, sections 3 (query syntax) and 4.3 (tokenizers).
"""

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from unicodedata import normalize

_MOST_TERMS = 64
"""Each term costs time; of a longer text the first ones ask."""
_LONGEST_TERM = 64
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Khmer, kana and Han."""
_SIGN = re.compile(f"([{_UNSPACED}])")
_RUN = re.compile(f"([{_UNSPACED}]+)|([^\\W_{_UNSPACED}]+)")
_STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been but by can could did do does each for from had has have he her
    his how i if in into is it its just may me my no not of on or our she should so some such than that the their
    them then there these they this those to was we were what when where which while who whom why will with would
    you your""".split()  # noqa: SIM905  a hundred words read best as words
)


def indexable(text: str) -> str:
    """Return the text as it is indexed: signs of unspaced scripts each a word, and nothing SQLite cannot store."""
    return _SIGN.sub(r" \1 ", normalize("NFC", storable(text)))


def storable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which UTF-8 has no bytes for."""
    return text.encode(errors="replace").decode()


def match_expression(query: str) -> str | None:
    """Return an FTS5 expression that finds what has any of the query's words; None where it has no word at all.

    Words that are in every text are left out, unless there is no other.
    """
    words = list(dict.fromkeys(islice(_terms(query), 20 * _MOST_TERMS)))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling[:_MOST_TERMS]) or None


def telling_words(text: str) -> list[str]:
    """Return a text's words in order, without those that are in every text."""
    return [word for word in _terms(text) if word not in _STOP_WORDS]


def _terms(query: str) -> Iterator[str]:
    """Yield words, and pairs of signs as phrases; only letters, digits and the space between two signs."""
    for run in _RUN.finditer(normalize("NFC", query)):
        signs, word = run.groups()
        if word:
            yield word.lower()[:_LONGEST_TERM]
        elif len(signs) == 1:
            yield signs
        else:
            yield from (f"{first} {second}" for first, second in pairwise(signs))
