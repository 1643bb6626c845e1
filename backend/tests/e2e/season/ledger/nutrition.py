"""Energy and protein, by the equations the answer names."""

from typing import Any

from tests.e2e.season.compare import Near

Json = dict[str, Any]
FACTORS = {"light": (1.40, 1.69), "moderate": (1.70, 1.99), "vigorous": (2.00, 2.40)}
KCAL_PER_KG = 7700


def _tens(low: float, high: float) -> Json:
    return {"low_kcal": Near(low, -1), "high_kcal": Near(high, -1)}


def targets(
    *, weight_kg: float, height_cm: float, fat_percent: float, birth_year: int, this_year: int, activity: str, goal: str
) -> Json:
    """Return what `GET /nutrition/targets` shows a man."""
    lean = weight_kg * (1 - fat_percent / 100)
    ages = (this_year - birth_year - 1, this_year - birth_year)
    mifflin = [10 * weight_kg + 6.25 * height_cm - 5 * age + 5 for age in ages]
    resting = {
        "mifflin_st_jeor": (0.9 * min(mifflin), 1.1 * max(mifflin)),
        "cunningham": (0.9 * (500 + 22 * lean), 1.1 * (500 + 22 * lean)),
        "katch_mcardle": (0.9 * (370 + 21.6 * lean), 1.1 * (370 + 21.6 * lean)),
    }
    low_rest, high_rest = min(low for low, _ in resting.values()), max(high for _, high in resting.values())
    daily = low_rest * FACTORS[activity][0], high_rest * FACTORS[activity][1]
    asked = _for_goal(goal, daily, low_rest, weight_kg)
    return {
        "resting_energy": [{"name": name, **_tens(*both)} for name, both in resting.items()],
        "daily_energy": _tens(*daily),
        "energy_for_goal": _tens(*asked),
        "start_kcal": Near(50 * round(sum(asked) / 2 / 50), 0),
        "protein": [_protein(*one, {"lean": lean, "body": weight_kg}) for one in PROTEIN[goal]],
    }


def _for_goal(goal: str, daily: tuple[float, float], rest: float, weight_kg: float) -> tuple[float, float]:
    if goal == "maintain":
        return daily
    if goal == "gain":
        return daily[0] + 1500 / 4.184, daily[1] + 2000 / 4.184
    most = 0.01 * weight_kg * KCAL_PER_KG / 7
    return max(rest, daily[0] - min(750, most)), max(rest, daily[1] - min(500, most))


TRAINING = ("training", 1.4, 2.0, "body")
PROTEIN = {
    "maintain": [TRAINING],
    "gain": [("muscle", 1.6, 2.2, "body"), TRAINING],
    "lose": [("losing_while_lifting", 2.3, 3.1, "lean"), TRAINING],
}


def _protein(name: str, low: float, high: float, of: str, masses: dict[str, float]) -> Json:
    grams = {"low_g": Near(low * masses[of], 0), "high_g": Near(high * masses[of], 0)}
    return {"name": name, "low_g_per_kg": low, "high_g_per_kg": high, **grams}
