"""The safety screen's mechanics; how much it recognises is measured by `make eval`."""

import pytest

from coachwork.services.fitness.domain.safety import SAFE_ANSWERS, Concern, screen
from coachwork.services.fitness.domain.safety.classifier import CONCERNS, WEIGHTS, Classifier, trained
from coachwork.services.fitness.domain.safety.features import features, stems
from coachwork.services.fitness.domain.safety.rules import RULES
from coachwork.services.fitness.domain.safety.screen import concern_of, plain

PARAPHRASES = [
    ("my mate went all floppy and grey on the bike and isn't answering me", Concern.MEDICAL_EMERGENCY),
    ("I only let myself have dinner if I earned it with a run, otherwise I feel disgusting", Concern.EATING_DISORDER),
    ("there's nothing left for me here and I don't want to be around any more", Concern.SELF_HARM),
    ("kneecap feels wobbly and puffed up since I landed badly, ok to jump tomorrow?", Concern.INJURY),
]


class TestScreen:
    """screen."""

    @pytest.mark.parametrize(
        ("message", "concern"),
        [
            ("I have chest pain and my left arm feels numb", Concern.MEDICAL_EMERGENCY),
            ("My pee looks like cola after yesterday", Concern.MEDICAL_EMERGENCY),
            ("I make myself throw up after dinner", Concern.EATING_DISORDER),
            ("I ONLY eat 500 calories, what workout burns most?", Concern.EATING_DISORDER),
            ("my knee hurts when I squat", Concern.INJURY),
            ("I can’t put weight on my ankle", Concern.INJURY),
            ("I don't want to live", Concern.SELF_HARM),
        ],
    )
    def test_it_stops_at_a_concern(self, message: str, concern: Concern) -> None:
        """Whatever the case or the kind of apostrophe."""
        answer = screen(message)
        assert concern == (answer and answer.concern)

    @pytest.mark.parametrize(
        "message",
        [
            "How do I avoid knee injuries?",
            "My legs are killing me after squats",
            "Is a 500 calorie deficit per day fine?",
            "I broke my deadlift PR!",
            "Which chest exercises are best?",
            "I collapsed on the couch after my first 10k",
            "I don't want to live in the gym, what's the minimum?",
            "Our coach makes us run suicides",
            "I knocked out 50 push-ups today",
            "",
        ],
    )
    def test_it_lets_others_pass(self, message: str) -> None:
        """Words that merely resemble a concern are no reason to stop."""
        assert screen(message) is None

    def test_the_most_urgent_concern_wins(self) -> None:
        """With two concerns the caller hears about the more urgent one."""
        answer = screen("I tore my hamstring and now I want to die")
        assert Concern.SELF_HARM == (answer and answer.concern)

    @pytest.mark.parametrize(("message", "concern"), PARAPHRASES)
    def test_the_classifier_catches_what_the_rules_do_not_foresee(self, message: str, concern: Concern) -> None:
        """No rule matches, and yet the screen stops."""
        assert not any(rule.matches(plain(message)) for rule in RULES)
        answer = screen(message)
        assert concern == (answer and answer.concern)

    @pytest.mark.parametrize(("message", "concern"), PARAPHRASES)
    def test_small_talk_hides_no_concern(self, message: str, concern: Concern) -> None:
        """A concern between harmless sentences is still seen."""
        talk = "I train four times a week and love it. My plan has squats on Monday and rows on Friday."
        answer = screen(f"{talk} {message}. {talk} Which rep range is best for biceps curls?")
        assert concern == (answer and answer.concern)

    def test_a_rule_needs_no_classifier(self) -> None:
        """What a rule names is stopped whatever the weights say."""
        assert Concern.INJURY == concern_of("my knee hurts when i squat", Classifier(1.0, [-99.0] * 4, {}))

    def test_a_long_message_is_screened_quickly(self) -> None:
        """No pattern runs away on the longest message there can be."""
        assert screen("sharp pain in my " * 230) is not None
        assert screen("a " * 2000) is None


class TestClassifier:
    """The linear classifier, on its own."""

    def test_shares_leave_room_for_no_concern(self) -> None:
        """They are probabilities; what is missing to one is harmless talk."""
        shares = trained().shares(stems("i tore it"))
        assert len(CONCERNS) == len(shares)
        assert all(share > 0 for share in shares)
        assert sum(shares) < 1

    def test_the_likeliest_concern_is_named(self) -> None:
        """When all together pass the threshold, which here one word decides."""
        judge = Classifier(0.5, [-5.0] * 4, {"w:ouch": [0, 0, 100, 400]})
        assert Concern.INJURY == judge.concern_of("ouch ouch ouch")
        assert judge.concern_of("fine fine fine") is None

    @pytest.mark.parametrize("words", ["", "ouch", "ouch ouch"])
    def test_too_few_words_are_left_to_the_rules(self, words: str) -> None:
        """Two words say too little to be weighed."""
        assert Classifier(0.0, [9.0] * 4, {}).concern_of(words) is None

    def test_the_weights_fit_the_image(self) -> None:
        """One weight per concern and feature; see the figures they were trained to in the file."""
        assert all(len(weights) == len(CONCERNS) for weights in trained().weights.values())
        assert WEIGHTS.stat().st_size <= 300 * 1024


class TestFeatures:
    """What the classifier sees."""

    def test_numbers_count_their_digits(self) -> None:
        """A diet of 400 and one of 450 are alike."""
        assert ["#3", "calori"] == stems("400 calories")

    def test_they_have_unit_length(self) -> None:
        """However long the message is."""
        for words in (["knee"], ["my", "knee", "hurt"], ["a"] * 50):
            assert 1 == pytest.approx(sum(value * value for value in features(words).values()))

    def test_words_of_a_class_share_a_feature(self) -> None:
        """A knee and a wrist are both body parts, also next to their neighbours."""
        both = features(stems("my knee popped")).keys() & features(stems("my wrist popped")).keys()
        assert {"c:BODY_PART", "n:my BODY_PART"} <= both


class TestSafeAnswers:
    """What is said instead."""

    @pytest.mark.parametrize("concern", Concern)
    def test_each_concern_has_an_answer_with_a_referral(self, concern: Concern) -> None:
        """Nobody is left without a place to go."""
        assert SAFE_ANSWERS[concern].concern is concern
        assert SAFE_ANSWERS[concern].referral
