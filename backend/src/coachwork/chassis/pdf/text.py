"""What a PDF's reader gives, made into text: one way to write each character, nothing that is no text."""

import re
from unicodedata import normalize

_LINE_END_HYPHEN = re.compile("\x02|\xad\n?|[-\u2010]\n")
"""As PDFium writes it (the end of the line left out), as typesetters do, or as it was printed."""
_LAST_LETTERS = re.compile(r"[^\W\d_]+\Z")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_WORD = 40
_KEPT_AFTER = re.compile(
    "all|anti|co|cross|ex|first|full|half|high|in|left|long|low|mid|multi|near|non|off|on|one|open|post|pre|right|second|"
    "self|semi|short|single|so|sub|third|time|two|up|well",
    re.IGNORECASE,
)
"""First halves that more often have their hyphen than not."""
_COMPATIBLE = re.compile("[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]+")
"""Ligatures, and the forms that Arabic and Hebrew letters take: a reader types the letters."""
_LEADERS = re.compile(r"\.(?: ?\.){4,}")
"""The dots from an entry of a table of contents to its page: as many as the line had room for."""
_BULLETS = str.maketrans(dict.fromkeys("\uf0b7\uf0a7\uf0a8\uf0d8\uf076", "•"))
"""Where the symbol fonts of word processors keep their bullets."""
_NO_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
    "\xad\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]+"
)
"""Controls, halves of pairs, characters of no meaning; what has no width, and the overrides with which a line shows
another order than it has. The marks that write Persian, Hindi or Hebrew stay."""
_OTHER_SPACES = re.compile(r"[^\S\n ]")
_GAPS = re.compile(r"\n{3,}")


def plain(text: str) -> str:
    """Return the text composed (NFC), ligatures spelt out, words broken at a line's end whole, controls left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NO_TEXT.sub("", _LINE_END_HYPHEN.sub(_joint, text).translate(_BULLETS))
    if not text.isascii():
        text = normalize("NFC", _COMPATIBLE.sub(lambda found: normalize("NFKC", found[0]), text))
    text = _OTHER_SPACES.sub(" ", _LEADERS.sub("…", text))
    while "  " in text:
        text = text.replace("  ", " ")
    return _GAPS.sub("\n\n", text.replace(" \n", "\n").replace("\n ", "\n")).strip()


def _joint(found: re.Match[str]) -> str:
    """Return what joins the halves of a word: nothing, or the hyphen it has anyway, as elsewhere on its page."""
    page = found.string
    first = _LAST_LETTERS.search(page, max(0, found.start() - _LONGEST_WORD), found.start())
    second = _FIRST_LETTERS.match(page, found.end(), found.end() + _LONGEST_WORD)
    if not first or not second:
        return "" if found[0][0] == "\xad" else found[0].replace("\x02", "-")
    is_kept = _KEPT_AFTER.fullmatch(first[0]) or second[0][0].isupper() or f"{first[0]}-{second[0]}" in page
    return "-" if is_kept and found[0][0] != "\xad" else ""
