"""The ports: what a service asks of a language model and of an embedder, whoever answers.

A request carries its evidence twice on purpose: as `messages`, the rendered and fenced conversation a language model
reads, and as data (`question`, `passages`, `facts`), which the offline stand-in composes from. The service's
`prompts.py` renders one from the other, so they cannot disagree.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import ModelUnavailable


@dataclass(frozen=True)
class Message:
    """One rendered message; untrusted text inside it is already fenced."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Passage:
    """A retrieved piece of evidence an answer may cite by `id`."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class ToolSpec:
    """A tool the model may call.

    `parameters` is a JSON Schema object for models that call functions. `from_words` is how a model that cannot reads
    the arguments from plain words: it returns them, or None when the words do not ask for this tool.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    from_words: Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class ToolCall:
    """The model's wish to run a tool; the service validates `arguments` before it runs anything."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class Usage:
    """Tokens as the model counted them; the offline model uses none."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


@dataclass(frozen=True)
class ChatRequest:
    """One question with everything the model may use to answer it.

    `facts` are what is known of the caller; `results` are what the tools that ran for this question found.
    """

    messages: Sequence[Message]
    question: str
    passages: Sequence[Passage] = ()
    facts: Sequence[str] = ()
    results: Sequence[str] = ()
    tools: Sequence[ToolSpec] = ()


@dataclass(frozen=True)
class ToolChoice:
    """The tools the model wants run, none being a valid wish."""

    calls: Sequence[ToolCall] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True)
class Answer:
    """The answer's text, with markers like [1] where it leans on a passage, and the ids those markers name, in order.

    `citations[0]` is what [1] names. Whether each id was really retrieved is the service's to check.
    """

    text: str
    citations: Sequence[str] = ()
    usage: Usage = field(default_factory=Usage)


Heard = Callable[[str], None]
"""Is told the answer's text as far as it is written, whole each time; it may begin anew, and may raise to stop."""


Counted = Callable[[int], None]
"""Is told how many tokens a call used, where the one who is called counts them."""


class UnusableAnswer(ModelUnavailable):
    """The model answered, and is paid for it, but not as it should; `usage` is what it used."""

    def __init__(self, detail: str, usage: Usage) -> None:
        super().__init__(detail)
        self.usage = usage


class ChatModel(Protocol):
    """A language model.

    Both calls raise `ModelUnavailable` when it does not answer as it should, and `OutOfTime` when the caller's
    `deadline` came first.
    """

    @property
    def name(self) -> str:
        """What an answer says it came from: a vendor's model name, or "offline"."""

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Return the calls the model wants, in order, only of tools that `request.tools` names."""

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Return an answer grounded in the request's passages and facts.

        `heard` follows it as it is written: a preview, whose markers the answer may number otherwise.
        """


class Embedder(Protocol):
    """Turns text into vectors of unit length. Raises `ModelUnavailable` when it does not answer as it should."""

    @property
    def name(self) -> str:
        """What tells collections apart: vectors of two embedders are never compared."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Return one vector per text, in order; `counted` is told the tokens, where they are counted."""
