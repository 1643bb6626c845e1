"""A server that speaks DynamoDB's protocol and says what a test has it say: for what the local AWS never does.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PREFIX = "com.amazonaws.dynamodb.v20120810#"
LOST = None
"""An answer that never arrives."""

Answer = tuple[int, dict[str, Any]] | None


def error(code: str, message: str = "told by a test", *, status: int = 400, **more: Any) -> Answer:
    """Return an answer that is an error."""
    return status, {"__type": f"{PREFIX}{code}", "message": message, **more}


def cancelled(*codes: str | None, **item: Any) -> Answer:
    """Return the answer to a transaction that was cancelled, with the reason of each of its parts."""
    reasons = [{"Code": code or "None", **({"Message": "told by a test"} if code else {})} for code in codes]
    named = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{named}]"
    for reason in reasons:
        if reason["Code"] == "ConditionalCheckFailed":
            reason.update(item)
    return error("TransactionCanceledException", message, CancellationReasons=reasons)


class ScriptedDynamoDB:
    """Gives these answers, one a request, and the last one ever after; `asked` are the operations and what they say."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.url = ""

    @property
    def operations(self) -> list[str]:
        """Return what was asked for."""
        return [operation for operation, _ in self.asked]

    def answer(self, operation: str, body: dict[str, Any]) -> Answer:
        """Return what is said next."""
        self.asked.append((operation, body))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    @contextmanager
    def running(self) -> Iterator["ScriptedDynamoDB"]:
        """Serve on a free port of 127.0.0.1."""
        with ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


def _handler(script: ScriptedDynamoDB) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            answer = script.answer(self.headers["X-Amz-Target"].partition(".")[2], json.loads(content))
            if answer is LOST:
                self.close_connection = True
                return
            status, body = answer
            told = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    return Handler
