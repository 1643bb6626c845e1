"""A streamed completion, put together again; who listens hears the answer's text out of the JSON that grows."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import from_json

from coachwork.chassis.models.openai_wire import Completion, CompletionChunk, TokenCount
from coachwork.chassis.models.port import Heard

_DONE = b"[DONE]"


class StreamedCompletion:
    """Takes the chunks of one stream; one that begins again needs another of these."""

    def __init__(self, heard: Heard) -> None:
        self._heard = heard
        self._content = ""
        self._refusal = ""
        self._finish_reason: str | None = None
        self._usage: TokenCount | None = None
        self._last = ""
        self._has_choice = False

    def add(self, chunk: CompletionChunk) -> None:
        """Take a chunk, and tell what the answer's text has become, if it did."""
        self._usage = chunk.usage or self._usage
        for choice in chunk.choices[:1]:
            self._has_choice = True
            self._content += choice.delta.content or ""
            self._refusal += choice.delta.refusal or ""
            self._finish_reason = choice.finish_reason or self._finish_reason
        text = self._refusal or growing_text(self._content)
        if text != self._last:
            self._last = text
            self._heard(text)

    def whole(self) -> Completion:
        """Return the completion as it would have come at once; raises `ValidationError` when no answer came."""
        message = {"content": self._content or None, "refusal": self._refusal or None}
        choices = [{"message": message, "finish_reason": self._finish_reason}] if self._has_choice else []
        return Completion.model_validate({"choices": choices, "usage": self._usage})


def growing_text(content: str) -> str:
    """Return what the field `text` of an unfinished JSON object holds so far; half an escape is left out."""
    begun = content[content.find("{") :] if "{" in content else ""
    try:
        found: Any = from_json(begun, allow_partial="trailing-strings")
    except ValueError:
        return ""
    text = found.get("text") if isinstance(found, dict) else None
    return text.lstrip().replace("\0", "") if isinstance(text, str) else ""


def events(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield what each line of a stream carries, its end and comments left out."""
    for line in lines:
        data = line.removeprefix(b"data:").strip()
        if line.startswith(b"data:") and data != _DONE:
            yield data
