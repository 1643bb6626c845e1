"""What the local OpenAI does with a request: behaviours a test queues up, and the sensible one it has by itself."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Literal

Json = dict[str, Any]

_PASSAGE = re.compile(r'<passage id="([^"]*)"[^>]*>\s*(.*?)\s*</passage>', re.DOTALL)


@dataclass(frozen=True)
class Behaviour:
    """How one request is met: what is said, after which delay, and how the connection is treated.

    `message` and `finish_reason` make a chat completion; `body`, where given, replaces the whole response body.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    message: Json | None = None
    finish_reason: str = "stop"
    body: bytes | None = None
    delay_seconds: float = 0
    connection: Literal["keep", "cut", "drip"] = "keep"


def answer(text: str, citations: Sequence[str] = ()) -> Behaviour:
    """Answer in the structured form the coach asks for."""
    return content(json.dumps({"text": text, "citations": list(citations)}))


def content(text: str) -> Behaviour:
    """Answer with exactly this content, well formed or not."""
    return Behaviour(message={"role": "assistant", "content": text, "refusal": None})


def tool_call(name: str, arguments: Mapping[str, Any] | str) -> Behaviour:
    """Call a function; `arguments` as text are sent as they are, so they need not be JSON."""
    return tool_calls((name, arguments))


def tool_calls(*calls: tuple[str, Mapping[str, Any] | str]) -> Behaviour:
    """Call several functions, in order."""
    wire = [
        {
            "id": f"call_{number}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
            },
        }
        for number, (name, arguments) in enumerate(calls)
    ]
    message: Json = {"role": "assistant", "content": None, "refusal": None, "tool_calls": wire}
    return Behaviour(message=message, finish_reason="tool_calls")


def refusal(text: str = "I cannot help with that.") -> Behaviour:
    """Refuse, as OpenAI's models do beside structured output."""
    return Behaviour(message={"role": "assistant", "content": None, "refusal": text})


def filtered() -> Behaviour:
    """Answer nothing, because the content filter stepped in."""
    message: Json = {"role": "assistant", "content": None, "refusal": None}
    return Behaviour(message=message, finish_reason="content_filter")


def length(text: str = '{"text": "An answer that never') -> Behaviour:
    """Stop in mid-answer because the token limit is reached."""
    message: Json = {"role": "assistant", "content": text, "refusal": None}
    return Behaviour(message=message, finish_reason="length")


def status(code: int, *, retry_after: str | None = None, error_code: str = "", param: str = "") -> Behaviour:
    """Fail with this HTTP status and OpenAI's error body; `retry_after` becomes the header of that name."""
    kinds = {400: "invalid_request_error", 429: "requests", 500: "server_error", 503: "server_error"}
    error = error_body(
        f"The local OpenAI was told to answer {code} {param}".rstrip(), kinds.get(code, "error"), error_code, param
    )
    headers = {"retry-after": retry_after} if retry_after else {}
    return Behaviour(status=code, headers=headers, body=error)


def stall(seconds: float = 60) -> Behaviour:
    """Say nothing for so long, then answer as ever; it ends early when the server stops."""
    return Behaviour(delay_seconds=seconds)


def cut() -> Behaviour:
    """Close the connection in the middle of the body."""
    return Behaviour(connection="cut")


def drip() -> Behaviour:
    """Send blanks for ever, as a proxy does to keep a connection open, and never the answer."""
    return Behaviour(connection="drip")


def garbled(body: bytes = b'{"id": "chatcmpl-1", "choices": [{"mess') -> Behaviour:
    """Answer 200 with an envelope that is not JSON."""
    return Behaviour(body=body)


def error_body(message: str, kind: str, code: str = "", param: str = "") -> bytes:
    """Return an error in OpenAI's shape."""
    error = {"message": message, "type": kind, "param": param or None, "code": code or None}
    return json.dumps({"error": error}).encode()


def sensible(request: Mapping[str, Any]) -> Json:
    """Return the message a model would plausibly send: no tool, and the prompt's first passage cited."""
    if request.get("tools"):
        text = "No tool is needed."
    elif request.get("response_format", {}).get("type") in {"json_schema", "json_object"}:
        text = json.dumps(_cited(request))
    else:
        text = "This is the local OpenAI."
    return {"role": "assistant", "content": text, "refusal": None}


def _cited(request: Mapping[str, Any]) -> Json:
    prompt = "\n".join(str(message.get("content") or "") for message in request["messages"])
    found = _PASSAGE.search(prompt)
    if not found:
        return {"text": "The prompt holds no passage to answer from.", "citations": []}
    gist = re.split(r"(?<=[.!?])\s", " ".join(unescape(found[2]).split()))[0]
    return {"text": f"{gist} [1]", "citations": [unescape(found[1])]}
