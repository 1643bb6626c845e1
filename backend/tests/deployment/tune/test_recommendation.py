"""Which memory size is recommended, and what is not claimed."""

from dataclasses import replace
from decimal import Decimal

from deployment.tune.recommendation import from_one_size, from_sweep
from deployment.tune.reports import Summary

GB_SECOND = Decimal("0.0000166667")
MEASURED = Summary(
    memory_mb=1024,
    invocations=500,
    p50_ms=40.0,
    p95_ms=100.0,
    p99_ms=300.0,
    mean_billed_ms=60.0,
    most_used_mb=180,
    starts=3,
    mean_start_ms=900.0,
)


class TestOneSize:
    """What one size allows to say."""

    def test_is_smaller_where_that_is_safe(self) -> None:
        """With 512 MB p95 is 200 ms at the worst, with 256 MB 400: within 250 ms, 512 it is."""
        recommendation = from_one_size(MEASURED, 250)

        assert recommendation.memory_mb == 512
        assert "between 100 ms (if it waits) and 200 ms (if it computes), within 250 ms" in recommendation.why[-1]

    def test_stays_without_a_limit(self) -> None:
        """Nothing says how slow it may become."""
        recommendation = from_one_size(MEASURED, None)

        assert recommendation.memory_mb == 1024
        assert "give a limit" in recommendation.why[-1]

    def test_stays_where_nothing_is_safe(self) -> None:
        """A smaller one might be too slow, which one size cannot tell."""
        assert from_one_size(MEASURED, 110).memory_mb == 1024

    def test_does_not_know_what_would_be_faster(self) -> None:
        """Over the limit, more memory helps or not: a sweep has to tell."""
        recommendation = from_one_size(MEASURED, 50)

        assert recommendation.memory_mb == 1024
        assert "one size cannot tell which: --sweep can" in recommendation.why[-1]

    def test_grows_where_memory_is_short(self) -> None:
        """A quarter of headroom over the most that was used."""
        assert from_one_size(replace(MEASURED, most_used_mb=900), 250).memory_mb == 1125

    def test_keeps_room_for_what_is_used(self) -> None:
        """No size that would be full."""
        assert from_one_size(replace(MEASURED, most_used_mb=500), 1000).memory_mb == 768

    def test_has_one_processor_at_most(self) -> None:
        """Beyond 1,769 MB there is a second one, for nobody."""
        assert from_one_size(replace(MEASURED, memory_mb=3008), None).memory_mb == 1769

    def test_doubts_few_invocations(self) -> None:
        """Percentiles of few mean little, and that is said."""
        assert "fewer than 30" in from_one_size(replace(MEASURED, invocations=5), 250).why[1]


class TestSweep:
    """What a sweep shows."""

    def test_is_the_cheapest_within_the_limit(self) -> None:
        """Code that computes costs the same with any size, so the smallest that is fast enough wins on rounding."""
        found = [
            replace(MEASURED, memory_mb=512, p95_ms=210.0, mean_billed_ms=121.0),
            replace(MEASURED, memory_mb=1024, p95_ms=100.0, mean_billed_ms=60.0),
            replace(MEASURED, memory_mb=1769, p95_ms=58.0, mean_billed_ms=35.0),
        ]

        assert from_sweep(found, 150, GB_SECOND).memory_mb == 1024
        assert from_sweep(found, 60, GB_SECOND).memory_mb == 1769

    def test_says_when_none_is_fast_enough(self) -> None:
        """The fastest, and that it is over the limit."""
        recommendation = from_sweep([MEASURED, replace(MEASURED, memory_mb=512, p95_ms=210.0)], 50, GB_SECOND)

        assert recommendation.memory_mb == 1024
        assert "no size keeps p95 within 50 ms" in recommendation.why[0]
