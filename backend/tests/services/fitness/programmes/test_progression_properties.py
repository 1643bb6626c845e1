"""What holds of the progression whatever is lifted."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.services.fitness.programmes.stories import Trainee, done, slot

from coachwork.services.fitness.domain.programmes import plates
from coachwork.services.fitness.domain.programmes.history import Target
from coachwork.services.fitness.domain.programmes.plan import Deload, Progression, SetConfiguration
from coachwork.services.fitness.domain.programmes.progression import prescribe

STEPS = st.sampled_from([0.25, 0.5, 1.0, 1.25, 2.0, 2.5, 4.0, 5.0, 10.0])
LOADS = st.integers(0, 30_000).map(lambda units: units / 100)
ONE_SET = st.tuples(st.integers(1, 12), st.one_of(LOADS, st.sampled_from([60.0, 62.5, 65.0])))
WORKOUTS = st.lists(st.lists(ONE_SET, max_size=5).map(lambda sets: done(*sets)), max_size=12)
RULES = st.builds(
    Progression,
    rule=st.sampled_from(["linear", "double"]),
    increment_kg=STEPS,
    qualifying_workouts=st.integers(1, 3),
    deload=st.builds(Deload, after_failures=st.none() | st.integers(1, 4), every_weeks=st.none() | st.integers(2, 6)),
)
SETS = st.builds(
    lambda sets, low, more, load: SetConfiguration(sets, sets, low, low + more, weight_kg=load),
    st.integers(1, 5),
    st.integers(1, 8),
    st.integers(0, 4),
    LOADS,
)


def _trained(rule: Progression, sets: SetConfiguration, step_kg: float, workouts: list) -> tuple[Trainee, list]:
    """Return the lifter after those workouts, and what each of them was asked, the next one too."""
    lifter = Trainee(slot(rule, sets, rounding_kg=step_kg))
    asked = []
    for workout in workouts:
        asked.append(lifter.asked)
        lifter.train(workout)
    return lifter, [*asked, lifter.asked]


def _load(targets: list[Target]) -> float:
    return targets[0].weight_kg or 0.0


class TestLoads:
    """What is put on the bar."""

    @given(RULES, SETS, STEPS, WORKOUTS)
    def test_never_less_without_a_deload(
        self, rule: Progression, sets: SetConfiguration, step_kg: float, workouts: list
    ) -> None:
        """The load falls only where the decision says so; after a light week it is back at least to what it was."""
        _, asked = _trained(rule, sets, step_kg, workouts)
        usual = [one for one in asked if one.decision.kind != "deload"]
        for before, after in pairwise(usual):
            assert after.decision.kind == "reset" or _load(after.targets) >= _load(before.targets)

    @given(RULES, SETS, STEPS, WORKOUTS)
    def test_increases_are_earned_and_real(
        self, rule: Progression, sets: SetConfiguration, step_kg: float, workouts: list
    ) -> None:
        """Where the sentence says more there is more, on the plates' grid, and a log to show for it."""
        _, asked = _trained(rule, sets, step_kg, workouts)
        usual = [one for one in asked if one.decision.kind != "deload"]
        for before, after in pairwise(usual):
            if after.decision.kind == "increase":
                assert _load(after.targets) > _load(before.targets)
                assert _load(after.targets) == plates.nearest(_load(after.targets), step_kg)
                assert len(after.decision.evidence) >= rule.qualifying_workouts

    @given(SETS, STEPS, st.integers(1, 8))
    def test_one_step_a_workout(self, sets: SetConfiguration, step_kg: float, workouts: int) -> None:
        """Doing just what is asked for adds one step a workout."""
        lifter = Trainee(slot(Progression("linear", step_kg), sets, rounding_kg=step_kg))
        start = _load(lifter.asked.targets)
        lifter.succeed(workouts)
        assert round(start + workouts * step_kg, 2) == _load(lifter.asked.targets)


class TestReading:
    """Asking what is next."""

    @given(RULES, SETS, STEPS, WORKOUTS, st.randoms(use_true_random=False))
    def test_in_any_order_and_again(
        self, rule: Progression, sets: SetConfiguration, step_kg: float, workouts: list, chance: object
    ) -> None:
        """The same history in any order, read any number of times, asks for the same."""
        lifter, asked = _trained(rule, sets, step_kg, workouts)
        shuffled = list(lifter.history)
        chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's Random
        assert asked[-1] == prescribe(lifter.plan, shuffled, at=lifter.at)
        assert asked[-1] == lifter.asked

    @given(RULES, SETS, STEPS, WORKOUTS)
    def test_every_decision_explains_itself(
        self, rule: Progression, sets: SetConfiguration, step_kg: float, workouts: list
    ) -> None:
        """A sentence each, and only logs there are as evidence, the earliest first."""
        lifter, asked = _trained(rule, sets, step_kg, workouts)
        logs = [performance.log_id for performance in lifter.history]
        for one in asked:
            places = [logs.index(log) for log in one.decision.evidence]
            assert one.decision.sentence
            assert sorted(places) == places


class TestPlates:
    """Rounding."""

    @given(LOADS, STEPS)
    def test_nearest(self, weight_kg: float, step_kg: float) -> None:
        """At most half a step away, and a multiple of the step."""
        rounded = plates.nearest(weight_kg, step_kg)
        assert abs(rounded - weight_kg) <= step_kg / 2 + 1e-9
        assert 0 == round(rounded * 100) % round(step_kg * 100)
        assert rounded == plates.nearest(rounded, step_kg)

    @given(LOADS, st.floats(0.01, 20), STEPS)
    def test_heavier(self, weight_kg: float, by_kg: float, step_kg: float) -> None:
        """More, by at most the raise and a step."""
        raised = plates.heavier(weight_kg, by_kg, step_kg)
        assert weight_kg < raised <= weight_kg + by_kg + step_kg + 1e-9

    @given(LOADS.filter(bool), st.floats(1, 90), STEPS)
    def test_lighter(self, weight_kg: float, percent: float, step_kg: float) -> None:
        """Less by at least the percentage, to the ten grams, and by no more than a step beyond it."""
        lowered, exact = plates.lighter(weight_kg, percent, step_kg), weight_kg * (100 - percent) / 100
        assert exact - step_kg - 0.005 <= lowered <= exact + 0.005 + 1e-9

    def test_the_heaviest(self) -> None:
        """There is an end."""
        assert 1000.0 == plates.heavier(1000, 2.5, 2.5)
