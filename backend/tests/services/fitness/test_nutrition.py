"""Energy and protein against published examples, and over HTTP."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coachwork.services.fitness.domain.nutrition.energy import (
    Energy,
    Person,
    cunningham_kcal,
    daily_energy,
    energy_for_goal,
    katch_mcardle_kcal,
    mifflin_st_jeor_kcal,
    resting_energy,
)
from coachwork.services.fitness.domain.nutrition.protein import protein_targets
from coachwork.services.fitness.domain.nutrition.targets import nutrition_targets

TARGETS, PROFILE, MEASUREMENTS = "/api/v1/nutrition/targets", "/api/v1/profile", "/api/v1/body/measurements"
TODAY = date(2026, 10, 1)
YEAR = datetime.now(UTC).year
WOMAN = Person(weight_kg=75, height_cm=165.1, ages=(45, 45), sex="female")


def energy(low: float, high: float) -> Energy:
    """Return a range of energy, for what it is worth."""
    return Energy("", low, high, "", "")


class TestEquations:
    """Energy at rest."""

    def test_mifflin_st_jeor(self) -> None:
        """A published example: a woman of 45, 75 kg and 165.1 cm rests on 1,396 kcal; a man of them on 166 more."""
        kcal = [mifflin_st_jeor_kcal(75, 165.1, 45, sex) for sex in ("female", "male")]
        assert [1396, 1562] == [round(one) for one in kcal]

    def test_by_fat_free_mass(self) -> None:
        """80 kg with a quarter of fat are 60 kg without: 500 + 1320, and 370 + 1296."""
        fat_free_kg = Person(weight_kg=80, body_fat_percent=25).fat_free_kg
        assert fat_free_kg is not None
        assert (1820, 1666) == (cunningham_kcal(fat_free_kg), katch_mcardle_kcal(fat_free_kg))

    def test_a_tenth_either_way(self) -> None:
        """The range is what the equation is known to be off by: 1395.875 less and more a tenth."""
        [found] = resting_energy(WOMAN)
        assert (1256.2875, 1535.4625) == pytest.approx((found.low_kcal, found.high_kcal))

    def test_what_is_not_told_widens(self) -> None:
        """Over both sexes, 166 kcal apart, and both ages a birth year leaves, 5 kcal apart."""
        [found] = resting_energy(Person(weight_kg=75, height_cm=165.1, ages=(44, 45)))
        assert (1395.875 * 0.9, (1395.875 + 166 + 5) * 1.1) == pytest.approx((found.low_kcal, found.high_kcal))

    @pytest.mark.parametrize(
        ("person", "expected"),
        [
            (Person(), []),
            (Person(weight_kg=75), []),
            (WOMAN, ["mifflin_st_jeor"]),
            (Person(weight_kg=75, body_fat_percent=30), ["cunningham", "katch_mcardle"]),
        ],
    )
    def test_only_with_its_inputs(self, person: Person, expected: list[str]) -> None:
        """An equation whose inputs are not known is left out."""
        assert expected == [one.name for one in resting_energy(person)]

    @given(st.floats(30, 200), st.floats(130, 210), st.integers(18, 90), st.floats(1, 50))
    def test_more_weight_never_needs_less(self, kg: float, cm: float, age: int, more: float) -> None:
        """At equal height and age, whoever is heavier rests on more, and older on less."""
        assert mifflin_st_jeor_kcal(kg, cm, age, "male") < mifflin_st_jeor_kcal(kg + more, cm, age, "male")
        assert mifflin_st_jeor_kcal(kg, cm, age + 1, "male") < mifflin_st_jeor_kcal(kg, cm, age, "male")


class TestDay:
    """daily_energy and energy_for_goal."""

    def test_the_fao_example(self) -> None:
        """1302 kcal at rest, moderately active: 1.70 to 1.99 times, around the report's 2,410 kcal."""
        found = daily_energy([energy(1302, 1302)], "moderate")
        assert found is not None
        assert (2213.4, 2590.98) == pytest.approx((found.low_kcal, found.high_kcal))

    def test_over_all_activities(self) -> None:
        """Without an activity the range is from the least to the most."""
        found = daily_energy([energy(1000, 1000)], None)
        assert found is not None
        assert (1400, 2400) == pytest.approx((found.low_kcal, found.high_kcal))

    @pytest.mark.parametrize(
        ("goal", "weight_kg", "expected"),
        [
            ("maintain", 80, (2300, 2700)),
            ("gain", 80, (2300 + 358.5, 2700 + 478.0)),
            ("lose", 80, (2300 - 750, 2700 - 500)),
            ("lose", 50, (2300 - 550, 2700 - 500)),  # 1 % of 50 kg a week is 550 kcal a day
            ("lose", 40, (2300 - 440, 2700 - 440)),
        ],
    )
    def test_for_a_goal(self, goal: Any, weight_kg: float, expected: tuple[float, float]) -> None:
        """Published deficits and surpluses, and no deficit faster than 1 % of body weight a week."""
        found = energy_for_goal(energy(2300, 2700), [energy(1400, 1600)], goal, weight_kg)
        assert expected == pytest.approx((found.low_kcal, found.high_kcal), abs=0.1)

    @given(st.floats(40, 200), st.floats(140, 210), st.integers(18, 90), st.sampled_from(["light", "vigorous", None]))
    def test_losing_never_goes_below_rest(self, kg: float, cm: float, age: int, activity: Any) -> None:
        """Whoever loses still eats what resting takes, and less than who maintains, who eats less than who gains."""
        resting = resting_energy(Person(weight_kg=kg, height_cm=cm, ages=(age, age)))
        daily = daily_energy(resting, activity)
        assert daily is not None
        lose, maintain, gain = (energy_for_goal(daily, resting, goal, kg) for goal in ("lose", "maintain", "gain"))
        assert resting[0].low_kcal <= lose.low_kcal <= lose.high_kcal
        assert lose.high_kcal < maintain.high_kcal < gain.high_kcal


class TestProtein:
    """protein_targets."""

    @pytest.mark.parametrize(
        ("person", "goal", "expected"),
        [
            (Person(), "maintain", []),
            (Person(weight_kg=80), "maintain", [("training", 112, 160)]),
            (Person(weight_kg=80), "gain", [("muscle", 128, 176), ("training", 112, 160)]),
            (Person(weight_kg=80), "lose", [("training", 112, 160)]),
            (
                Person(weight_kg=80, body_fat_percent=25),
                "lose",
                [("losing_while_lifting", 138, 186), ("training", 112, 160)],
            ),
            (Person(weight_kg=80, ages=(66, 67)), "maintain", [("training", 112, 160), ("older_adults", 80, 96)]),
        ],
    )
    def test_published_ranges(self, person: Person, goal: Any, expected: list[tuple[str, float, float]]) -> None:
        """Grams per kilogram times the kilograms they are of, those for the goal first."""
        found = [(one.name, round(one.low_g, 6), round(one.high_g, 6)) for one in protein_targets(person, goal)]
        assert expected == found


class TestWithheld:
    """nutrition_targets: what it does not tell."""

    def test_who_may_be_under_18(self) -> None:
        """Nothing is told, and a referral is."""
        found = nutrition_targets(WOMAN, birth_year=2008, activity=None, goal="maintain", today=TODAY)
        assert ([], [], ["everything"]) == (
            list(found.resting_energy),
            list(found.protein),
            [one.what for one in found.withheld],
        )

    @pytest.mark.parametrize("height_cm", [None, 170.0])
    def test_losing_when_underweight_or_unknown(self, height_cm: float | None) -> None:
        """No deficit for 50 kg at 170 cm (17.3), nor without a height; the protein is not that of a deficit."""
        person = Person(weight_kg=50, height_cm=height_cm, ages=(30, 31), body_fat_percent=15)
        found = nutrition_targets(person, birth_year=1995, activity=None, goal="lose", today=TODAY)
        assert (None, ["energy_for_goal"]) == (found.energy_for_goal, [one.what for one in found.withheld])
        assert ["training"] == [one.name for one in found.protein]
        assert nutrition_targets(person, birth_year=1995, activity=None, goal="gain", today=TODAY).energy_for_goal


class TestTargets:
    """GET /nutrition/targets."""

    def test_says_what_is_missing(self, caller: TestClient) -> None:
        """A new user is told no figure but what it would take, and for whom none holds."""
        told = caller.get(TARGETS).json()
        assert ([], None, [], "maintain") == (
            told["resting_energy"],
            told["daily_energy"],
            told["protein"],
            told["goal"],
        )
        assert ["weight_kg", "height_cm", "birth_year", "sex_for_equations", "body_fat_percent", "activity"] == [
            one["name"] for one in told["missing"]
        ]
        assert {"pregnant", "18", "kidney", "eating"} <= set(
            " ".join(one["who"] for one in told["does_not_hold_for"]).split()
        )

    def test_ranges_with_their_sources(self, caller: TestClient) -> None:
        """A man of 30 or 31, 80 kg and 180 cm: 1775 to 1780 kcal at rest, less and more a tenth, x 1.40 to 1.69."""
        profile = {"height_cm": 180.0, "birth_year": YEAR - 31, "sex_for_equations": "male", "goal": "muscle"}
        caller.put(PROFILE, json={**profile, "weight_kg": 99.0})
        row = caller.post(MEASUREMENTS, json={"weight_kg": 80.0}).json()
        told = caller.get(TARGETS, params={"activity": "light"}).json()
        [resting], daily = told["resting_energy"], told["daily_energy"]
        assert (1600, 1960) == (resting["low_kcal"], resting["high_kcal"])
        assert (2240, 3310) == (daily["low_kcal"], daily["high_kcal"])
        assert ("gain", 2600, 3790, 3200) == (
            told["goal"],
            told["energy_for_goal"]["low_kcal"],
            told["energy_for_goal"]["high_kcal"],
            told["start_kcal"],
        )
        assert (128, 176) == (told["protein"][0]["low_g"], told["protein"][0]["high_g"])
        assert all(one["source"] for one in (resting, daily, told["energy_for_goal"], *told["protein"]))
        used = {one["name"]: (one["value"], one["origin"], one["row_id"]) for one in told["inputs"]}
        assert {
            "weight_kg": (80.0, "measurement", row["id"]),
            "goal": ("gain", "profile", None),
            "activity": ("light", "request", None),
        }.items() <= used.items()
        assert ["body_fat_percent"] == [one["name"] for one in told["missing"]]
        assert "not a diagnosis" in told["in_words"][-1]

    def test_an_old_weight_is_called_old(self, caller: TestClient) -> None:
        """What was measured a year ago still counts, and a newer one is asked for."""
        at = (datetime.now(UTC) - timedelta(days=365)).isoformat()
        caller.post(MEASUREMENTS, json={"weight_kg": 80.0, "body_fat_percent": 20.0, "measured_at": at})
        told = caller.get(TARGETS).json()
        assert ["cunningham", "katch_mcardle"] == [one["name"] for one in told["resting_energy"]]
        assert {"weight_kg", "body_fat_percent"} <= {one["name"] for one in told["missing"]}

    def test_refers_who_may_be_under_18(self, caller: TestClient) -> None:
        """No figure, a reason and who can help."""
        caller.put(PROFILE, json={"height_cm": 170.0, "weight_kg": 60.0, "birth_year": YEAR - 15})
        told = caller.get(TARGETS, params={"goal": "lose"}).json()
        assert ([], None, []) == (told["resting_energy"], told["energy_for_goal"], told["protein"])
        assert "paediatrician" in told["withheld"][0]["refer_to"]

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's weight tells nothing of mine."""
        other_caller.post(MEASUREMENTS, json={"weight_kg": 80.0, "body_fat_percent": 20.0})
        assert [] == caller.get(TARGETS).json()["resting_energy"]

    @pytest.mark.parametrize(("name", "value"), [("activity", "couch"), ("goal", "shred"), ("sex", "male")])
    def test_bad_values_are_named(self, caller: TestClient, name: str, value: str) -> None:
        """A value it does not take answers 422 and says which."""
        response = caller.get(TARGETS, params={name: value})
        assert (422, f"query/{name}") == (response.status_code, response.json()["errors"][0]["location"])
