"""Counting what came of requests."""

import pytest

from deployment.load.results import Failure, Latency, Operation, Request, Results, Second, Threshold, percentile


def request(
    at_seconds: float = 0.0, ms: float = 10.0, name: str = "GET /a", status: int = 200, kind: str = ""
) -> Request:
    """Return a request."""
    return Request(at_seconds, ms, name, status, kind)


def results(*requests: Request) -> Results:
    """Return results of these, all of which were begun."""
    found = Results()
    for one in requests:
        found.add(one)
    found.begun = len(requests)
    return found


class TestPercentile:
    """The nearest rank."""

    @pytest.mark.parametrize(("percent", "expected"), [(50, 5), (90, 9), (95, 10), (99, 10), (100, 10), (0, 1)])
    def test_of_ten(self, percent: float, expected: float) -> None:
        """Of ten values, that of the rank which as many do not exceed."""
        assert expected == percentile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], percent)

    def test_of_one(self) -> None:
        """Of one value, that."""
        assert percentile([7], 95) == 7


class TestResults:
    """Counts, shares and the timeline."""

    def test_counts_failures_by_kind(self) -> None:
        """Failures are one entry for each operation, status and kind, with their first and last moments."""
        found = results(
            request(),
            request(1.0, name="GET /b", status=503, kind="dependency-down"),
            request(4.0, name="GET /b", status=503, kind="dependency-down"),
            request(2.0, name="GET /b", status=0, kind="no answer: ConnectionRefusedError"),
        )

        assert found.failures() == [
            Failure("GET /b", 503, "dependency-down", 2, 1.0, 4.0),
            Failure("GET /b", 0, "no answer: ConnectionRefusedError", 1, 2.0, 2.0),
        ]
        assert (found.failed, found.error_percent) == (3, 75.0)

    def test_takes_what_is_unknown_for_failed(self) -> None:
        """A request that was begun and never heard of counts as failed."""
        found = results(request(), request(), request())
        found.begun = 4

        assert (found.unfinished, found.error_percent) == (1, 25.0)

    def test_sums_up_operations(self) -> None:
        """Each operation has its own counts and times, the most frequent first."""
        found = results(request(ms=30, name="GET /b"), request(ms=10), request(ms=20, status=500, kind="oops"))

        assert found.operations() == [
            Operation("GET /a", 2, 1, Latency(10, 20, 20, 20, 20)),
            Operation("GET /b", 1, 0, Latency(30, 30, 30, 30, 30)),
        ]

    def test_draws_a_line_of_time(self) -> None:
        """Seconds without a request are there, users stay until told otherwise."""
        found = results(request(0.2), request(2.5, status=500, kind="oops"))
        found.beat(0.0, 1)
        found.beat(2.1, 2)

        assert found.timeline() == [
            Second(0, 1, 0, 1, 10.0, 10.0),
            Second(1, 0, 0, 1, None, None),
            Second(2, 1, 1, 2, 10.0, 10.0),
        ]

    def test_measures_from_first_to_last(self) -> None:
        """Requests a second are those over the time from the first beginning to the last end."""
        found = results(request(1.0), request(2.0), request(2.5, ms=500.0))

        assert (found.seconds, found.requests_per_second) == (2.0, 1.5)

    def test_of_nothing(self) -> None:
        """Nothing sent is no failure and no rate."""
        assert (results().error_percent, results().requests_per_second, results().timeline()) == (0.0, 0.0, [])


class TestThreshold:
    """What a run must not exceed."""

    @pytest.mark.parametrize(("measured", "expected"), [(5.0, True), (5.01, False)])
    def test_holds_up_to_its_bound(self, measured: float, expected: bool) -> None:
        """The bound itself holds."""
        assert expected == Threshold("p95 in ms", 5.0, measured).holds
