"""What alarms reckon with: statistics, metric math, and what periods without data mean."""

import pytest

from rehearsal.aws.alarms.datapoints import Datapoints, Point, Series
from rehearsal.aws.alarms.expressions import UnknownExpression, evaluate
from rehearsal.aws.alarms.rules import Rule, UnknownComparison
from rehearsal.aws.alarms.statistics import UnknownStatistic, statistic_of

GAP = None


class TestStatisticOf:
    """A statistic of what arrived in a period."""

    @pytest.mark.parametrize(
        ("statistic", "value"),
        [
            ("Sum", 10.0),
            ("Average", 2.5),
            ("Minimum", 1.0),
            ("Maximum", 4.0),
            ("SampleCount", 4.0),
            ("p50", 2.5),
            ("p100", 4.0),
        ],
    )
    def test_each(self, statistic: str, value: float) -> None:
        """Each is of all the values, however they arrived."""
        points = [Point(1, 1, 3, 6, 3, (3, 1, 2)), Point(2, 4, 4, 4, 1, (4,))]
        assert value == statistic_of(points, statistic)

    @pytest.mark.parametrize("statistic", ["Sum", "p95"])
    def test_nothing(self, statistic: str) -> None:
        """Nothing has no value, not even 0."""
        assert statistic_of([], statistic) is None

    def test_unknown(self) -> None:
        """What is not played is refused."""
        with pytest.raises(UnknownStatistic, match="IQM is not played here"):
            statistic_of([], "IQM")


class TestBetween:
    """What arrived in a period."""

    def test_its_edges(self) -> None:
        """The end belongs to it, the beginning does not, and another metric's is not in it."""
        now = [0.0]
        datapoints = Datapoints(lambda: now[0])
        errors, other = (Series.of("AWS/Lambda", "Errors", {"FunctionName": name}) for name in ("coach", "other"))
        for at in (1.0, 2.0, 3.0):
            now[0] = at
            datapoints.add(errors, [at])
        datapoints.add(other, [9.0])

        assert [2.0] == [point.total for point in datapoints.between(errors, 1.0, 2.0)]


class TestEvaluate:
    """Metric math in one period."""

    @pytest.mark.parametrize(
        ("expression", "value"),
        [
            ("SUM(METRICS())", 7.0),
            ("IF(errors >= 3, 100 * errors / requests, 0)", 75.0),
            ("IF(errors > 3, 1, 0)", 0.0),
            ("IF(errors == 3 AND requests < 5, 1)", 1.0),
            ("IF(errors == 4 OR requests == 5, 1)", None),
            ("FILL(nothing, 0) + errors", 3.0),
            ("errors + nothing", None),
            ("errors / FILL(nothing, 0)", None),
            ("MAX([errors, requests, nothing]) - MIN(METRICS())", 1.0),
            ("AVG(METRICS('r')) ", 3.5),
            ("-errors", -3.0),
        ],
    )
    def test_each(self, expression: str, value: float | None) -> None:
        """What alarms use has its value, or none where something is missing."""
        metrics = {"errors": 3.0, "requests": 4.0, "nothing": GAP}
        assert value == evaluate(expression, metrics, metrics)

    @pytest.mark.parametrize(
        "expression", ["ANOMALY_DETECTION_BAND(errors)", "unknown", "errors +", "METRICS()", "'x'"]
    )
    def test_unknown(self, expression: str) -> None:
        """What is not played is refused."""
        with pytest.raises(UnknownExpression):
            evaluate(expression, {"errors": 1.0}, {"errors": 1.0})


class TestJudge:
    """An alarm's state; the examples with gaps are those of CloudWatch's documents."""

    @pytest.mark.parametrize(
        ("values", "needed", "state"),
        [([2, 2, 2], 3, "ALARM"), ([2, 0, 2], 3, "OK"), ([2, 0, 2], 2, "ALARM"), ([0, 0, 0], 1, "OK")],
    )
    def test_as_many_as_needed(self, values: list[float], needed: int, state: str) -> None:
        """It rings when as many periods breach as it says."""
        assert state == Rule("GreaterThanThreshold", 1, needed).judge(values, "OK")

    @pytest.mark.parametrize(
        ("missing", "states"),
        [
            ("missing", ["OK", "INSUFFICIENT_DATA", "ALARM", "OK"]),
            ("ignore", ["OK", "before", "before", "OK"]),
            ("breaching", ["OK", "ALARM", "ALARM", "OK"]),
            ("notBreaching", ["OK", "OK", "OK", "OK"]),
        ],
    )
    def test_gaps(self, missing: str, states: list[str]) -> None:
        """Gaps mean what the alarm says they mean."""
        rule = Rule("GreaterThanThreshold", 1, 3, missing)
        several: list[list[float | None]] = [[0, GAP, 2], [GAP] * 3, [GAP, 2, GAP], [0, 0, 2]]
        assert states == [rule.judge(values, "before") for values in several]

    def test_unknown(self) -> None:
        """A comparison without a threshold is refused."""
        with pytest.raises(UnknownComparison):
            Rule("GreaterThanUpperThreshold", 1, 1).judge([1.0], "OK")
