"""Makes a drawn plot a document: its words as text and nothing else, a description, styles, and no script."""

import re
from xml.etree import ElementTree

from coachwork.chassis.charts.palette import style_sheet
from coachwork.chassis.charts.port import Words

TITLE, SUBTITLE, EMPTY = "{title}", "{subtitle}", "{empty}"
"""What a plot is drawn with in place of its words."""

LONGEST_TITLE = 64
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
    _say(root, words)
    width, height = size
    root.attrib.update({"width": str(width), "height": str(height), "viewBox": f"0 0 {width} {height}"})
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-title {name}-desc", "lang": "en"})
    for place, (tag, text, attributes) in enumerate(_head(words, name)):
        child = ElementTree.Element(f"{{{_SVG}}}{tag}", attributes)
        child.text = text
        root.insert(place, child)
    return ElementTree.tostring(root, encoding="unicode")


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


def _say(root: ElementTree.Element, words: Words) -> None:
    """Put the words where their placeholders stand, and leave looks to the style sheet."""
    places = {TITLE: _cut(words.title), SUBTITLE: words.subtitle, EMPTY: words.empty}
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


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


def _written(text: str) -> str:
    """Return the text with what no XML document may hold replaced."""
    return _NOT_XML.sub("\ufffd", text)
