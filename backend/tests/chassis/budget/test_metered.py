"""Models whose calls are paid for: what is counted, whatever becomes of a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from coachwork.chassis.budget import Budget, Ledger, Limits, MeteredChatModel, MeteredEmbedder
from coachwork.chassis.budget.errors import TokenBudgetSpent
from coachwork.chassis.budget.metered import answer_tokens, choice_tokens, is_free
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import CoachworkError, Conflict, ModelUnavailable, OutOfTime
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import Answer, ChatRequest, Heard, Message, ToolChoice, Usage
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.models.offline_chat import OfflineChatModel
from coachwork.chassis.models.port import Counted, UnusableAnswer
from coachwork.chassis.sql.database import Database

REQUEST = ChatRequest([Message("user", "x" * 300)], "x")
READ, WRITTEN = 101, 5


@dataclass
class Told:
    """A model, and an embedder, that counts as it was told, or fails as it was told."""

    usage: Usage = field(default_factory=Usage)
    failure: Exception | None = None
    name = "told"
    dimensions = 1

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Choose nothing."""
        if self.failure:
            raise self.failure
        return ToolChoice((), self.usage)

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Answer in twelve letters."""
        if heard:
            heard("y" * 12)
        if self.failure:
            raise self.failure
        return Answer("y" * 12, (), self.usage)

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Embed as ones."""
        if counted and self.usage.input_tokens:
            counted(self.usage.input_tokens)
        return [[1.0] for _ in texts]


@dataclass
class Purse:
    """A user's budget, and what was spent of it."""

    ledger: Ledger
    principal: Principal

    @property
    def budget(self) -> Budget:
        """The budget."""
        return Budget(self.ledger, self.principal.user_id, "fitness")

    def spent(self) -> tuple[int, int, int, int]:
        """Return what was used of each kind, and what is still reserved."""
        days = self.ledger.days(self.principal.user_id, 1)
        reserved = self.ledger.standing(self.principal.user_id).reserved
        if not days:
            return 0, 0, 0, reserved
        [today] = days
        return today.input_tokens, today.output_tokens, today.embedding_tokens, reserved


@pytest.fixture
def purse(database: Database, new_principal: Callable[[], Principal]) -> Purse:
    """Return the budget of a new user."""
    return Purse(Ledger(database, Limits(5_000, 10**12), hold_seconds=60), new_principal())


class TestChatModel:
    """Calls of a chat model."""

    def test_count_what_the_model_says(self, purse: Purse) -> None:
        """Its own figures, and nothing stays reserved."""
        model = MeteredChatModel(Told(Usage(70, 8)), purse.budget)
        model.choose_tools(REQUEST)
        model.answer(REQUEST)
        assert (140, 16, 0, 0) == purse.spent()

    def test_count_by_length_where_it_says_nothing(self, purse: Purse) -> None:
        """A server that does not count is no way around the budget."""
        MeteredChatModel(Told(), purse.budget).answer(REQUEST)
        assert (READ, WRITTEN, 0, 0) == purse.spent()

    @pytest.mark.parametrize("failure", [OutOfTime(), Conflict("cancelled"), RuntimeError("a bug")])
    def test_count_what_was_broken_off(self, purse: Purse, failure: Exception) -> None:
        """Whoever asks and cancels pays for what was read and heard, for so does the owner."""
        with pytest.raises(type(failure)):
            MeteredChatModel(Told(failure=failure), purse.budget).answer(REQUEST, heard=lambda _: None)
        assert (READ, WRITTEN, 0, 0) == purse.spent()

    @pytest.mark.parametrize(
        ("failure", "spent"),
        [(ModelUnavailable(), (0, 0, 0, 0)), (UnusableAnswer("no JSON", Usage(9, 2)), (9, 2, 0, 0))],
    )
    def test_a_failure_costs_what_it_used(
        self, purse: Purse, failure: CoachworkError, spent: tuple[int, int, int, int]
    ) -> None:
        """A model that is down uses nothing; one that babbles is paid for it."""
        with pytest.raises(ModelUnavailable):
            MeteredChatModel(Told(failure=failure), purse.budget).answer(REQUEST)
        assert spent == purse.spent()

    def test_are_not_made_without_tokens(self, purse: Purse) -> None:
        """The model is not asked when the call may need more than there is."""
        purse.ledger.reserve(purse.principal.user_id, 4_500)
        asked = MeteredChatModel(Told(failure=RuntimeError("it was asked")), purse.budget)
        with pytest.raises(TokenBudgetSpent):
            asked.answer(REQUEST)
        assert (0, 0, 0, 4_500) == purse.spent()

    def test_reserve_for_what_they_write(self) -> None:
        """An estimate holds the question and an answer of ordinary length."""
        assert READ < choice_tokens(REQUEST) < answer_tokens(REQUEST)


class TestEmbedder:
    """Calls of an embedder."""

    @pytest.mark.parametrize(("usage", "tokens"), [(Usage(7), 7), (Usage(), 3)])
    def test_count(self, purse: Purse, usage: Usage, tokens: int) -> None:
        """What the embedder says, else by length; and the caller hears it too."""
        heard: list[int] = []
        MeteredEmbedder(Told(usage), purse.budget).embed(["x" * 6], counted=heard.append)
        assert (0, 0, tokens, 0) == purse.spent()
        assert [usage.input_tokens] * bool(usage.input_tokens) == heard


class TestIsFree:
    """What uses no tokens."""

    def test_the_stand_ins(self) -> None:
        """They are free, others are not."""
        assert [True, True, False] == [is_free(one) for one in (OfflineChatModel(), LexicalEmbedder(), Told())]
