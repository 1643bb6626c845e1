"""How figures are summed up."""

from benchmarks.figures import Sample, Target, percentile_95, ratio


class TestSample:
    """Repeated measurements."""

    def test_sums_up(self) -> None:
        """The middle and both ends, whatever the order."""
        assert Sample(median=3, low=1, high=9) == Sample.of([9, 1, 3])

    def test_shows_its_spread(self) -> None:
        """A figure never stands without how far it strayed."""
        assert "3.0 (1.0 to 9.0)" == Sample(3, 1, 9).shown(1)


class TestRatio:
    """Two things measured in turns."""

    def test_pairs_rounds(self) -> None:
        """A round that was slow for both does not count for either."""
        assert 2 == ratio([20, 200, 22], to=[10, 100, 11])


class TestTarget:
    """What was aimed at."""

    def test_holds_up_to_its_limit(self) -> None:
        """The limit itself is still good."""
        assert (True, False) == (Target("", 1.3, 1.3).holds, Target("", 1.31, 1.3).holds)


class TestPercentile:
    """The slow end."""

    def test_leaves_five_of_a_hundred_above(self) -> None:
        """Of the numbers up to 1000, 95 % are under 951."""
        assert 951 == round(percentile_95(range(1, 1001)))
