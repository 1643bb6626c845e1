"""Requests that reach functions by Lambda's Invoke, played by a server that says who was asked."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
import pytest
from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.invocation.event import ApiEndpoint
from deployment.invocation.transport import InvokeTransport, random_source_ip

URL = "https://id.execute-api.eu-central-1.amazonaws.com/production"
ROUTES = {"/": ("fitness", "3"), "/api/v1/documents": ("knowledge", "4"), "/fails": ("fails", "1")}
REFUSED = {"busy": (429, "TooManyRequestsException"), "gone": (404, "ResourceNotFoundException")}


class Lambda(BaseHTTPRequestHandler):
    """Answers as the function would: with its name, its version and the path it was asked for."""

    def do_POST(self) -> None:
        """Answer an invocation."""
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        url = urlsplit(self.path)
        name, (version,) = url.path.split("/")[3], parse_qs(url.query)["Qualifier"]
        status, refusal = REFUSED.get(name, (200, ""))
        said: Any = {"statusCode": 200, "body": json.dumps([name, version, event["path"]])}
        if name == "fails":
            said = {"errorType": "KeyError", "errorMessage": "'x'", "stackTrace": ["line 1"]}
        body = json.dumps({"message": refusal} if refusal else said).encode()
        self.send_response(status)
        if refusal:
            self.send_header("x-amzn-ErrorType", refusal)
        if name == "fails":
            self.send_header("X-Amz-Function-Error", "Unhandled")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's signature
        """Say nothing."""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """Yield an account whose functions that server plays."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lambda)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield Account("1", "aws", "arn", "eu-central-1", boto3.Session("key", "secret", region_name="eu-central-1"))
    server.shutdown()
    thread.join()
    server.server_close()


def ask(account: Account, path: str, routes: dict[str, tuple[str, str]] | None = None, **more: Any) -> httpx.Response:
    """Return the answer to a request."""
    transport = InvokeTransport(account, ApiEndpoint(URL, "REST", random_source_ip()), routes or ROUTES)
    with httpx.Client(transport=transport) as client:
        return client.post(f"{URL}{path}", **more)


class TestInvokeTransport:
    """Sending requests."""

    @pytest.mark.parametrize(
        ("path", "function"),
        [
            ("/health", ["fitness", "3"]),
            ("/api/v1/documents", ["knowledge", "4"]),
            ("/api/v1/documents/1", ["knowledge", "4"]),
            ("/api/v1/documents-of-others", ["fitness", "3"]),
        ],
    )
    def test_routes(self, account: Account, path: str, function: list[str]) -> None:
        """The function whose path is the longest gets it, at its version."""
        assert [*function, path] == ask(account, path).json()

    def test_a_failure(self, account: Account) -> None:
        """A function that fails is 502 with its reason, and without its stack."""
        answer = ask(account, "/fails")
        assert (502, {"message": "fails at version 1 failed: KeyError: 'x'"}) == (answer.status_code, answer.json())

    def test_no_instance(self, account: Account) -> None:
        """Where none is left, it is 429, as of the gateway, and says of which function."""
        answer = ask(account, "/", {"/": ("busy", "1")})
        assert 429 == answer.status_code
        assert "busy has no instance left" in answer.text

    def test_too_large(self, account: Account) -> None:
        """What Lambda would not take is 413."""
        assert 413 == ask(account, "/", content=b"x" * 7_000_000, headers={"content-type": "text/plain"}).status_code

    def test_lambdas_own_refusal(self, account: Account) -> None:
        """What is no answer of the API's is an error of the tool's."""
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            ask(account, "/", {"/": ("gone", "1")})
