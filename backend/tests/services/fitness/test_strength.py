"""The formulas of the estimated one-rep maximum."""

import pytest

from coachwork.services.fitness.domain.strength import brzycki_kg, epley_kg, is_reliable


class TestEpley:
    """Epley's formula."""

    def test_known_value(self) -> None:
        """Five repetitions with 95 kg estimate 110.8 kg."""
        assert 110.83 == pytest.approx(epley_kg(5, 95), abs=0.01)

    def test_one_repetition_is_its_own_maximum(self) -> None:
        """A single repetition estimates nothing beyond itself."""
        assert 140 == epley_kg(1, 140)

    @pytest.mark.parametrize("reps", range(1, 12))
    def test_more_repetitions_mean_more_strength(self, reps: int) -> None:
        """At an equal load, one more repetition always estimates more."""
        assert epley_kg(reps, 100) < epley_kg(reps + 1, 100)


class TestBrzycki:
    """Brzycki's formula."""

    def test_known_value(self) -> None:
        """Ten repetitions with 100 kg estimate 133.3 kg."""
        assert 133.33 == pytest.approx(brzycki_kg(10, 100), abs=0.01)

    def test_one_repetition_is_its_own_maximum(self) -> None:
        """A single repetition estimates nothing beyond itself."""
        assert 140 == brzycki_kg(1, 140)

    def test_agrees_with_epley_at_ten(self) -> None:
        """The two formulas meet at ten repetitions."""
        assert epley_kg(10, 80) == pytest.approx(brzycki_kg(10, 80))


class TestReliable:
    """Which sets give an estimate."""

    @pytest.mark.parametrize(
        ("reps", "weight_kg", "expected"),
        [(1, 100.0, True), (12, 100.0, True), (13, 100.0, False), (37, 100.0, False), (5, 0.0, False)],
    )
    def test_short_and_loaded(self, reps: int, weight_kg: float, expected: bool) -> None:
        """Only loaded sets of up to twelve repetitions do; so Brzycki's pole at 37 is never met."""
        assert expected == is_reliable(reps, weight_kg)
