"""The stand-in for a language model: what it quotes, in which order, and what it admits."""

from dataclasses import replace

import pytest
from tests.chassis.models.openai_stage import request

from coachwork.chassis.models import Answer, Passage, ToolCall, Usage
from coachwork.chassis.models.offline_chat import OfflineChatModel

CLOSING = "(I am the offline stand-in: I quote what I found, and do not reason.)"
UNKNOWN = "I do not know: nothing I have speaks to your question. Other words for it may help me find more."
RECORD = "Your squat record is 100 kg."
SQUAT = Passage(
    "squat-depth",
    "How deep to squat",
    "Squat as deep as you can keep control. Healthy knees take a deep squat well, e.g. one below parallel. "
    "Hats are a matter of taste. So squat with care.",
)
SLEEP = Passage("sleep", "How long to sleep", "Adults sleep seven hours or more. Naps may help after a short night.")


@pytest.fixture
def model() -> OfflineChatModel:
    """Return the model under test."""
    return OfflineChatModel()


def paragraphs(answer: Answer) -> list[str]:
    """Return the answer's paragraphs."""
    return answer.text.split("\n\n")


class TestChooseTools:
    """Tools from plain words."""

    def test_reads_the_arguments_from_the_words(self, model: OfflineChatModel) -> None:
        """The tool itself knows how."""
        assert [ToolCall("find_records", {"lift": "squat"})] == list(model.choose_tools(request()).calls)

    def test_calls_nothing_that_is_not_asked_for(self, model: OfflineChatModel) -> None:
        """Other words, no call."""
        assert [] == list(model.choose_tools(request(question="How long should I sleep?")).calls)


class TestQuotations:
    """Sentences of the passages."""

    def test_the_nearest_sentences_are_quoted_whole_and_marked(self, model: OfflineChatModel) -> None:
        """An abbreviation ends no sentence, and what has nothing to do with the question is left out."""
        found = model.answer(request(passages=[SQUAT], facts=(), question="How deep should my knees go in a squat?"))

        expected = (
            "How deep to squat: Squat as deep as you can keep control. "
            "Healthy knees take a deep squat well, e.g. one below parallel. So squat with care [1]."
        )
        assert [expected, CLOSING] == paragraphs(found)

    def test_the_nearest_passage_comes_first(self, model: OfflineChatModel) -> None:
        """Whatever the order in which they were retrieved; the far one is left out."""
        question = "How deep should my knees go in a squat?"

        found = model.answer(request(passages=[SLEEP, SQUAT], facts=(), question=question))

        assert ["squat-depth"] == list(found.citations)

    def test_every_passage_that_is_near_is_cited_in_order(self, model: OfflineChatModel) -> None:
        """Markers count up as a reader meets them."""
        naps = Passage("naps", "How long to nap", "A nap of twenty minutes helps after a short sleep.")

        found = model.answer(request(passages=[SLEEP, naps], facts=(), question="How long to sleep or nap?"))

        assert ["[1].", "[2]."] == [paragraph[-4:] for paragraph in paragraphs(found)[:-1]]
        assert {"sleep", "naps"} == set(found.citations)

    def test_at_most_six_sentences_of_three_passages(self, model: OfflineChatModel) -> None:
        """However much is near."""
        text = " ".join(f"Sleep well and long enough to feel rested, time {time}." for time in range(6))
        many = [Passage(f"sleep-{number}", "Rest", text) for number in range(6)]

        found = model.answer(request(passages=many, facts=(), question="How should I sleep?"))

        assert 3 == len(found.citations)
        assert 6 == found.text.count("Sleep well")

    def test_a_short_lead_brings_its_reason(self, model: OfflineChatModel) -> None:
        """A bare "No." answers the title, and the next sentence says why."""
        passages = [
            Passage("sauna", "Does a sauna replace training?", "No. It only feels like work. It is pleasant, though."),
            Passage("sauna-2", "Sauna and training", "A sauna does not replace training; training is training."),
        ]

        found = model.answer(request(passages=passages, facts=(), question="Does a sauna replace training?"))

        assert "Does a sauna replace training? No. It only feels like work" in found.text

    def test_a_passages_own_brackets_cite_nothing(self, model: OfflineChatModel) -> None:
        """A reference inside a source is not one of ours."""
        passage = Passage("sleep", "Sleep [9]", "Adults sleep seven hours [4].")

        found = model.answer(request(passages=[passage], facts=(), question="How long do adults sleep?"))

        assert "Sleep: Adults sleep seven hours [1]." == paragraphs(found)[0]

    @pytest.mark.parametrize("text", ["", "   ", "[1]", "...", "No"])
    def test_a_passage_that_says_nothing_breaks_nothing(self, model: OfflineChatModel, text: str) -> None:
        """Whatever a document holds."""
        found = model.answer(request(passages=[Passage("sleep", "Sleep", text)], facts=(), question="Sleep?"))

        assert CLOSING == paragraphs(found)[-1]


class TestFigures:
    """Questions that ask how much."""

    def test_a_sentence_with_a_figure_is_preferred(self, model: OfflineChatModel) -> None:
        """Though others share as many words with the question."""
        text = (
            "Protein repairs muscle. Protein fills. Protein helps muscle. Aim for 1.6 g of protein per kg for muscle."
        )

        found = model.answer(
            request(passages=[Passage("protein", "Protein", text)], facts=(), question="How much protein for muscle?")
        )

        assert "1.6 g" in found.text


class TestFacts:
    """What was computed of the caller."""

    def test_those_that_bear_on_the_question_come_first(self, model: OfflineChatModel) -> None:
        """Others are left out."""
        facts = (RECORD, "You slept well.")

        found = model.answer(request(passages=[SQUAT], facts=facts, tools=(), question="How deep should I squat?"))

        assert RECORD == paragraphs(found)[0]
        assert "slept" not in found.text


class TestResults:
    """What the tools found."""

    def test_all_of_them_are_told(self, model: OfflineChatModel) -> None:
        """They are what was asked for; three or more make a list. Facts are left out beside them."""
        results = ("Monday: row.", "Tuesday: press.", "Wednesday: rest.")

        asked = replace(request(passages=(), facts=(RECORD,), question="Plan around my squat"), results=results)

        assert ["- Monday: row.\n- Tuesday: press.\n- Wednesday: rest.", CLOSING] == paragraphs(model.answer(asked))


class TestNotKnowing:
    """Nothing to quote."""

    def test_nothing_near_is_said_plainly(self, model: OfflineChatModel) -> None:
        """Passages about something else are not quoted."""
        found = model.answer(request(facts=(), question="What is the capital of France?"))

        assert (f"{UNKNOWN}\n\n{CLOSING}", []) == (found.text, list(found.citations))

    @pytest.mark.parametrize("question", ["", "?!", "日本語の質問", "\0"])
    def test_nor_does_a_question_without_words_break_anything(self, model: OfflineChatModel, question: str) -> None:
        """It is not understood, and told so."""
        assert UNKNOWN == paragraphs(model.answer(request(question=question)))[0]


class TestBeingAStandIn:
    """What it says of itself."""

    def test_uses_no_tokens(self, model: OfflineChatModel) -> None:
        """Nothing was spent."""
        assert Usage() == model.answer(request()).usage

    def test_says_the_same_to_the_same(self, model: OfflineChatModel) -> None:
        """Two models, one answer."""
        assert OfflineChatModel().answer(request()) == model.answer(request())
