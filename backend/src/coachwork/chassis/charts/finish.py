"""Makes a drawn plot a document: its words as text and nothing else, a description, styles, and no script."""

import re
from textwrap import wrap
from xml.etree import ElementTree

from coachwork.chassis.charts.palette import style_sheet
from coachwork.chassis.charts.port import Words

TITLE, EMPTY = "{title}", "{empty}"
"""What a plot is drawn with in place of its words; see `places_for_subtitle` as well."""

_TITLE_LETTER, _LETTER, _MARGINS = 12, 6.4, 30
_SVG = "http://www.w3.org/2000/svg"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"url\(#([^)]*)\)")
_OWN_LOOKS = re.compile(r"(fill|font-family):[^;]*;")

ElementTree.register_namespace("", _SVG)


def finished(svg: str, words: Words, name: str, size: tuple[int, int]) -> str:
    """Return the document; `svg` is a plot drawn with placeholders, `name` begins its ids, `size` is in pixels."""
    root = ElementTree.fromstring(svg)  # noqa: S314  the drawing library's own words, with none of a user's
    for style in root.findall(f"{{{_SVG}}}style"):
        root.remove(style)
    root.attrib.clear()
    _rename(root, name)
    width, height = size
    _say(root, words, width)
    root.attrib.update({"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"})
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "lang": "en"})
    for place, (tag, text, attributes) in enumerate(_head(words, name)):
        child = ElementTree.Element(f"{{{_SVG}}}{tag}", attributes)
        child.text = text
        root.insert(place, child)
    return ElementTree.tostring(root, encoding="unicode")


def places_for_subtitle(words: Words, width: int) -> list[str]:
    """Return a placeholder for each of the lines a subtitle takes in a picture of so many pixels, one at least."""
    return [f"{{subtitle {number}}}" for number in range(len(_lines(words.subtitle, width)))]


def _lines(text: str, width: int) -> list[str]:
    return wrap(text, int((width - _MARGINS) / _LETTER), break_on_hyphens=False) or [""]


def _rename(root: ElementTree.Element, prefix: str) -> None:
    """Give every id that is used a name which is the same each time, and which no other chart on a page has."""
    used = sorted({found for element in root.iter() for found in _REFERENCE.findall(element.get("clip-path", ""))})
    names = {old: f"{prefix}-{number}" for number, old in enumerate(used)}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in names:
            element.set("id", names[old])
        if "clip-path" in element.attrib:
            element.set(
                "clip-path", _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", element.attrib["clip-path"])
            )


def _say(root: ElementTree.Element, words: Words, width: int) -> None:
    """Put the words where their placeholders stand, and leave looks to the style sheet."""
    places = {TITLE: _cut(words.title, width), EMPTY: words.empty}
    places |= dict(zip(places_for_subtitle(words, width), _lines(words.subtitle, width), strict=True))
    for element in root.iter():
        if element.text in places:
            element.text = _written(places[element.text])
        if "style" in element.attrib:
            element.set("style", _OWN_LOOKS.sub("", element.attrib["style"]))
        element.attrib.pop("clip-bounds-jfx", None)  # the library's own notes


def _head(words: Words, prefix: str) -> list[tuple[str, str, dict[str, str]]]:
    return [
        ("title", _written(words.title), {"id": f"{prefix}-title"}),
        ("desc", _written(words.description), {"id": f"{prefix}-desc"}),
        ("style", style_sheet(), {}),
    ]


def _cut(title: str, width: int) -> str:
    most = int((width - _MARGINS) / _TITLE_LETTER)
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def _written(text: str) -> str:
    """Return the text with what no XML document may hold replaced."""
    return _NOT_XML.sub("\ufffd", text)
