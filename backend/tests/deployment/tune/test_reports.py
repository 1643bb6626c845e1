"""REPORT lines as Lambda writes them."""

from deployment.tune.reports import Report, Summary, reports, summaries

WARM = (
    "REPORT RequestId: 3604209a-e9a3-11e6-939a-754dd98c7be3\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
    "Memory Size: 1024 MB\tMax Memory Used: 180 MB"
)
COLD = (
    "2026-11-21T17:00:00.000Z REPORT RequestId: 4\tDuration: 802.50 ms\tBilled Duration: 2004 ms\t"
    "Memory Size: 1024 MB\tMax Memory Used: 211 MB\tInit Duration: 1200.75 ms\t"
    "XRAY TraceId: 1-5\tSegmentId: 1\tSampled: true"
)
RESTORED = (
    "REPORT RequestId: 5\tDuration: 20.00 ms\tBilled Duration: 120 ms\tMemory Size: 512 MB\tMax Memory Used: 190 MB\t"
    "Restore Duration: 310.20 ms\tBilled Restore Duration: 100 ms"
)


class TestReading:
    """What the lines say."""

    def test_warm(self) -> None:
        """An invocation of an instance that was there."""
        assert [Report(12.34, 13.0, 1024, 180, None)] == list(reports([WARM]))

    def test_cold(self) -> None:
        """One whose instance had to start, billed with the start; whatever stands around it."""
        assert [Report(802.5, 2004.0, 1024, 211, 1200.75)] == list(reports([COLD]))

    def test_restored(self) -> None:
        """One whose instance came from a snapshot."""
        assert [Report(20.0, 120.0, 512, 190, 310.2)] == list(reports([RESTORED]))

    def test_others(self) -> None:
        """Other lines, and ones that are cut off, are passed over."""
        assert not list(reports(["START RequestId: 1", "", WARM[:60], '{"message": "Duration: 5 ms"}']))


class TestSummary:
    """Invocations summed up."""

    def test_of_one_size(self) -> None:
        """Percentiles of durations, the mean of what is billed, the most memory, starts."""
        assert Summary(1024, 2, 12.34, 802.5, 802.5, 1008.5, 211, 1, 1200.75) == Summary.of(list(reports([WARM, COLD])))

    def test_by_size(self) -> None:
        """One each, the least memory first."""
        assert [512, 1024] == [one.memory_mb for one in summaries(list(reports([WARM, RESTORED, COLD])))]
