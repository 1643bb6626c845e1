"""What a PDF's reader gives, made into text: one way to write each character, nothing that is no text."""

import re
from unicodedata import category, normalize

_SOFT_HYPHEN = "\x02"
"""What PDFium writes for a hyphen at the end of a line, the line's end left out."""
_BROKEN_WORD = re.compile(r"(\w+)(?:\x02|\xad\n?|(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_]))(\w+)")
_KEPT_AFTER = re.compile(
    "all|anti|co|cross|ex|first|full|half|high|in|left|long|low|mid|multi|near|non|off|on|one|open|post|pre|right|second|"
    "self|semi|short|single|so|sub|third|time|two|up|well",
    re.IGNORECASE,
)
"""First halves that more often have their hyphen than not."""
_COMPATIBLE = re.compile("[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
"""Ligatures, and the forms that Arabic and Hebrew letters take: a reader types the letters."""
_SPACES = re.compile(r"[^\S\n]+")
_BLANK = re.compile(r" *\n *")
_GAPS = re.compile(r"\n{3,}")
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0a8\uf0d8\uf076", "•"))
"""Where the symbol fonts of word processors keep their bullets."""
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})
_DIRECTIONS = frozenset("\u200b\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\xad")
"""Overrides and isolates, with which a line shows what it does not say, and what has no width."""


def plain(text: str) -> str:
    """Return the text composed (NFC), ligatures spelt out, words broken at a line's end whole, controls left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _BROKEN_WORD.sub(lambda found: _joined(found[1], found[2], text), text)
    if not text.isascii():
        text = _composed(text)
    text = "".join(one for one in text if one.isprintable() or _is_text(one)) if not text.isprintable() else text
    text = _GAPS.sub("\n\n", _BLANK.sub("\n", _SPACES.sub(" ", text)))
    return text.strip()


def _joined(first: str, second: str, page: str) -> str:
    """Return a word that was broken; with its hyphen where it has one anyway: as elsewhere on its page."""
    hyphenated = f"{first}-{second}"
    is_kept = bool(_KEPT_AFTER.fullmatch(first)) or second[:1].isupper() or hyphenated in page
    return hyphenated if is_kept or first[-1:].isdigit() else first + second


def _composed(text: str) -> str:
    spelt = _COMPATIBLE.sub(lambda found: normalize("NFKC", found[0]), text.translate(_BULLETS))
    return normalize("NFC", spelt)


def _is_text(one: str) -> bool:
    return one in "\n\t" or (category(one) not in _NO_TEXT and one not in _DIRECTIONS)
