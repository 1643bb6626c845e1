"""The way of an HTTP client's requests to a function at one version, past API Gateway."""

import json
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Address
from typing import Any

import httpx
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from deployment.account import Account
from deployment.invocation.answer import refused, response_of
from deployment.invocation.event import ApiEndpoint, event_of

_LARGEST_BYTES = 6 * 1024 * 1024
"""Of an event. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
_GATEWAY_SECONDS = 29
_THROTTLED = "TooManyRequestsException"


class InvokeTransport(httpx.BaseTransport):
    """Hands each request to the function its path belongs to.

    A function's failure is answered as API Gateway would: 502, 504 after 29 seconds, 413 over 6 MB, 429 without an
    instance; the message says what it was.

    Args:
        account: whose functions they are.
        endpoint: the API they stand behind.
        routes: the beginnings of paths, and which function with which version takes them.
    """

    def __init__(self, account: Account, endpoint: ApiEndpoint, routes: Mapping[str, tuple[str, str]]) -> None:
        once = Config(read_timeout=_GATEWAY_SECONDS, retries={"mode": "standard", "total_max_attempts": 1})
        self._lambda = account.client("lambda", once)
        self._endpoint = endpoint
        self._routes = sorted(routes.items(), key=lambda route: len(route[0]), reverse=True)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the function's answer."""
        payload = json.dumps(event_of(request, self._endpoint)).encode()
        if len(payload) > _LARGEST_BYTES:
            return refused(413, "Request Too Long")
        function, version = self._function_of(self._endpoint.path_of(request))
        try:
            answer = self._lambda.invoke(FunctionName=function, Qualifier=version, Payload=payload)
        except ReadTimeoutError:
            return refused(504, "Endpoint request timed out")
        except ClientError as error:
            if error.response["Error"]["Code"] != _THROTTLED:
                raise
            return refused(429, f"{function} has no instance left for this: reserved_concurrency is how many it has")
        said = answer["Payload"].read()
        if "FunctionError" in answer:
            return refused(502, f"{function} at version {version} failed: {_reason(said)}")
        return response_of(said)

    def _function_of(self, path: str) -> tuple[str, str]:
        for prefix, function in self._routes:
            if path == prefix or path.startswith(f"{prefix.rstrip('/')}/"):
                return function
        return self._routes[-1][1]


def random_source_ip() -> str:
    """Return an address of those kept for tests, drawn anew: failed sign-ins are counted by address.

    Source: RFC 2544, appendix C.2.2
    """
    return str(IPv4Address("198.18.0.0") + secrets.randbelow(2**17))


def _reason(said: bytes) -> str:
    try:
        error: Any = json.loads(said)
        return f"{error.get('errorType', 'an error')}: {error.get('errorMessage', '')}".strip(": ")
    except (ValueError, AttributeError):
        return "an error without words"
