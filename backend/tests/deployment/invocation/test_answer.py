"""Functions' answers as HTTP responses."""

import base64
import json
from typing import Any

import pytest

from deployment.invocation.answer import response_of


def answered(**answer: Any) -> bytes:
    """Return a function's answer as Lambda hands it over."""
    return json.dumps(answer).encode()


class TestResponseOf:
    """Reading an answer."""

    def test_text(self) -> None:
        """Status, headers and text arrive."""
        response = response_of(answered(statusCode=404, headers={"X-Request-Id": "a"}, body="nö"))
        assert (404, "a", "nö") == (response.status_code, response.headers["x-request-id"], response.text)

    def test_binary(self) -> None:
        """What is base64 is decoded."""
        encoded = base64.b64encode(b"\0\xff").decode()
        assert b"\0\xff" == response_of(answered(statusCode=200, body=encoded, isBase64Encoded=True)).content

    def test_several_headers(self) -> None:
        """Several values of a name arrive, and win over the single one."""
        several = {"Set-Cookie": ["a=1", "b=2"]}
        response = response_of(answered(statusCode=200, headers={"set-cookie": "c=3"}, multiValueHeaders=several))
        assert ["a=1", "b=2"] == response.headers.get_list("set-cookie")

    def test_cookies_of_version_2(self) -> None:
        """A list of cookies becomes headers."""
        assert ["a=1"] == response_of(answered(statusCode=200, cookies=["a=1"])).headers.get_list("set-cookie")

    @pytest.mark.parametrize("payload", [b"no JSON", b"[]", b"{}", b'"text"', b'{"statusCode": "many"}'])
    def test_no_response(self, payload: bytes) -> None:
        """What describes none is 502, by the gateway."""
        response = response_of(payload)
        assert 502 == response.status_code
        assert ["message"] == list(response.json())
