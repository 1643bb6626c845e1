"""Estimated one-rep maximum and volume: the one place their formulas are written."""

from collections.abc import Callable

MOST_RELIABLE_REPS = 12
"""Sets of more repetitions give no estimate.

Both formulas were fitted to short sets: Brzycki calls the relation near linear up to about ten repetitions, and
LeSuer et al. found predictions close for sets of ten or fewer (J Strength Cond Res 1997;11(4):211-213). Two more are
allowed here because many programmes train with twelve; beyond that the two formulas drift apart, and Brzycki's has no
value at 37.
"""

EPLEY_SOURCE = 'Epley B. "Poundage Chart", in Boyd Epley Workout. Lincoln, NE: Body Enterprises; 1985, p. 86.'
BRZYCKI_SOURCE = 'Brzycki M. "Strength Testing: Predicting a One-Rep Max from Reps-to-Fatigue". JOPERD 1993;64:88-90.'

Formula = Callable[[int, float], float]
"""Repetitions and the load in kg to an estimate in kg."""


def epley_kg(reps: int, weight_kg: float) -> float:
    """Return the load one repetition would take; a single repetition is its own maximum.

    weight * (1 + reps / 30)
    Source: EPLEY_SOURCE
    """
    return weight_kg if reps == 1 else weight_kg * (1 + reps / 30)


def brzycki_kg(reps: int, weight_kg: float) -> float:
    """Return the load one repetition would take; `reps` below 37.

    weight * 36 / (37 - reps)
    Source: BRZYCKI_SOURCE
    """
    return weight_kg * 36 / (37 - reps)


def volume_kg(reps: int, weight_kg: float) -> float:
    """Return the volume of a set, repetitions times load: what was moved altogether."""
    return reps * weight_kg


def is_reliable(reps: int, weight_kg: float) -> bool:
    """Whether a set tells anything of a one-rep maximum: short enough, and with a load."""
    return 1 <= reps <= MOST_RELIABLE_REPS and weight_kg > 0
