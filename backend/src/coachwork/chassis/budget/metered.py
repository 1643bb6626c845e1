"""A language model and an embedder whose every call is paid for out of a user's budget.

A call that brings no figures, because it was broken off or its server does not count, is counted by its length.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from coachwork.chassis.budget.ledger import Ledger, Spent
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import DependencyError, ModelUnavailable, OutOfTime
from coachwork.chassis.models import Answer, ChatModel, ChatRequest, Embedder, Heard, ToolChoice, Usage
from coachwork.chassis.models.port import Counted, UnusableAnswer
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.observability.metrics import record_tokens

_BYTES_PER_TOKEN = 3
"""A token is about four characters of English, so this is on the careful side; other scripts have more bytes.

Source: https://help.openai.com/en/articles/4936856-what-are-tokens-and-how-to-count-them
"""
_CHOICE_TOKENS = 300
_ANSWER_TOKENS = 900
"""What the two kinds of call put aside for what they write; an answer is asked for in 200 words."""
_FREE = "offline"
"""How the names of the stand-ins begin, which use no tokens."""


def is_free(model: ChatModel | Embedder) -> bool:
    """Whether its calls use no tokens."""
    return model.name.startswith(_FREE)


def choice_tokens(request: ChatRequest) -> int:
    """Return what choosing tools for the request may use."""
    return _of_request(request) + _of_tools(request) + _CHOICE_TOKENS


def answer_tokens(request: ChatRequest) -> int:
    """Return what answering the request may use."""
    return _of_request(request) + _ANSWER_TOKENS


@dataclass
class Bill:
    """What a call used, as far as that is known; `spent` is what is counted in the end."""

    spent: Spent


class Budget:
    """A budget out of which a service's calls are paid: one user's, or everybody's where `user_id` is None."""

    def __init__(self, ledger: Ledger, user_id: UUID | None, service: str) -> None:
        self._ledger = ledger
        self._user_id = user_id
        self._service = service

    @contextmanager
    def spending(self, model: str, tokens: int, unknown: Spent) -> Iterator[Bill]:
        """Reserve tokens for a call, and settle and count them when it has ended, however it ends.

        Args:
            model: whose call it is.
            tokens: what it may use.
            unknown: what is counted where the call brings no figures.

        Raises:
            TokenBudgetSpent: the user's tokens of today do not suffice; no call is made.
            DailyCeilingReached: nor do everybody's together.
        """
        reservation = self._ledger.reserve(self._user_id, tokens)
        bill = Bill(unknown)
        try:
            yield bill
        except UnusableAnswer as error:
            bill.spent = _counted(error.usage, unknown)
            raise
        except ModelUnavailable as error:
            if not isinstance(error, OutOfTime):  # it did not answer: nothing is known to have been used
                bill.spent = Spent()
            raise
        finally:
            self._count(model, bill.spent)
            try:
                self._ledger.settle(reservation, bill.spent)
            except DependencyError as error:  # the answer was paid for: losing it as well would help nobody
                logger.warning("tokens not settled", tokens=bill.spent.tokens, problem=error.slug)

    def _count(self, model: str, spent: Spent) -> None:
        if spent.embedding_tokens:
            record_tokens(self._service, model, {"EmbeddingTokens": spent.embedding_tokens})
        elif spent.tokens:
            record_tokens(
                self._service, model, {"InputTokens": spent.input_tokens, "OutputTokens": spent.output_tokens}
            )


class MeteredChatModel:
    """A chat model whose calls are paid for; they may also raise what `Budget.spending` does."""

    def __init__(self, model: ChatModel, budget: Budget) -> None:
        self._model = model
        self._budget = budget

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Let the model choose."""
        read = _of_request(request) + _of_tools(request)
        with self._budget.spending(self.name, choice_tokens(request), Spent(read)) as bill:
            choice = self._model.choose_tools(request, deadline=deadline)
            bill.spent = _counted(choice.usage, bill.spent)
        return choice

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Let the model answer; what was heard of an answer that is broken off is counted."""
        read = _of_request(request)
        with self._budget.spending(self.name, answer_tokens(request), Spent(read)) as bill:

            def overheard(text: str) -> None:
                bill.spent = Spent(read, _of(text))
                if heard:
                    heard(text)

            answer = self._model.answer(request, deadline=deadline, heard=overheard if heard else None)
            bill.spent = _counted(answer.usage, Spent(read, _of(answer.text)))
        return answer


class MeteredEmbedder:
    """An embedder whose calls are paid for, with the same to raise."""

    def __init__(self, embedder: Embedder, budget: Budget) -> None:
        self._embedder = embedder
        self._budget = budget

    @property
    def name(self) -> str:
        """The embedder's own name."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """The length of each vector."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Let the embedder embed."""
        estimate, told = sum(_of(text) for text in texts), [0]

        def tell(tokens: int) -> None:
            told[0] += tokens
            if counted:
                counted(tokens)

        with self._budget.spending(self.name, estimate, Spent(embedding_tokens=estimate)) as bill:
            vectors = self._embedder.embed(texts, counted=tell)
            bill.spent = Spent(embedding_tokens=told[0] or estimate)
        return vectors


def _counted(usage: Usage, unknown: Spent) -> Spent:
    return Spent(usage.input_tokens, usage.output_tokens) if usage != Usage() else unknown


def _of_request(request: ChatRequest) -> int:
    return sum(_of(message.content) for message in request.messages)


def _of_tools(request: ChatRequest) -> int:
    return sum(_of(tool.description + json.dumps(tool.parameters)) for tool in request.tools)


def _of(text: str) -> int:
    return len(text.encode(errors="replace")) // _BYTES_PER_TOKEN + 1
