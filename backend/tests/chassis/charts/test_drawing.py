"""Charts as documents: what is in them, and what never is."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachwork.chassis.charts.drawing import draw
from coachwork.chassis.charts.palette import BAND, COLOURS, GRID, INK, PAPER, QUIET, Shade
from coachwork.chassis.charts.port import Bar, Bars, Chart, Dot, Lines, Measure, Ranged, Words

SVG = "{http://www.w3.org/2000/svg}"
WORDS = Words("Squat", "By session", "12 sessions, best 120 kg.", "No sets yet")
MONDAY = date(2026, 1, 5)
WEEKS = [Bar(MONDAY, 7, (1,)), Bar(MONDAY + timedelta(weeks=1), 7, (0,))]


def lines(count: int, words: Words = WORDS, step_days: int = 3) -> Lines:
    """Return a chart of so many dots."""
    dots = [Dot(MONDAY + timedelta(days=step_days * place), 100 + place % 7, place % 5 == 0) for place in range(count)]
    return Lines(words, "Estimated 1RM (kg)", dots, dots, in_steps=True)


def bars(count: int) -> Bars:
    """Return a chart of so many weeks, each in two parts."""
    weeks = [Bar(MONDAY + timedelta(weeks=place), 7, (3, place % 2)) for place in range(count)]
    return Bars(WORDS, "Workouts", [("done", "good"), ("missed", "warn")], weeks)


def ranged(count: int) -> Ranged:
    """Return a chart of so many muscles."""
    measures = [Measure(f"Muscle {place}", place / 2, "good") for place in range(count)]
    return Ranged(WORDS, "Sets a week", measures, 10, 20, [("within", "good"), ("below", "muted")])


def parsed(chart: Chart) -> ElementTree.Element:
    """Return the drawn document."""
    return ElementTree.fromstring(draw(chart))


def texts(root: ElementTree.Element) -> list[str]:
    """Return every text that is shown."""
    return [text for element in root.iter(f"{SVG}text") if (text := "".join(element.itertext()).strip())]


def luminance(colour: str) -> float:
    """Return WCAG's relative luminance of a #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


class TestDraw:
    """draw."""

    @pytest.mark.parametrize("chart", [lines(1), lines(2), lines(1000), bars(1), bars(1000), ranged(1), ranged(23)])
    def test_any_number_of_values(self, chart: Chart) -> None:
        """One value and a thousand make a document with its size and texts."""
        root = parsed(chart)
        assert (f"{SVG}svg", "800", True) == (root.tag, root.get("width"), "Squat" in texts(root))

    def test_a_mark_for_each_value(self) -> None:
        """Every dot is drawn."""
        assert 40 == len(list(parsed(lines(40)).iter(f"{SVG}circle")))

    @pytest.mark.parametrize(
        "chart", [lines(0), bars(0), ranged(0), Bars(WORDS, "kg", [("v", "accent")], [Bar(MONDAY, 7, (0,))])]
    )
    def test_says_when_there_is_nothing(self, chart: Chart) -> None:
        """An empty chart says so, under its title."""
        assert ["No sets yet", "By session", "Squat"] == sorted(
            texts(parsed(chart)), key=["No sets yet", "By session", "Squat"].index
        )

    def test_is_titled_and_described(self) -> None:
        """A picture to assistive technology, named and described by its first children."""
        root = parsed(lines(3))
        title, description = root[0], root[1]
        assert ("img", f"{title.get('id')} {description.get('id')}") == (root.get("role"), root.get("aria-labelledby"))
        assert ("Squat", "12 sessions, best 120 kg.") == (title.text, description.text)

    def test_axes_have_units(self) -> None:
        """The axis says what it counts, and in what."""
        assert "Estimated 1RM (kg)" in texts(parsed(lines(9)))

    def test_follows_the_readers_light(self) -> None:
        """Every colour that is drawn has a dark counterpart in the style sheet."""
        root = parsed(bars(4))
        style = root.find(f"{SVG}style")
        used = {element.get("fill") for element in root.iter() if element.get("fill")} - {"none", None}
        assert style is not None
        assert "prefers-color-scheme:dark" in (style.text or "")
        assert all(f'[fill="{colour}"]' in (style.text or "") for colour in used if colour != "rgb(0,0,0)")

    def test_is_the_same_each_time(self) -> None:
        """Drawn twice, it is the same document."""
        assert draw(ranged(5)) == draw(ranged(5))

    def test_two_on_a_page_do_not_meet(self) -> None:
        """Their ids differ."""
        ids = [{element.get("id") for element in parsed(chart).iter()} - {None} for chart in (lines(3), bars(3))]
        assert set() == ids[0] & ids[1]

    def test_what_refers_to_an_id_finds_it(self) -> None:
        """Clipping works still after ids were renamed."""
        root = parsed(lines(30))
        ids = {element.get("id") for element in root.iter()}
        references = {element.get("clip-path", "")[5:-1] for element in root.iter() if element.get("clip-path")}
        assert references
        assert references <= ids

    @pytest.mark.parametrize(
        "name",
        [
            "<script>alert(1)</script>", '"><image href=x onerror=alert(1)>', "<a href='javascript:alert(1)'>x</a>",
            "]]><script/>", "\\(x^2\\)", "&lt;b&gt; & <!-- -->", "{subtitle}", "a\u202eb\ufffe\ud800c",
        ],
    )  # fmt: skip
    def test_a_name_is_text(self, name: str) -> None:
        """Whatever a name looks like, it is shown as it is and makes no element, link or script."""
        plain, root = parsed(lines(5)), parsed(lines(5, Words(name, "s", name, "e")))
        shown = name.replace("\ufffe", "\ufffd").replace("\ud800", "\ufffd")
        assert [element.tag for element in plain.iter()] == [element.tag for element in root.iter()]
        assert (shown, shown) == (root[0].text, root[1].text)
        assert shown in texts(root)

    @given(st.text(max_size=200))
    @settings(max_examples=30, deadline=None)
    def test_any_name_makes_a_document(self, name: str) -> None:
        """It can be read, and has no script, link or handler in it."""
        root = ElementTree.fromstring(draw(lines(2, Words(name, name, name, name))))
        assert not {f"{SVG}script", f"{SVG}a", f"{SVG}foreignObject", f"{SVG}image"} & {one.tag for one in root.iter()}
        assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or "href" in key]

    def test_a_long_name_is_cut_where_it_is_drawn(self) -> None:
        """The title for assistive technology stays whole."""
        root = parsed(lines(3, Words("x" * 200, "s", "d", "e")))
        assert (200, True) == (len(root[0].text or ""), "x" * 63 + "…" in texts(root))

    @pytest.mark.parametrize("chart", [lines(40), lines(9, step_days=1), bars(14), ranged(12), lines(0)])
    @pytest.mark.parametrize("width", [360, 800, 1600])
    def test_as_wide_as_asked_for(self, chart: Chart, width: int) -> None:
        """Text has one size in each width, and there are no more labels under it than fit beside each other."""
        root = ElementTree.fromstring(draw(chart, width))
        sizes = {size for one in root.iter() for size in re.findall(r"font-size:([\d.]+)px", one.get("style", ""))}
        assert (str(width), True) == (root.get("width"), sizes <= {"19.0", "13.0", "12.0", "10.0"})
        assert width >= 64 * sum("axis-text-x" in one.get("class", "") for one in root.iter(f"{SVG}text"))

    def test_a_long_subtitle_takes_lines(self) -> None:
        """What does not fit into one line goes on in the next, and the picture grows by it."""
        chart = lines(3, Words("Squat", "Each session's best set, new bests in green, all by week", "d", "e"))
        wide, narrow = (ElementTree.fromstring(draw(chart, width)) for width in (800, 360))
        assert "Each session's best set, new bests in green, all by week" in texts(wide)
        assert {"Each session's best set, new bests in green, all by", "week"} <= set(texts(narrow))
        assert "316" == narrow.get("height")

    def test_counts_have_whole_ticks(self) -> None:
        """There is no half a workout."""
        assert {"0", "1"} == {
            one for one in texts(parsed(Bars(WORDS, "Workouts", [("done", "good")], WEEKS))) if one.isdigit()
        }


class TestPalette:
    """The colours."""

    @pytest.mark.parametrize("text", [INK, QUIET])
    def test_text_can_be_read(self, text: Shade) -> None:
        """4.5 : 1 on light and on dark (WCAG 1.4.3)."""
        assert min(contrast(text.light, PAPER.light), contrast(text.dark, PAPER.dark)) >= 4.5

    @pytest.mark.parametrize("name", list(COLOURS))
    def test_marks_can_be_seen(self, name: str) -> None:
        """3 : 1 on light and on dark (WCAG 1.4.11)."""
        shade = COLOURS[name]  # type: ignore[index]  # the names of its own keys
        assert min(contrast(shade.light, PAPER.light), contrast(shade.dark, PAPER.dark)) >= 3

    def test_no_two_roles_share_a_colour(self) -> None:
        """The style sheet tells them apart by it."""
        shades = [PAPER, INK, QUIET, GRID, BAND, *COLOURS.values()]
        assert len(shades) == len({shade.light for shade in shades})
