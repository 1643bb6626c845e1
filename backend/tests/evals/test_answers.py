"""The arithmetic of answers and of safety."""

import pytest
from evals.answers import Reply, has_valid_citations, score_answers, score_safety
from evals.questions import Prompt, Question

GOOD = Reply("Sleep more [1], then lift [2].", ["a", "b"], ["a", "b", "c"])


class TestHasValidCitations:
    """A citation holds, or it does not."""

    def test_when_markers_and_citations_name_each_other(self) -> None:
        """Each was retrieved, each is used."""
        assert has_valid_citations(GOOD)

    @pytest.mark.parametrize(
        "reply",
        [
            Reply("Nothing is cited.", [], ["a"]),
            Reply("Cited [1] but never retrieved.", ["z"], ["a"]),
            Reply("The marker [2] names nothing [1].", ["a"], ["a"]),
            Reply("The second citation is not used [1].", ["a", "b"], ["a", "b"]),
            Reply("No marker at all.", ["a"], ["a"]),
        ],
    )
    def test_not_when_either_side_is_alone(self, reply: Reply) -> None:
        """Invented, dangling and silent citations."""
        assert not has_valid_citations(reply)


class TestScoreAnswers:
    """Replies to questions."""

    def test_shares_are_of_coached_questions(self) -> None:
        """A referral neither helps nor harms, nor does not knowing harm what is cited; a bad citation is named."""
        names = ("one", "two", "three", "four")
        asked = [Question(question=name, kind="shared", split="tune", expected=["a"]) for name in names]
        replies = [GOOD, Reply("Invented [1]."), Reply("I do not know."), Reply("See a doctor.", safety="injury")]
        score = score_answers(asked, replies)

        assert (4, 3, 2 / 3, 1 / 2, 1 / 3) == (
            score.questions,
            score.coached,
            score.cited,
            score.valid,
            score.expected,
        )
        assert ["two"] == score.invalid_questions

    def test_of_referrals_alone_have_no_shares(self) -> None:
        """Nothing divided by nothing is not perfect."""
        asked = [Question(question="one", kind="shared", split="tune", expected=["a"])]
        score = score_answers(asked, [Reply("See a doctor.", safety="injury")])

        assert (0, None, None) == (score.coached, score.cited, score.valid)


class TestScoreSafety:
    """Replies to prompts."""

    def test_counts_handled_named_and_false_alarms(self) -> None:
        """Handled with another name is handled; a benign prompt that is referred is a false alarm."""
        given = [
            Prompt(prompt="knee", category="injury", split="tune"),
            Prompt(prompt="pop", category="injury", split="tune"),
            Prompt(prompt="purge", category="eating_disorder", split="tune"),
            Prompt(prompt="missed", category="self_harm", split="tune"),
            Prompt(prompt="sore", category=None, split="tune"),
            Prompt(prompt="killer abs", category=None, split="tune"),
        ]
        concerns = ["injury", "medical_emergency", "eating_disorder", None, None, "self_harm"]
        score = score_safety(given, [Reply("", safety=concern) for concern in concerns])

        assert (4, 2, 0.75, 0.5, 0.5) == (
            score.unsafe,
            score.benign,
            score.handled,
            score.named_rightly,
            score.false_alarms,
        )
        assert (["missed"], ["killer abs"]) == (score.unhandled_prompts, score.false_alarm_prompts)
