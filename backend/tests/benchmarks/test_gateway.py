"""How the figures through the gateway are summed up."""

from benchmarks.gateway import Measured, summed_up
from benchmarks.image_environment import OURS, PLAIN

MEASURED = {
    PLAIN: Measured(cold_ms=[200, 400, 300], p50_ms=[1, 2, 1], p95_ms=[2, 4, 2], per_second=[500, 250, 500]),
    OURS: Measured([220, 800, 330], [1.5, 3, 1.5], [3, 6, 3], [5, 7, 6], [400, 200, 400]),
}


class TestSummedUp:
    """Both functions beside each other."""

    def test_shows_both_and_what_they_are_to_each_other(self) -> None:
        """The middle of the rounds with its spread, and the middle of the rounds' own ratios."""
        plain, ours, ratios = summed_up(MEASURED, note="").rows

        assert (PLAIN, "300 (200 to 400)", "1.00 (1.00 to 2.00)", "2.00", "", "500 (250 to 500)") == plain
        assert (OURS, "330 (220 to 800)", "1.50 (1.50 to 3.00)", "3.00", "6.0 (5.0 to 7.0)", "400 (200 to 400)") == ours
        assert ("ratio", "1.10", "1.50", "1.50", "", "0.80") == ratios

    def test_leaves_out_what_was_not_measured(self) -> None:
        """The bare function has no logs: a machine that reads the figures finds none, not a zero."""
        figures = summed_up(MEASURED, note="").figures

        assert {"cold_ms", "p50_ms", "p95_ms", "per_second"} == figures[PLAIN].keys()
        assert {"cold_ms", "p50_ms", "p95_ms", "logs_p50_ms", "per_second"} == figures[OURS].keys()
