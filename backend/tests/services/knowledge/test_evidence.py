"""Whether what was found can answer."""

from uuid import uuid4

import pytest

from coachwork.services.knowledge.domain.evidence import has_evidence
from coachwork.services.knowledge.domain.hits import Hit, Ranks

LEASE = "Either party may end the lease with three months' notice, which must be given in writing."


def hit(text: str, heading: str = "", similarity: float | None = None) -> Hit:
    """Return a hit of this text."""
    return Hit(uuid4(), "Lease.pdf", 1, 0, 1, 0, len(text), heading, text, 0.1, Ranks(1, 1), similarity)


class TestHasEvidence:
    """What counts as evidence."""

    def test_a_text_with_the_questions_words_does(self) -> None:
        """Words that only ask do not matter, nor do their forms."""
        assert has_evidence("How many months of notice must be given to end the lease?", [hit(LEASE)])

    def test_a_heading_counts_as_text(self) -> None:
        """What a chunk stands under says what it is about."""
        assert has_evidence("When is the rent for the garage due?", [hit("Due each month.", "Rent of the garage")])

    def test_another_form_of_an_irregular_word_does(self) -> None:
        """Whoever asks who writes finds what was written."""
        assert has_evidence("Did the landlord write a lease?", [hit("The lease was written by the landlord.")])

    def test_a_text_about_something_else_does_not(self) -> None:
        """One word in common is no answer."""
        assert not has_evidence("What colour is the landlord's lease car?", [hit(LEASE, similarity=0.1)])

    def test_nearness_makes_up_for_a_word(self) -> None:
        """A chunk that the embedder puts near needs fewer of the words."""
        question = "What notice period ends the lease?"
        assert (False, True) == tuple(has_evidence(question, [hit(LEASE, similarity=near)]) for near in (0.0, 0.9))

    def test_one_word_alone_is_too_few(self) -> None:
        """A word is in a text by chance."""
        assert not has_evidence("Lease?", [hit(LEASE)])

    def test_only_the_first_hits_count(self) -> None:
        """What stands deep in the list is not what an answer is made of."""
        beside = [hit("Something else.")] * 5
        assert not has_evidence("end the lease with three months' notice", [*beside, hit(LEASE)])

    @pytest.mark.parametrize("query", ["", "?!", "How much is it?", "\ud800"])
    def test_a_question_about_nothing_has_none(self, query: str) -> None:
        """Where nothing is asked for, nothing answers."""
        assert not has_evidence(query, [hit(LEASE)])

    def test_nothing_found_is_none(self) -> None:
        """Without a hit there is no evidence."""
        assert not has_evidence("end the lease with notice", [])

    def test_scripts_without_spaces_are_compared(self) -> None:
        """A question in Japanese is answered by a text in Japanese."""
        assert has_evidence("賃貸契約の解約予告期間", [hit("賃貸契約の解約予告期間は三か月です。")])
