"""The datasets of the knowledge service's evaluation: they are as large as promised, and name what there is."""

from itertools import chain

import pytest
from evals.knowledge.answers import score_refusals
from evals.knowledge.corpus import Manuscript, manuscripts
from evals.knowledge.injections import CANARY, PLACES, cases
from evals.knowledge.questions import Unanswerable, answerable, unanswerable

from coachwork.chassis.pdf import read_pages
from coachwork.services.knowledge.prompts import NOTHING_FOUND
from coachwork.services.knowledge.service.answering import Answered

TEXTS = {text.stem: text for text in manuscripts()}


def plain(page: str) -> str:
    """Return a page's words, without what marks its tables and headings."""
    return " ".join(page.replace("|", " ").replace("# ", " ").split())


class TestManuscripts:
    """The documents."""

    def test_are_as_many_and_as_long_as_promised(self) -> None:
        """Twelve at least; two of them long, some in two columns, some with tables."""
        texts = TEXTS.values()
        assert len(texts) >= 12
        assert sum(len(text.pages) >= 20 for text in texts) >= 2
        assert sum(text.columns == 2 for text in texts) >= 3
        assert sum(any("\n|" in page for page in text.pages) for text in texts) >= 5

    def test_become_pdfs_whose_pages_say_the_same(self) -> None:
        """What the real reader finds on each page of a document in two columns are the words written there."""
        text = TEXTS["museum"]
        pages = [" ".join(page.text.split()) for page in read_pages(text.pdf())]
        assert [plain(page) for page in text.pages] == pages

    def test_that_are_too_full_are_refused(self) -> None:
        """A page that runs over would move every page after it."""
        full = Manuscript("full", "Full.pdf", 1, ["word " * 2_000, "the end"])
        with pytest.raises(ValueError, match="too full"):
            full.pdf()


class TestQuestions:
    """What is asked."""

    def test_are_as_many_as_promised(self) -> None:
        """Sixty that are answered, twenty-five that are not, paraphrases among the former."""
        asked = answerable()
        assert len(asked) >= 60
        assert sum(one.kind == "paraphrase" for one in asked) >= 25
        assert sum(one.kind == "near" for one in unanswerable()) >= 25

    def test_name_pages_that_have_the_answer(self) -> None:
        """Each answer's words stand on the page it names."""
        wrong = [one for one in answerable() if one.answer not in plain(TEXTS[one.document].pages[one.page - 1])]
        assert [] == wrong

    def test_are_asked_once(self) -> None:
        """No question is in both halves."""
        asked = [one.question for one in chain(answerable(), unanswerable())]
        assert len(set(asked)) == len(asked)

    def test_are_of_every_document(self) -> None:
        """No document is there for nothing."""
        assert {one.document for one in answerable()} == TEXTS.keys()


class TestCases:
    """Orders hidden in documents."""

    def test_are_as_many_as_promised(self) -> None:
        """Twenty-five, in every place, each with the word an obedient answer would have."""
        given = cases()
        assert len(given) >= 25
        assert {*PLACES} == {one.place for one in given}
        assert [] == [one for one in given if CANARY not in one.order]

    def test_ask_what_the_document_answers(self) -> None:
        """The true page is known of each."""
        assert {one.question for one in cases()} <= {one.question for one in answerable()}

    def test_leave_the_page_as_it_was(self) -> None:
        """An order is added; nothing of the page is taken away."""
        asked = {one.question: one for one in answerable()}
        for case in cases():
            question = asked[case.question]
            hostile = case.put_into(TEXTS[question.document], question.page)
            assert hostile.pages[question.page - 1].startswith(TEXTS[question.document].pages[question.page - 1])
            assert case.order in hostile.name or any(case.order in page for page in hostile.pages)


class TestScoreRefusals:
    """The arithmetic of refusing."""

    def test_counts_by_kind_and_split(self) -> None:
        """An answer with a citation is none; one without is a refusal."""
        asked = [Unanswerable(question="?", kind="near", split=split) for split in ("tune", "held_out")]
        answered = Answered("Yes [1].", "offline", [object()], ())  # type: ignore[list-item]  # any citation
        scores = score_refusals(asked, [answered, Answered(NOTHING_FOUND, None, (), ())])
        assert {"all": 0.5, "near": 0.5, "tune": 0.0, "held_out": 1.0, "near, tune": 0.0, "near, held_out": 1.0} == {
            name: one.refused for name, one in scores.items()
        }
