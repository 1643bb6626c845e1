"""The Lambda Runtime API on 127.0.0.1, for one execution environment.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from queue import SimpleQueue
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from time import perf_counter

from rehearsal.runtime.function import CREDENTIALS_PATH

_RUNTIME = "/2018-06-01/runtime"
_STOP_SECONDS = 0.02
# Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (6 MB), and Lambda's own message
RESPONSE_LIMIT_BYTES = 6_291_556


class Kind(Enum):
    """What the runtime said."""

    NEXT = auto()
    RESPONSE = auto()
    ERROR = auto()
    INIT_ERROR = auto()
    SNAPSHOT = auto()
    RESTORE_ERROR = auto()
    EXIT = auto()


@dataclass(frozen=True)
class Message:
    """One thing the runtime said; `at_seconds` is when, on the clock of `perf_counter`."""

    kind: Kind
    request_id: str = ""
    payload: bytes = b""
    at_seconds: float = field(default_factory=perf_counter)


@dataclass(frozen=True)
class Work:
    """An invocation for the runtime to fetch; `headers` as AWS documents them."""

    payload: bytes
    headers: Mapping[str, str]


class RuntimeApi:
    """Hands out work to one runtime and keeps what it says, in order, in `messages`."""

    def __init__(self, credentials: Mapping[str, str] | None = None) -> None:
        self.messages: SimpleQueue[Message] = SimpleQueue()
        self.credentials_token = secrets.token_urlsafe(32)
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._server = _Server(self.messages, self._work)
        self._server.credentials = (self.credentials_token, credentials) if credentials else None
        self._thread = Thread(target=self._server.serve_forever, args=(_STOP_SECONDS,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        """The value of `AWS_LAMBDA_RUNTIME_API`."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def give(self, work: Work) -> None:
        """Let the runtime's present or next poll return `work`."""
        self._work.put(work)

    def restore(self) -> None:
        """Let the runtime go on from where its snapshot was taken."""
        self._server.restored.set()

    def stop(self) -> None:
        """Stop answering; a poll that waits is cut off."""
        self._work.put(None)
        self._server.is_stopping = True
        self._server.restored.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, messages: SimpleQueue[Message], work: SimpleQueue[Work | None]) -> None:
        self.messages = messages
        self.work = work
        self.credentials: tuple[str, Mapping[str, str]] | None = None
        self.restored = Event()
        self.is_stopping = False
        super().__init__(("127.0.0.1", 0), _Connection)


class _Connection(StreamRequestHandler):
    """HTTP/1.1 by hand: the standard library's parser would cost as much as a whole warm invocation."""

    disable_nagle_algorithm = True  # and one write an answer, or each waits 40 ms for a delayed ACK
    server: _Server

    def handle(self) -> None:
        """Serve requests until the runtime hangs up."""
        try:
            while request_line := self.rfile.readline():
                method, path, _version = request_line.decode("latin-1").split()
                headers = self._headers()
                body = self.rfile.read(int(headers.get(b"content-length", b"0")))
                if path == CREDENTIALS_PATH:
                    self._give_credentials(headers.get(b"authorization", b""))
                else:
                    self._serve(method, path, body)
        except ConnectionError:
            return  # the runtime was killed, or left

    def _headers(self) -> dict[bytes, bytes]:
        headers = {}
        while (line := self.rfile.readline()) not in {b"\r\n", b""}:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        return headers

    def _serve(self, method: str, path: str, body: bytes) -> None:
        parts = path.removeprefix(f"{_RUNTIME}/").split("/")
        match method, parts:
            case "GET", ["invocation", "next"]:
                self._next()
            case "POST", ["invocation", request_id, "response"]:
                self._respond(request_id, body)
            case "POST", ["invocation", request_id, "error"]:
                self._accept(Message(Kind.ERROR, request_id, body))
            case "POST", ["init", "error"]:
                self._accept(Message(Kind.INIT_ERROR, payload=body))
            case "GET", ["restore", "next"]:
                self._hold()
            case "POST", ["restore", "error"]:
                self._accept(Message(Kind.RESTORE_ERROR, payload=body))
            case _:
                error = {"errorMessage": f"no {method} {path}", "errorType": "InvalidRequest"}
                self._answer("404 Not Found", json.dumps(error).encode())

    def _next(self) -> None:
        self.server.messages.put(Message(Kind.NEXT))
        work = self.server.work.get()
        if work is None:
            raise ConnectionAbortedError
        self._answer("200 OK", work.payload, work.headers)

    def _hold(self) -> None:
        """Keep the runtime where its snapshot is taken, until it is to go on."""
        self.server.messages.put(Message(Kind.SNAPSHOT))
        self.server.restored.wait()
        if self.server.is_stopping:
            raise ConnectionAbortedError
        self._answer("200 OK", b"{}")

    def _give_credentials(self, token: bytes) -> None:
        known = self.server.credentials
        if known and secrets.compare_digest(known[0].encode(), token):
            self._answer("200 OK", json.dumps(known[1]).encode())
        else:
            self._answer("403 Forbidden", b"{}")

    def _respond(self, request_id: str, body: bytes) -> None:
        if len(body) <= RESPONSE_LIMIT_BYTES:
            self._accept(Message(Kind.RESPONSE, request_id, body))
            return
        limit = f"exceeded maximum allowed payload size ({RESPONSE_LIMIT_BYTES} bytes)."
        failure = {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": f"Response payload size {limit}"}
        self.server.messages.put(Message(Kind.ERROR, request_id, json.dumps(failure).encode()))
        refusal = {"errorType": "RequestEntityTooLarge", "errorMessage": f"Exceeded {limit.removeprefix('exceeded ')}"}
        self._answer("413 Payload Too Large", json.dumps(refusal).encode())

    def _accept(self, message: Message) -> None:
        self.server.messages.put(message)
        self._answer("202 Accepted", b'{"status":"OK"}')

    def _answer(self, status: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
        self.wfile.write("\r\n".join([*lines, "\r\n"]).encode("latin-1") + body)
