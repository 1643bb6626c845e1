"""Names of files, made harmless: shown in lists, written into prompts, and what a download is called."""

import re
from unicodedata import category, normalize

from coachwork.services.knowledge.errors import UnfitName

MAX_CHARACTERS = 200
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width joiners, without which some scripts and emoji are misspelt; other format characters only deceive."""
_GAPS = frozenset({"Cc", "Zl", "Zp"})
_UNFIT = frozenset({"Cf", "Cs", "Co", "Cn"})
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def plain_name(name: str) -> str:
    """Return a name without what deceives or climbs: folders, control characters, marks that turn text around.

    Letters of any script stay. One that is too long is cut before its extension.

    Raises:
        UnfitName: nothing is left.
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(map(_fit, normalize("NFC", last)))
    tidy = " ".join(kept.split()).strip(". ")
    if not any(category(one)[0] in "LNPS" for one in tidy):
        raise UnfitName
    return _shortened(tidy)


def _fit(character: str) -> str:
    kind = category(character)
    if kind in _GAPS:
        return " "
    return "" if kind in _UNFIT and character not in _JOINERS else character


def _shortened(name: str) -> str:
    if len(name) <= MAX_CHARACTERS:
        return name
    extension = _EXTENSION.search(name)
    end = extension.group() if extension else ""
    return name[: MAX_CHARACTERS - len(end)].rstrip(". ") + end
