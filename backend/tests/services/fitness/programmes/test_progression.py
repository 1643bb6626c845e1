"""The progression's decisions, by example: what is asked for next, why, and on which evidence."""

from datetime import timedelta

import pytest
from tests.services.fitness.programmes.stories import MONDAY, Trainee, done, log_of, slot

from coachwork.services.fitness.domain.programmes.plan import Deload, Progression, SetConfiguration
from coachwork.services.fitness.domain.programmes.progression import BestSet, prescribe

DOUBLE = Progression("double", 2.5, deload=Deload(after_failures=2))
EIGHT_TO_TWELVE = SetConfiguration(3, 3, 8, 12, weight_kg=40, reps_in_reserve=2)


class TestStart:
    """A slot that was never done."""

    def test_with_a_load(self) -> None:
        """It starts with the plan's load, as plates make it."""
        asked = Trainee(slot(None, SetConfiguration(3, 3, 5, 5, weight_kg=61))).asked
        assert ("start", "Start with 60 kg, as planned") == (asked.decision.kind, asked.decision.sentence)
        assert (60.0, ()) == (asked.targets[0].weight_kg, asked.decision.evidence)

    def test_without_a_load(self) -> None:
        """The lifter chooses, and the next workout goes on from what they chose."""
        lifter = Trainee(slot(None, SetConfiguration(3, 3, 5, 5, reps_in_reserve=2)))
        assert "Start: choose a load that leaves 2 repetitions in reserve" == lifter.asked.decision.sentence
        lifter.train(done((5, 40), (5, 50), (5, 50), (5, 50)))
        assert [52.5] == lifter.loads
        assert "+2.5 kg to 52.5 kg: 3x5 done at 50 kg" == lifter.asked.decision.sentence


class TestLinear:
    """A little more after each workout that was done."""

    def test_one_step_and_its_evidence(self) -> None:
        """The step names what was done and the log it lies in."""
        lifter = Trainee(slot())
        lifter.succeed()
        decision = lifter.asked.decision
        assert ("increase", "+2.5 kg to 62.5 kg: 3x5 done at 60 kg") == (decision.kind, decision.sentence)
        assert (log_of(0),) == tuple(decision.evidence)

    def test_twice_before_a_step(self) -> None:
        """A step that takes two workouts says so, with the reserve they left."""
        plan = slot(
            Progression("linear", qualifying_workouts=2), SetConfiguration(3, 3, 8, 8, weight_kg=60, reps_in_reserve=2)
        )
        lifter = Trainee(plan)
        lifter.succeed(rpe=8)
        assert "Again 60 kg: 3x8 done at 60 kg and RIR 2 in 1 of 2 workouts in a row" == lifter.asked.decision.sentence
        lifter.succeed(rpe=8)
        decision = lifter.asked.decision
        assert "+2.5 kg to 62.5 kg: 3x8 done at 60 kg and RIR 2 twice" == decision.sentence
        assert (log_of(0), log_of(1)) == tuple(decision.evidence)

    def test_reading_twice(self) -> None:
        """Reading changes nothing."""
        lifter = Trainee(slot())
        lifter.succeed()
        assert lifter.asked == lifter.asked

    def test_too_little_reserve(self) -> None:
        """Everything done, but harder than asked for: the same again, and no failure."""
        lifter = Trainee(slot(None, SetConfiguration(3, 3, 5, 5, weight_kg=60, reps_in_reserve=2)))
        lifter.succeed(rpe=9.5)
        decision = lifter.asked.decision
        assert ("repeat", "Again 60 kg: RIR 0.5 where 2 was asked for") == (decision.kind, decision.sentence)

    @pytest.mark.parametrize(
        ("sets", "why"),
        [
            (done((5, 60), (5, 60), (4, 60)), "3x5 missed (5, 5, 4)"),
            (done((5, 60), (5, 60)), "2 of 3 sets done with that load"),
            (done((5, 57.5), (5, 57.5), (5, 57.5)), "0 of 3 sets done with that load"),
            (done((5, 60), (5, 60), (3, 62.5)), "5, 5, 3 of 3x5 done"),
        ],
    )
    def test_what_does_not_qualify(self, sets: list, why: str) -> None:
        """Missed repetitions, missing sets and lighter sets earn no step, and the sentence says which it was."""
        lifter = Trainee(slot())
        lifter.train(sets)
        assert ([60.0], f"Again 60 kg: {why}") == (lifter.loads, lifter.asked.decision.sentence)

    def test_more_on_the_bar_than_asked(self) -> None:
        """It goes on from what the bar carried; warm-ups do not count, nor does an extra set."""
        lifter = Trainee(slot())
        lifter.train(done((5, 20), (5, 40), (5, 65), (5, 65), (5, 65), (2, 90)))
        assert [67.5] == lifter.loads

    def test_reset_after_failures(self) -> None:
        """Three failures in a row take a tenth off, rounded down; then it goes up again."""
        lifter = Trainee(slot())
        lifter.fail(3)
        decision = lifter.asked.decision
        assert "-7.5 kg to 52.5 kg: 3x5 missed 3 times at 60 kg (5, 5, 4)" == decision.sentence
        assert (log_of(0), log_of(1), log_of(2)) == tuple(decision.evidence)
        lifter.succeed()
        assert [55.0] == lifter.loads
        lifter.fail(2)
        assert [55.0] == lifter.loads

    def test_a_success_between_failures(self) -> None:
        """Failures count in a row."""
        lifter = Trainee(slot())
        lifter.fail(2)
        lifter.succeed()
        lifter.fail(2)
        assert ("repeat", [62.5]) == (lifter.asked.decision.kind, lifter.loads)

    def test_top_set_and_back_off_sets(self) -> None:
        """Both lines rise when both were done; neither when one was not."""
        lines = SetConfiguration(1, 1, 5, 5, weight_kg=100), SetConfiguration(2, 2, 8, 8, weight_kg=80)
        lifter = Trainee(slot(None, *lines))
        lifter.succeed()
        assert [102.5, 82.5] == lifter.loads
        lifter.train(done((5, 102.5), (8, 82.5), (7, 82.5)))
        assert [102.5, 82.5] == lifter.loads

    @pytest.mark.parametrize(
        ("increment_kg", "rounding_kg", "expected"), [(1, 2.5, 62.5), (1.25, 1.25, 61.25), (5, 2, 66)]
    )
    def test_steps_are_plates(self, increment_kg: float, rounding_kg: float, expected: float) -> None:
        """A step is at least one of the plates', and lands on their grid."""
        lifter = Trainee(slot(Progression("linear", increment_kg), rounding_kg=rounding_kg))
        lifter.succeed()
        assert [expected] == lifter.loads


class TestDouble:
    """More repetitions first, then more load."""

    def test_repetitions_then_load(self) -> None:
        """The goal is one more than the weakest set; the load rises at the top, and the goal starts over."""
        lifter = Trainee(slot(DOUBLE, EIGHT_TO_TWELVE))
        assert (8, 40.0) == (lifter.asked.targets[0].goal_reps, lifter.asked.targets[0].weight_kg)
        lifter.train(done((10, 40), (9, 40), (9, 40)))
        assert (10, 40.0) == (lifter.asked.targets[0].goal_reps, lifter.asked.targets[0].weight_kg)
        assert "Again 40 kg: 10, 9, 9 done, the next step comes at 3x12" == lifter.asked.decision.sentence
        lifter.train(done((12, 40), (12, 40), (12, 40)))
        assert (8, 42.5) == (lifter.asked.targets[0].goal_reps, lifter.asked.targets[0].weight_kg)
        assert "+2.5 kg to 42.5 kg: 3x12 done at 40 kg" == lifter.asked.decision.sentence

    def test_no_load_to_add(self) -> None:
        """With the body alone the top is where a harder variation is due, and nothing is ever taken off."""
        plan = slot(Progression("double", 0, deload=Deload(1)), SetConfiguration(3, 3, 6, 15, weight_kg=0))
        lifter = Trainee(plan)
        lifter.succeed()
        assert [0.0] == lifter.loads
        assert "3x15 done: no load to add here, so choose a harder variation, or more repetitions" == (
            lifter.asked.decision.sentence
        )
        lifter.fail()
        assert ("repeat", [0.0]) == (lifter.asked.decision.kind, lifter.loads)


class TestPercentage:
    """Shares of the estimated one-rep maximum."""

    PLAN = slot(
        Progression("percentage", deload=Deload(after_failures=2)),
        SetConfiguration(1, 1, 5, 5, percent_of_e1rm=75),
        SetConfiguration(1, 1, 3, 3, percent_of_e1rm=85),
    )
    BEST = BestSet(log_of(99), 5, 100, MONDAY - timedelta(days=3))

    def test_loads_and_evidence(self) -> None:
        """The sentence names the set that made the estimate, and the evidence its log."""
        asked = Trainee(self.PLAN, best=self.BEST).asked
        assert [87.5, 100.0] == [target.weight_kg for target in asked.targets]
        assert (
            "75 % and 85 % of your estimated one-rep maximum of 116.7 kg (5 x 100 kg on 2026-01-02): 87.5 kg and 100 kg"
        ) == asked.decision.sentence
        assert (log_of(99),) == tuple(asked.decision.evidence)

    def test_without_an_estimate(self) -> None:
        """Nothing to take a share of: the lifter chooses."""
        asked = Trainee(self.PLAN).asked
        assert [None, None] == [target.weight_kg for target in asked.targets]
        assert "start" == asked.decision.kind

    def test_less_after_failures_once(self) -> None:
        """Two failures in a row lower one workout; then the shares are as planned."""
        lifter = Trainee(self.PLAN, best=self.BEST)
        lifter.fail(2)
        assert ("reset", [77.5, 90.0]) == (lifter.asked.decision.kind, lifter.loads)
        lifter.succeed()
        assert ("estimate", [87.5, 100.0]) == (lifter.asked.decision.kind, lifter.loads)

    def test_weeks_of_a_cycle(self) -> None:
        """Each week of the cycle has its own sets."""
        lines = [
            SetConfiguration(1, 1, 5, 5, percent_of_e1rm=percent, weeks=[week]) for week, percent in ((1, 75), (2, 85))
        ]
        plan = slot(Progression("percentage"), *lines)
        loads = [
            [target.weight_kg for target in prescribe(plan, [], at=MONDAY, week=week, best=self.BEST).targets]
            for week in (1, 2)
        ]
        assert [[87.5], [100.0]] == loads


class TestLightWeeks:
    """A deload every so many weeks."""

    PLAN = slot(Progression("linear", deload=Deload(every_weeks=4, percent=20)))

    def test_a_whole_week(self) -> None:
        """Every workout of the seven days is light, and the sentence says since when it was earned."""
        lifter = Trainee(self.PLAN, every_days=3)
        lifter.succeed(9)
        kinds = []
        for _ in range(5):  # on the days 27, 30, 33, 36 and 39
            kinds.append(lifter.asked.decision.kind)
            sentence = lifter.asked.decision.sentence if kinds[-1] == "deload" else ""
            assert sentence in {"", "Light week, 20 % less: 4 weeks of training since 2026-01-05"}
            lifter.succeed()
        assert ["increase", "deload", "deload", "deload", "increase"] == kinds

    def test_the_load_comes_back(self) -> None:
        """What the light week carried is no base for anything."""
        lifter = Trainee(self.PLAN)
        lifter.succeed(4)
        assert ("deload", [55.0]) == (lifter.asked.decision.kind, lifter.loads)
        lifter.succeed()
        assert ("increase", [70.0]) == (lifter.asked.decision.kind, lifter.loads)

    def test_weeks_count_anew(self) -> None:
        """The next light week comes after as many weeks again."""
        lifter = Trainee(self.PLAN)
        kinds = []
        for _ in range(11):
            kinds.append(lifter.asked.decision.kind)
            lifter.succeed()
        assert [4, 9] == [week for week, kind in enumerate(kinds) if kind == "deload"]


class TestHistory:
    """What is asked for follows from the logs as they are now."""

    def test_editing_the_last_log(self) -> None:
        """A success that turns out to be none earns no step, and back."""
        lifter = Trainee(slot())
        lifter.succeed()
        lifter.edit(0, done((5, 60), (5, 60), (3, 60)))
        assert [60.0] == lifter.loads
        lifter.edit(0, done((5, 60), (5, 60), (5, 60)))
        assert [62.5] == lifter.loads

    def test_deleting_the_last_log(self) -> None:
        """It is as if the workout had not been."""
        lifter = Trainee(slot())
        lifter.succeed()
        before = lifter.asked
        lifter.succeed()
        lifter.history.pop()
        assert before == lifter.asked

    def test_editing_an_older_log(self) -> None:
        """The bar carried more since: it goes on from there."""
        lifter = Trainee(slot())
        lifter.succeed(3)
        lifter.edit(0, done((1, 60)))
        assert [67.5] == lifter.loads

    def test_fixed(self) -> None:
        """A fixed slot stays as planned whatever is done."""
        lifter = Trainee(slot(Progression("fixed"), SetConfiguration(1, 1, duration_seconds=1800)))
        lifter.train(done((0, 0)))
        assert ("repeat", "As planned") == (lifter.asked.decision.kind, lifter.asked.decision.sentence)
