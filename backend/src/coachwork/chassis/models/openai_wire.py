"""The parts of OpenAI's responses that we read; other fields may come and go, as they do on compatible servers."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)


class Wire(BaseModel):
    """What came over the wire; an error in it never quotes it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class CalledFunction(Wire):
    """A function the model wants called; `arguments` should be the text of a JSON object."""

    name: str
    arguments: str | None = None


class FunctionCall(Wire):
    """A call of a function, or of a kind of tool that we never offer."""

    function: CalledFunction | None = None


class SpokenMessage(Wire):
    """What the model said."""

    content: str | None = None
    refusal: str | None = None
    tool_calls: tuple[FunctionCall, ...] | None = None


class Choice(Wire):
    """One alternative; we ask for one only."""

    message: SpokenMessage
    finish_reason: str | None = None


Tokens = Annotated[int, Field(ge=0, le=100_000_000)]


class TokenCount(Wire):
    """Tokens used; servers that do not count send nothing."""

    prompt_tokens: Tokens = 0
    completion_tokens: Tokens = 0


def _or_none(value: Any, counted: ValidatorFunctionWrapHandler) -> Any:
    """Take figures that can be none for no figures: the answer they come with was paid for, and is not their fault."""
    try:
        return counted(value)
    except ValidationError:
        return None


Counted = Annotated[TokenCount | None, WrapValidator(_or_none)]


class Completion(Wire):
    """The response of `/chat/completions`."""

    choices: tuple[Choice, ...] = Field(min_length=1)
    usage: Counted = None


class Delta(Wire):
    """What a chunk of a stream adds to the message."""

    content: str | None = None
    refusal: str | None = None


class ChoiceDelta(Wire):
    """What a chunk adds to one alternative."""

    delta: Delta = Delta()
    finish_reason: str | None = None


class CompletionChunk(Wire):
    """One event of a streamed `/chat/completions`; the last one may hold nothing but the usage."""

    choices: tuple[ChoiceDelta, ...]
    usage: Counted = None


class EmbeddingRow(Wire):
    """One text's vector; `index` is the text's place in the request."""

    index: int
    embedding: tuple[FiniteFloat, ...] = Field(min_length=1)


class Embeddings(Wire):
    """The response of `/embeddings`."""

    data: tuple[EmbeddingRow, ...]
    usage: Counted = None
