"""Loads as plates make them: multiples of a step. Computed in grams, so that no binary fraction is ever in the way."""

HEAVIEST_KG = 1000.0
"""No load is planned beyond this."""

_TEN_GRAMS = 100


def nearest(weight_kg: float, step_kg: float) -> float:
    """Return the multiple of the step nearest to the weight, the heavier of two that are equally near."""
    units, step = _units(weight_kg), _units(step_kg)
    return _weight((2 * units + step) // (2 * step) * step, step)


def heavier(weight_kg: float, by_kg: float, step_kg: float) -> float:
    """Return the weight raised by about `by_kg` to a multiple of the step: at least to the next one above.

    Without a raise (0), and at the heaviest load there is, the weight stays.
    """
    if by_kg <= 0:
        return weight_kg
    units, step = _units(weight_kg), _units(step_kg)
    next_above = (units // step + 1) * step
    raised = max(next_above, _units(nearest(weight_kg + by_kg, step_kg)))
    return max(weight_kg, _weight(raised, step))


def lighter(weight_kg: float, by_percent: float, step_kg: float) -> float:
    """Return the weight lowered by about `by_percent` to a multiple of the step, never lowered by less; 0 at least."""
    units, step = round(_units(weight_kg) * (100 - by_percent) / 100), _units(step_kg)
    return _weight(max(0, units // step * step), step)


def _units(weight_kg: float) -> int:
    return round(weight_kg * _TEN_GRAMS)


def _weight(units: int, step: int) -> float:
    heaviest = _units(HEAVIEST_KG) // step * step
    return min(units, heaviest) / _TEN_GRAMS
