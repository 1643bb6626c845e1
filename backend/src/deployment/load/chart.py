"""The run as a picture: answers a second with failures, and how long they took."""

from collections.abc import Sequence
from typing import Any

from deployment.load.results import Second

_SIZE = (860, 250)
_GOOD, _BAD, _MIDDLE, _HIGH = "#4477aa", "#cc3311", "#4477aa", "#ee7733"


def drawn(title: str, seconds: Sequence[Second]) -> str:
    """Return an SVG document of two panels over time, for a run of at least one second."""
    from lets_plot import gggrid, ggsize, ggtitle

    grid = gggrid([_counts(seconds) + ggtitle(title), _times(seconds)], ncol=1) + ggsize(_SIZE[0], 2 * _SIZE[1])
    return str(grid.to_svg())


def _counts(seconds: Sequence[Second]) -> Any:
    from lets_plot import aes, geom_bar, geom_line, ggplot, labs, scale_fill_manual

    data = {
        "second": [second.at for second in seconds] * 2,
        "requests": [second.requests - second.failed for second in seconds] + [second.failed for second in seconds],
        "outcome": ["answered"] * len(seconds) + ["failed"] * len(seconds),
    }
    users = {"second": [second.at for second in seconds], "users": [second.users for second in seconds]}
    bars = geom_bar(aes("second", "requests", fill="outcome"), data=data, stat="identity", width=0.9)
    line = geom_line(aes("second", "users"), data=users, color="#555555", linetype="dashed")
    fills = scale_fill_manual(values={"answered": _GOOD, "failed": _BAD}, name="")
    return ggplot() + bars + line + fills + labs(x="dashed: users", y="requests a second")


def _times(seconds: Sequence[Second]) -> Any:
    from lets_plot import aes, geom_line, ggplot, labs, scale_color_manual, scale_y_log10

    answered = [second for second in seconds if second.p50_ms is not None]
    data = {
        "second": [second.at for second in answered] * 2,
        "ms": [second.p50_ms for second in answered] + [second.p95_ms for second in answered],
        "share": ["p50"] * len(answered) + ["p95"] * len(answered),
    }
    colours = scale_color_manual(values={"p50": _MIDDLE, "p95": _HIGH}, name="")
    lines = geom_line(aes("second", "ms", color="share"), data=data, size=1)
    return ggplot() + lines + colours + scale_y_log10() + labs(x="seconds since the first user", y="answer in ms")
