"""A local OpenAI: chat completions (also streamed), embeddings and models, on 127.0.0.1, scripted by the test.

    with running_openai(api_key="sk-test") as openai_api:
        openai_api.script(status(429, retry_after="1"), answer("Squat. [1]", ["squat-depth"]))
        ...  # the real SDK, with base_url=openai_api.url
        assert len(openai_api.requests) == 2

Source: https://platform.openai.com/docs/api-reference
"""

import argparse
import base64
import hashlib
import json
import re
import struct
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from itertools import count
from threading import Event, Thread
from typing import Any

from rehearsal.vendors.openai_script import Behaviour, error_body, sensible
from rehearsal.vendors.serving import StandInServer

_CHAT_MODELS = ("gpt-4o-mini", "gpt-4o")
_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "tiny-embedding": 16}
_CREATED = 1_700_000_000
_USUAL = Behaviour()


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it came; `headers` by lower-case name, `client_port` the same for one connection."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    client_port: int


class OpenAIServer(StandInServer):
    """The server and its script; requests are kept in memory, in the order in which they came.

    Args:
        api_key: the only key let in; None lets any key in.
        port: 0 picks a free one.
    """

    def __init__(self, *, api_key: str | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.api_key = api_key
        self.requests: list[RecordedRequest] = []
        self.stopping = Event()
        self.numbers = count(1)
        self._script: deque[Behaviour] = deque()
        self._always = _USUAL

    @property
    def url(self) -> str:
        """The base URL an SDK wants."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def script(self, *behaviours: Behaviour) -> None:
        """Meet the next requests like this, one each; later ones as ever."""
        self._script.extend(behaviours)

    def always(self, behaviour: Behaviour) -> None:
        """Meet every request like this, once the script is used up."""
        self._always = behaviour

    def next_behaviour(self) -> Behaviour:
        """Return how the request at hand is to be met."""
        try:
            return self._script.popleft()
        except IndexError:
            return self._always


class _Handler(BaseHTTPRequestHandler):
    server: OpenAIServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a response is one write
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """List the models."""
        if not self._let_in():
            return
        names = [*_CHAT_MODELS, *_DIMENSIONS]
        listed = [{"id": n, "object": "model", "created": _CREATED, "owned_by": "local"} for n in names]
        found = self.path == "/v1/models"
        self._send(200 if found else 404, _json({"object": "list", "data": listed}) if found else _unknown_url())

    def do_POST(self) -> None:
        """Complete a chat or embed texts, as scripted."""
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            body = json.loads(sent)
        except ValueError:
            self._send(400, error_body("The body is not valid JSON", "invalid_request_error"))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(RecordedRequest(self.path, headers, body, self.client_address[1]))
        if not self._let_in():
            return
        if self.path not in {"/v1/chat/completions", "/v1/embeddings"}:
            self._send(404, _unknown_url())
            return
        self._meet(body, self.server.next_behaviour())

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def _meet(self, body: Mapping[str, Any], behaviour: Behaviour) -> None:
        self.server.stopping.wait(behaviour.delay_seconds)
        if behaviour.connection == "drip":
            self._drip()
        elif behaviour.body is not None:
            self._send(behaviour.status, behaviour.body, behaviour.headers)
        elif body.get("model") not in (_DIMENSIONS if self.path == "/v1/embeddings" else _CHAT_MODELS):
            message = f"The model `{body.get('model')}` does not exist or you do not have access to it."
            self._send(404, error_body(message, "invalid_request_error", "model_not_found"))
        else:
            self._succeed(body, behaviour)

    def _succeed(self, body: Mapping[str, Any], behaviour: Behaviour) -> None:
        cut = behaviour.connection == "cut"
        if self.path == "/v1/embeddings":
            self._send(200, _json(_embeddings(body)), cut=cut)
            return
        message = behaviour.message or sensible(body)
        completion = _completion(next(self.server.numbers), body, message, behaviour.finish_reason)
        if body.get("stream"):
            self._stream(completion, body, cut=cut)
        else:
            self._send(200, _json(completion), cut=cut)

    def _let_in(self) -> bool:
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        wanted = self.server.api_key
        if scheme == "Bearer" and key and wanted in {None, key}:
            return True
        shown = f"{key[:3]}{'*' * max(0, len(key) - 7)}{key[-4:]}"
        message = f"Incorrect API key provided: {shown}." if key else "You didn't provide an API key."
        self._send(401, error_body(message, "invalid_request_error", "invalid_api_key"))
        return False

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, *, cut: bool = False) -> None:
        self._head(status, {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})})
        self.close_connection = self.close_connection or cut
        self._write(body[: len(body) // 2] if cut else body)

    def _stream(self, completion: dict[str, Any], body: Mapping[str, Any], *, cut: bool) -> None:
        events = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in _chunks(completion, body)]
        events.append(b"data: [DONE]\n\n")
        self._head(200, {"content-type": "text/event-stream", "transfer-encoding": "chunked"})
        for event in events[: len(events) // 2] if cut else [*events, b""]:
            self._write(b"%x\r\n%s\r\n" % (len(event), event))
        self.close_connection = self.close_connection or cut

    def _drip(self) -> None:
        self._head(200, {"content-type": "application/json", "transfer-encoding": "chunked"})
        while self._write(b"1\r\n \r\n") and not self.server.stopping.wait(0.02):
            pass
        self.close_connection = True

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("x-request-id", f"req_{len(self.server.requests)}")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _write(self, data: bytes) -> bool:
        """Write at once; False when the client has gone."""
        with suppress(OSError):
            self.wfile.write(data)
            self.wfile.flush()
            return True
        self.close_connection = True
        return False


@contextmanager
def running_openai(*, api_key: str | None = None, port: int = 0) -> Iterator[OpenAIServer]:
    """Yield a local OpenAI that answers already; stop it afterwards, stalled requests included."""
    server = OpenAIServer(api_key=api_key, port=port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _completion(number: int, body: Mapping[str, Any], message: Mapping[str, Any], finish: str) -> dict[str, Any]:
    spoken = str(message.get("content") or message.get("refusal") or message.get("tool_calls") or "")
    sent = sum(_tokens(str(entry.get("content") or "")) for entry in body["messages"])
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": _CREATED,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": sent,
            "completion_tokens": _tokens(spoken),
            "total_tokens": sent + _tokens(spoken),
        },
        "system_fingerprint": "fp_local",
    }


def _chunks(completion: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Cut a completion into the chunks of a stream: role, words or calls, finish, and usage where asked for."""
    common = {key: completion[key] for key in ("id", "created", "model", "system_fingerprint")}
    common["object"] = "chat.completion.chunk"
    message, finish = completion["choices"][0]["message"], completion["choices"][0]["finish_reason"]
    calls = [{"index": index, **call} for index, call in enumerate(message.get("tool_calls") or ())]
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": word} for word in re.findall(r"\s*\S+", message.get("content") or "")]
    deltas += [{"refusal": message["refusal"]}] if message.get("refusal") else []
    deltas += [{"tool_calls": calls}] if calls else []
    for delta in deltas:
        yield {**common, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield {**common, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    if (body.get("stream_options") or {}).get("include_usage"):
        yield {**common, "choices": [], "usage": completion["usage"]}


def _embeddings(body: Mapping[str, Any]) -> dict[str, Any]:
    """Embed by hashing words: the same text gives the same vector, and shared words bring vectors near.

    Vectors are not of unit length and come last first, which the protocol allows: `index` tells the order.
    """
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    dimensions = body.get("dimensions") or _DIMENSIONS[body["model"]]
    rows = [
        {"object": "embedding", "index": index, "embedding": _encoded(_vector(text, dimensions), body)}
        for index, text in enumerate(texts)
    ]
    tokens = sum(map(_tokens, texts))
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": rows[::-1], "model": body["model"], "usage": usage}


def _encoded(vector: list[float], body: Mapping[str, Any]) -> list[float] | str:
    if body.get("encoding_format") != "base64":
        return vector
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _vector(text: str, dimensions: int) -> list[float]:
    vector = [0.0] * dimensions
    for word in re.findall(r"\w+", text.casefold()) or [text]:
        number = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        vector[number % dimensions] += 1.0 if number >> 63 else -1.0
    return vector if any(vector) else [1.0] * dimensions


def _tokens(text: str) -> int:
    return -(-len(text) // 4)


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _unknown_url() -> bytes:
    return error_body("Invalid URL", "invalid_request_error")


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    parser.add_argument("--api-key", help="let in this key alone; any by default")
    arguments = parser.parse_args()
    server = OpenAIServer(api_key=arguments.api_key, port=arguments.port)
    print(f"OPENAI_BASE_URL={server.url}", flush=True)  # noqa: T201  says where it listens
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
