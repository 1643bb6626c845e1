"""Where sentences end, as their form shows it: no grammar, no model, any language that ends them with a sign."""

import re
from collections.abc import Iterator

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？．؟।]+[”’」』）]*\s*")
_LAST_WORD = re.compile(r"[^\s(\[“\"'‘]+\Z")
_LONGEST_WORD = 24
_TOO_LONG = 8
"""For an abbreviation: so many characters with the stop, and all of them letters."""
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
    """Yield where each sentence of `text[start:end]` begins and ends, in order, without the white space between."""
    begin = _skipped(text, start, end)
    for found in _END.finditer(text, begin, end):
        if found.end() < end and not _ends_here(text, begin, found):
            continue
        yield begin, found.start() + len(found[0].rstrip())
        begin = found.end()
    stripped = begin + len(text[begin:end].rstrip())
    if begin < stripped:
        yield begin, stripped


def _skipped(text: str, start: int, end: int) -> int:
    return end - len(text[start:end].lstrip())


def _ends_here(text: str, begin: int, found: re.Match[str]) -> bool:
    if text[found.end()].islower():
        return False
    if found[0][0] != "." or found[0][1:2] == ".":
        return True
    stop = found.start() + 1
    if text[max(begin, stop - _TOO_LONG) : stop - 1].isalpha() and stop - begin >= _TOO_LONG:
        return True
    word = _LAST_WORD.search(text, max(begin, stop - _LONGEST_WORD), stop)
    if word is None:
        return True
    is_item = word.start() == begin and _NUMBER.fullmatch(word[0])
    return not (is_item or _ABBREVIATIONS.fullmatch(word[0]) or _INITIALS.fullmatch(word[0]))
