"""The whole front over HTTP: real functions under AWS's own runtime client."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from tests.rehearsal.gateway.apis import ARN, http_api, rest_api

from rehearsal.gateway import Integration, Route

Front = Callable[..., httpx.Client]
ECHO = """
    import json
    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""


class TestServer:
    """Requests over a socket."""

    @pytest.mark.parametrize("method", ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"])
    def test_serves(self, front: Front, method: str) -> None:
        """Every method reaches the function, with the client's address."""
        event = front(ECHO).request(method, "/production/health?a=1").json()

        assert (method, "/health", {"a": "1"}) == (event["httpMethod"], event["path"], event["queryStringParameters"])
        assert "127.0.0.1" == event["requestContext"]["identity"]["sourceIp"]

    def test_head_has_no_body(self, front: Front) -> None:
        """HEAD gets the length of a body that is not sent, and the connection lives on."""
        client = front(ECHO)
        head = client.head("/production/health")

        assert (b"", True) == (head.content, int(head.headers["content-length"]) > 0)
        assert 200 == client.get("/production/health").status_code

    def test_http_api(self, front: Front) -> None:
        """An HTTP API's function gets payload 2.0."""
        event = front(ECHO, http_api()).get("/health?a=1&a=2").json()

        assert ("2.0", "/health", {"a": "1,2"}) == (event["version"], event["rawPath"], event["queryStringParameters"])

    def test_binary_both_ways(self, front: Front) -> None:
        """Bytes through multipart come back as they were."""
        source = """
            def handler(event, context):
                headers = {"Content-Type": event["headers"]["Content-Type"]}
                body = event["body"]
                return {"statusCode": 200, "headers": headers, "body": body, "isBase64Encoded": True}
        """
        client = front(source, rest_api(binary_media_types=["*/*"]))
        response = client.post("/production/videos", files={"file": ("a.mp4", bytes(range(256)) * 1000)})

        assert bytes(range(256)) * 1000 in response.content
        assert response.headers["content-type"].startswith("multipart/form-data; boundary=")

    def test_several_cookies(self, front: Front) -> None:
        """They cross the wire one by one."""
        source = """
            def handler(event, context):
                return {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2; Path=/"]}}
        """
        assert ["a=1", "b=2; Path=/"] == front(source).get("/production/x").headers.get_list("set-cookie")

    def test_chunked(self, front: Front) -> None:
        """A body that comes in chunks arrives whole."""
        event = front(ECHO).post("/production/x", content=iter([b"ab", b"cd"])).json()

        assert "abcd" == event["body"]

    def test_broken_framing(self, front: Front) -> None:
        """A length that is no number is the client's mistake."""
        parts = urlsplit(str(front(ECHO).base_url))
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            connection.sendall(b"POST /production/x HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n")
            answer = connection.makefile("rb").read()

        assert answer.startswith(b"HTTP/1.1 400 ")


class TestLimits:
    """Sizes and times."""

    def test_ten_megabytes(self, front: Front) -> None:
        """A larger body is refused by the gateway."""
        response = front(ECHO).post("/production/x", content=b"x" * (10 * 1024 * 1024 + 1))

        assert (413, {"message": "HTTP content length exceeded 10485760 bytes."}) == (
            response.status_code,
            response.json(),
        )

    def test_six_megabytes_in(self, front: Front) -> None:
        """A body the gateway takes, but Lambda does not, is refused too."""
        response = front(ECHO).post("/production/x", content=b"x" * (6 * 1024 * 1024))

        assert (413, {"message": "Request Too Long"}) == (response.status_code, response.json())

    def test_six_megabytes_out(self, front: Front) -> None:
        """An answer over Lambda's limit is a bad gateway."""
        response = front("def handler(event, context): return {'statusCode': 200, 'body': 'x' * 7_000_000}").get(
            "/production/x"
        )

        assert (502, {"message": "Internal server error"}) == (response.status_code, response.json())

    def test_integration_timeout(self, front: Front) -> None:
        """A function slower than its integration may be is not waited for."""
        source = """
            import time
            def handler(event, context):
                time.sleep(1)
                return {"statusCode": 200}
        """
        api = rest_api(routes=[Route("ANY", "/{proxy+}", Integration(ARN, timeout_seconds=0.2))])
        response = front(source, api).get("/production/x")

        assert (504, {"message": "Endpoint request timed out"}) == (response.status_code, response.json())

    @pytest.mark.parametrize(
        "source",
        [
            "raise ValueError('no key')",
            "import os; os._exit(3)",
            "def handler(event, context): raise KeyError('lost')",
            "import os\ndef handler(event, context): os._exit(1)",
            "import time\ndef handler(event, context): time.sleep(60)",
            "def handler(event, context): return len(b'x' * 10**9)",
            "def handler(event, context): return 'garbage'",
        ],
    )
    def test_broken_functions(self, front: Front, source: str) -> None:
        """Whatever goes wrong in the function is a bad gateway that tells the client nothing of it."""
        response = front(source, timeout_seconds=1).get("/production/x")

        assert (502, '{"message":"Internal server error"}') == (response.status_code, response.text)
        assert response.headers["x-amzn-requestid"]

    def test_no_concurrency(self, front: Front) -> None:
        """A function throttled by Lambda is an internal error of the gateway's."""
        assert 500 == front(ECHO, reserved_concurrency=0).get("/production/x").status_code
