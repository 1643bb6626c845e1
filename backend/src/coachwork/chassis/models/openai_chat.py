"""A chat model of OpenAI, or of any server with compatible chat completions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models.citations import normalised
from coachwork.chassis.models.openai_wire import Choice, Completion, FunctionCall
from coachwork.chassis.models.port import (
    Answer,
    ChatRequest,
    Heard,
    Message,
    ToolCall,
    ToolChoice,
    ToolSpec,
    UnusableAnswer,
    Usage,
)

if TYPE_CHECKING:
    from coachwork.chassis.models.openai_connection import OpenAIConnection

Json = dict[str, Any]

_FORMAT = """
Reply with one JSON object and nothing else: {"text": string, "citations": [string]}.
"text" is the answer. Where it leans on a passage it has a marker like [1]; "citations" lists the ids of the passages
in the order of those markers, so [1] names the first id. Cite only ids of the passages you were given; when you were
given none, "citations" is empty and "text" has no marker."""

# the same for every request: a provider compiles a schema once and is slow to answer the first request that brings it
_SCHEMA: Final[Json] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "citations": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["text", "citations"],
    "additionalProperties": False,
}
_STRICT: Final[Json] = {
    "type": "json_schema",
    "json_schema": {"name": "answer", "strict": True, "schema": _SCHEMA},
}
_LOOSE: Final[Json] = {"type": "json_object"}
_REPAIRS = 1
_MEND = "That was not the JSON object that was asked for. Reply again, with the JSON object alone."
_SHORTEN = "That was cut off before its end. Reply again, with the whole JSON object, in at most 150 words."
_WITHHELD = "I cannot answer that."


class _WrittenAnswer(BaseModel):
    """The JSON object an answer is."""

    model_config = ConfigDict(hide_input_in_errors=True, str_strip_whitespace=True)

    text: str = Field(min_length=1)
    citations: tuple[str, ...]


class OpenAIChatModel:
    """Chooses tools by function calling and answers in a validated structure.

    Args:
        connection: may be shared with an embedder.
        model: the name the provider knows it by.
    """

    def __init__(self, connection: "OpenAIConnection", model: str) -> None:
        self._connection = connection
        self._model = model
        self._response_format = _STRICT

    @property
    def name(self) -> str:
        """The provider's name of the model."""
        return self._model

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Return the calls the model wants; those of unknown tools, or whose arguments are no JSON object, dropped."""
        if not request.tools:
            return ToolChoice()
        completion = self._complete(
            self._connection.deadline(deadline),
            messages=[_wire(message) for message in request.messages],
            tools=[_function(tool) for tool in request.tools],
            tool_choice="auto",
        )
        offered = {tool.name for tool in request.tools}
        wanted = [_tool_call(call, offered) for call in completion.choices[0].message.tool_calls or ()]
        return ToolChoice([call for call in wanted if call], _usage(completion))

    def prepare(self) -> None:
        """Import what the first request wants."""
        self._connection.prepare()

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Return the model's answer, or its refusal in its own words; a malformed answer may be mended once."""
        deadline, usage = self._connection.deadline(deadline), Usage()
        messages = [_wire(message) for message in _with_format(request.messages)]
        for _ in range(1 + _REPAIRS):
            completion = self._structured(deadline, messages, heard)
            choice, usage = completion.choices[0], usage + _usage(completion)
            if refusal := _refusal(choice):
                return Answer(refusal, (), usage)
            if written := _written(choice):
                known = {passage.id for passage in request.passages}
                text, citations = normalised(written.text, written.citations, known)
                if text:
                    return Answer(text, citations, usage)
            messages = [*messages, *_repair(choice)]
        raise UnusableAnswer("The language model did not answer in the form that was asked for", usage)

    def _structured(self, deadline: Deadline, messages: Sequence[Json], heard: Heard | None) -> Completion:
        """Ask for a structure by schema, or by mere JSON where the server knows no schemas, and remember which."""
        if self._response_format is _STRICT:
            from coachwork.chassis.models.openai_failures import FormatRefused

            try:
                return self._complete(deadline, heard, messages=messages, response_format=_STRICT)
            except FormatRefused:
                self._response_format = _LOOSE
        return self._complete(deadline, heard, messages=messages, response_format=_LOOSE)

    def _complete(self, deadline: Deadline, heard: Heard | None = None, **body: Any) -> Completion:
        path, body = "/chat/completions", {"model": self._model, **body}
        if heard:
            return self._connection.hear(path, body, heard, deadline=deadline, model_variable="OPENAI_MODEL")
        return self._connection.send(path, body, Completion, deadline=deadline, model_variable="OPENAI_MODEL")


def _wire(message: Message) -> Json:
    return {"role": message.role, "content": message.content}


def _with_format(messages: Sequence[Message]) -> list[Message]:
    """Add the answer's form to the system message: some servers take only one, and only first."""
    if messages and messages[0].role == "system":
        return [Message("system", f"{messages[0].content}\n{_FORMAT}"), *messages[1:]]
    return [Message("system", _FORMAT.strip()), *messages]


def _function(tool: ToolSpec) -> Json:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _tool_call(call: FunctionCall, offered: set[str]) -> ToolCall | None:
    if call.function is None or call.function.name not in offered:
        return None
    try:
        arguments = from_json(call.function.arguments or "{}")
    except ValueError:
        return None
    return ToolCall(call.function.name, arguments) if isinstance(arguments, dict) else None


def _refusal(choice: Choice) -> str | None:
    if choice.finish_reason == "content_filter":
        return _WITHHELD
    return _clean(choice.message.refusal or "").strip() or None


def _written(choice: Choice) -> _WrittenAnswer | None:
    if choice.finish_reason == "length":
        return None
    content = (choice.message.content or "").strip()
    # models that only know plain JSON like to fence it
    content = content.removeprefix("```json").removeprefix("```").removesuffix("```")
    try:
        written = _WrittenAnswer.model_validate_json(content)
    except ValidationError:
        return None
    return written.model_copy(update={"text": _clean(written.text)})


def _clean(text: str) -> str:
    """Drop NUL, which JSON can carry and Postgres cannot store."""
    return text.replace("\0", "")


def _repair(choice: Choice) -> list[Json]:
    """Return what to add to the conversation, so that the model says it again, better."""
    said: list[Json] = [{"role": "assistant", "content": choice.message.content}] if choice.message.content else []
    return [*said, {"role": "user", "content": _SHORTEN if choice.finish_reason == "length" else _MEND}]


def _usage(completion: Completion) -> Usage:
    counted = completion.usage
    return Usage(counted.prompt_tokens, counted.completion_tokens) if counted else Usage()
