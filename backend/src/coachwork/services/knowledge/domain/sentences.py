"""Where sentences end, as their form shows it: no grammar, no model, any language that ends them with a sign."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？．؟।]+[”’」』）]*\s*")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]+\Z")
_LONGEST_WORD = 24
_TOO_LONG = 7
"""For an abbreviation: so many letters."""
_ABBREVIATIONS = re.compile(
    # names and titles; references; English, then German and French; months
    r"(dr|mr|mrs|ms|prof|st|jr|sr|gen|rev|hon|inc|ltd|co|corp|dept|univ"
    r"|fig|figs|eq|eqs|no|nos|pp?|vol|vols|ch|chap|sec|sect|ed|eds|al|cf|ref|refs|app|tab|art|ibid|op|cit|n"
    r"|e\.?g|i\.?e|vs?|viz|approx|ca|resp|incl|excl|max|min|est|avg|z\.b|d\.h|u\.a|bzw|usw|nr|abs|bd|vgl|s|env|p\.ex"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"([^\W\d_]\.)+-?([^\W\d_]\.)*")
_NUMBER = re.compile(r"(\d+|[ivx]+|[a-z])[.)]", re.IGNORECASE)
"""What a list puts before an item."""


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of `text[start:end]` begins and ends, in order.

    Args:
        start, end: of a stretch with something other than white space at both ends.
    """
    begin = start
    for found in _END.finditer(text, start, end):
        sign, after = found.span()
        if after >= end:
            break
        if _ends_here(text, begin, sign, after):
            yield begin, sign + len(found[0].rstrip())
            begin = after
    yield begin, end


def _ends_here(text: str, begin: int, sign: int, after: int) -> bool:
    """Whether the sign at `sign` ends a sentence that began at `begin`; what follows it begins at `after`."""
    if text[after].islower():
        return False
    if text[sign] != "." or text[sign + 1] == ".":
        return True
    if sign - begin > _TOO_LONG and text[sign - _TOO_LONG : sign].isalpha():
        return True
    word = _LAST_WORD.search(text, max(begin, sign - _LONGEST_WORD), sign + 1)
    if word is None:
        return True
    is_item = word.start() == begin and _NUMBER.fullmatch(word[0])
    return not (is_item or _ABBREVIATIONS.fullmatch(word[0]) or _INITIALS.fullmatch(word[0]))
