"""Draws charts with lets-plot (docs/adr/0013-charts.md), which is imported with the first of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from coachwork.chassis.charts.finish import EMPTY, TITLE, finished, places_for_subtitle
from coachwork.chassis.charts.palette import BAND, COLOURS, GRID, INK, PAPER, QUIET
from coachwork.chassis.charts.port import WIDTH, Bars, Chart, Colour, Dot, Lines, Ranged
from coachwork.chassis.charts.ticks import every, ticks

_HEIGHT, _LEAST_HEIGHT = 420, 300
_ROW = 26
_AROUND = 150
_LINE = 16
_FEW = 60
_BAR_SHARE = 0.82
_FEWEST_BARS = 8
_LEAST_SPAN = 0.08
_ABOVE_BARS = 1.06
_MOST_COUNTED = 8
_VALUE_WIDTH, _BESIDE_ROWS = 44, 150
_A_YEAR = timedelta(days=366)


def draw(chart: Chart, width: int = WIDTH) -> str:
    """Return the chart as an SVG document without scripts, light or dark as its reader prefers, titled and described.

    Safe to call from several threads at once.
    """
    height = min(_HEIGHT, max(_LEAST_HEIGHT, width * 3 // 4))
    if isinstance(chart, Lines):
        return _finished(_lines(chart, width), chart, (width, height)) if chart.dots else _empty(chart, width)
    if isinstance(chart, Bars):
        is_empty = not any(sum(bar.parts) for bar in chart.bars)
        return _empty(chart, width) if is_empty else _finished(_bars(chart, width), chart, (width, height))
    rows = (width, _AROUND + _ROW * len(chart.measures))
    return _finished(_ranged(chart, width), chart, rows) if chart.measures else _empty(chart, width)


def _lines(chart: Lines, width: int) -> Any:
    from lets_plot import aes, geom_line, geom_point, geom_step, ggplot, scale_y_continuous

    plot = ggplot() + _style()
    if len(chart.trend) > 1:
        geom = geom_step if chart.in_steps else geom_line
        looks = {"color": COLOURS["accent"].light, "size": 1.1, "tooltips": "none"}
        plot += geom(aes("x", "y"), data=_columns(chart.trend), **looks)
    size = 1.6 if len(chart.dots) > _FEW else 3.2
    for stands_out, colour in ((False, COLOURS["calm"]), (True, COLOURS["good"])):
        dots = [dot for dot in chart.dots if dot.stands_out == stands_out]
        if dots:
            looks = {"color": colour.light, "size": size + 0.8 * stands_out, "tooltips": "none"}
            plot += geom_point(aes("x", "y"), data=_columns(dots), **looks)
    axis = scale_y_continuous(
        name=chart.value_label, limits=_around([dot.value for dot in (*chart.dots, *chart.trend)])
    )
    return plot + _time_axis([dot.day for dot in chart.dots], width) + axis


def _columns(dots: Sequence[Dot]) -> dict[str, list[float]]:
    return {"x": [_ms(dot.day) for dot in dots], "y": [dot.value for dot in dots]}


def _around(values: Sequence[float]) -> list[float] | None:
    """Return limits for values that lie so close together that their differences would look like something."""
    low, high = min(values), max(values)
    margin = abs(high) * _LEAST_SPAN / 2
    return None if high - low > 2 * margin or not margin else [(low + high) / 2 - margin, (low + high) / 2 + margin]


def _bars(chart: Bars, width: int) -> Any:
    from lets_plot import aes, geom_rect, ggplot, scale_y_continuous

    columns: dict[str, list[Any]] = {"left": [], "right": [], "bottom": [], "top": [], "part": []}
    for bar in chart.bars:
        ends_on, bottom = bar.starts_on + timedelta(days=bar.days), 0.0
        gap = (_ms(ends_on) - _ms(bar.starts_on)) * (1 - _BAR_SHARE) / 2
        for (name, _), value in zip(chart.parts, bar.parts, strict=True):
            columns["left"].append(_ms(bar.starts_on) + gap)
            columns["right"].append(_ms(ends_on) - gap)
            columns["bottom"].append(bottom)
            columns["top"].append(bottom + value)
            columns["part"].append(name)
            bottom += value
    edges = aes(xmin="left", xmax="right", ymin="bottom", ymax="top", fill="part")
    boxes = geom_rect(edges, data=columns, size=0, color=PAPER.light, tooltips="none", show_legend=len(chart.parts) > 1)
    top = max(columns["top"])
    counted = (
        list(range(int(top) + 1)) if top <= _MOST_COUNTED and all(one == int(one) for one in columns["top"]) else None
    )
    axis = scale_y_continuous(name=chart.value_label, limits=[0, top * _ABOVE_BARS], breaks=counted, expand=[0, 0])
    return ggplot() + _style() + boxes + _fills(chart.parts) + _bars_axis(chart, width) + axis


def _ranged(chart: Ranged, width: int) -> Any:
    from lets_plot import aes, geom_band, geom_bar, geom_text, ggplot, scale_x_continuous, scale_y_discrete

    meanings = {colour: meaning for meaning, colour in chart.legend}
    names, values = [one.name for one in chart.measures], [one.value for one in chart.measures]
    columns = {
        "name": names,
        "value": values,
        "meaning": [meanings[one.colour] for one in chart.measures],
        "label": [f"{one.value:g}" for one in chart.measures],
    }
    furthest, beyond = max([chart.high, *values]), 1 + _VALUE_WIDTH / (width - _BESIDE_ROWS)
    return (
        ggplot(columns, aes("value", "name"))
        + _style(vertical_grid=True)
        + geom_band(
            xmin=chart.low, xmax=chart.high, fill=BAND.light, color=BAND.light, alpha=1, size=0, tooltips="none"
        )
        + geom_bar(aes(fill="meaning"), stat="identity", orientation="y", width=0.62, size=0, tooltips="none")
        + geom_text(aes(label="label"), hjust=0, nudge_x=furthest * 0.008, size=5, color=INK.light)
        + _fills(chart.legend)
        + scale_x_continuous(name=chart.value_label, limits=[0, furthest * beyond], expand=[0, 0])
        + scale_y_discrete(name="", limits=names[::-1])
    )


def _empty(chart: Chart, width: int) -> str:
    from lets_plot import aes, geom_text, ggplot, theme, xlim, ylim

    middle = {"x": [0], "y": [0]}
    said = geom_text(aes("x", "y"), data=middle, label=EMPTY, size=6, color=QUIET.light)
    plot = (
        ggplot()
        + _style()
        + said
        + xlim(-1, 1)
        + ylim(-1, 1)
        + theme(axis_text="blank", axis_text_x="blank", axis_title="blank", panel_grid_major_y="blank")
    )
    return _finished(plot, chart, (width, _HEIGHT // 2))


def _finished(plot: Any, chart: Chart, size: tuple[int, int]) -> str:
    from lets_plot import ggsize, ggtitle

    # the library reads links and formulas out of texts: it gets placeholders, and `finished` puts the words in
    width, height = size
    subtitle = places_for_subtitle(chart.words, width)
    height += _LINE * (len(subtitle) - 1)
    whole = plot + ggtitle(TITLE, subtitle="\n".join(subtitle)) + ggsize(width, height)
    name = "c" + sha256(repr(chart).encode(errors="replace")).hexdigest()[:8]
    return finished(whole.to_svg(), chart.words, name, (width, height))


def _style(*, vertical_grid: bool = False) -> Any:
    from lets_plot import element_line, element_rect, element_text, theme, theme_minimal

    lines, none = element_line(color=GRID.light, size=1), "blank"
    return theme_minimal() + theme(
        plot_background=element_rect(fill=PAPER.light, color=PAPER.light, size=0),
        plot_title_position="plot",
        plot_title=element_text(size=19, face="bold", margin=[4, 0, 4, 0]),
        plot_subtitle=element_text(size=13, margin=[0, 0, 8, 0]),
        axis_title=element_text(size=13),
        axis_text=element_text(size=12),
        axis_text_x=element_text(size=12, margin=[6, 0, 4, 0]),
        axis_line=none,
        axis_ticks=none,
        legend_position="top",
        legend_justification=[0, 1],
        legend_text=element_text(size=12),
        panel_grid_major_x=lines if vertical_grid else none,
        panel_grid_major_y=none if vertical_grid else lines,
        panel_grid_minor=none,
        plot_margin=[8, 20, 8, 8],
    )


def _fills(meanings: Sequence[tuple[str, Colour]]) -> Any:
    from lets_plot import scale_fill_manual

    values = [COLOURS[colour].light for _, colour in meanings]
    return scale_fill_manual(
        values=values, breaks=[name for name, _ in meanings], limits=[name for name, _ in meanings], name=""
    )


def _time_axis(days: Sequence[date], width: int) -> Any:
    from lets_plot import scale_x_datetime

    breaks, written = ticks(days, width)
    return scale_x_datetime(name=_span(min(days), max(days)), breaks=[_ms(day) for day in breaks], format=written)


def _bars_axis(chart: Bars, width: int) -> Any:
    """Return the axis under bars: a label under each while there is room, and no bar as broad as the picture."""
    from lets_plot import scale_x_datetime

    first, last = chart.bars[0], chart.bars[-1]
    starts, ends = _ms(first.starts_on), _ms(last.starts_on + timedelta(days=last.days))
    lacking = max(0.0, (ends - starts) / len(chart.bars) * _FEWEST_BARS - (ends - starts)) / 2
    step = every(len(chart.bars), width)
    middles = [_ms(bar.starts_on + timedelta(days=bar.days) / 2) for bar in chart.bars[::step]]
    far = len(chart.bars) * first.days > _A_YEAR.days
    labels = [f"{bar.starts_on:%b %Y}" if far else f"{bar.starts_on:%d %b}" for bar in chart.bars[::step]]
    limits = [starts - lacking, ends + lacking]
    name = f"Weeks from {_span(first.starts_on, last.starts_on)}"
    return scale_x_datetime(name=name, breaks=middles, labels=labels, limits=limits)


def _span(first: date, last: date) -> str:
    return f"{first:%d %b %Y}" if first == last else f"{first:%d %b %Y} to {last:%d %b %Y}"


def _ms(day: date) -> float:
    """Return a day as the axis of time counts: milliseconds since 1970, whatever the machine's zone."""
    return datetime.combine(day, time(), UTC).timestamp() * 1000
