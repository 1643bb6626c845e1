"""APIs before functions that only remember."""

import json
from dataclasses import dataclass, field
from typing import Any

from rehearsal.functions import Answer, FunctionsError
from rehearsal.gateway import Api, Gateway, Integration, InvokeApi, Request, Response, Route, Stage

ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach:live"
OK = {"statusCode": 200, "body": "ok"}


class RecordingBackend:
    """A backend that keeps the events it gets, and gives the answer it was told."""

    def __init__(self, answer: object = None, refusal: FunctionsError | None = None) -> None:
        self.answer = OK if answer is None else answer
        self.refusal = refusal
        self.events: list[dict[str, Any]] = []
        self.functions: list[str] = []

    def invoke(self, function: str, payload: bytes) -> Answer:
        """Remember the event."""
        self.functions.append(function)
        self.events.append(json.loads(payload))
        if self.refusal:
            raise self.refusal
        return Answer(json.dumps(self.answer).encode(), "id", "1")


@dataclass
class DeferredInvokeApi:
    """Lambda's Invoke API, open before there is a Lambda: the function is told where it is."""

    api: InvokeApi = field(init=False)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        return self.api.handle(request)

    def refuse_body(self, request: Request) -> Response:
        """Refuse a body that is too large."""
        return self.api.refuse_body(request)


def rest_api(**changes: Any) -> Api:
    """Return a REST API as the deployment makes it: everything to one function, at the root and below."""
    integration = Integration(ARN)
    routes = [Route("ANY", "/", integration, "root00"), Route("ANY", "/{proxy+}", integration, "proxy0")]
    described = {"routes": routes, "stages": {"production": Stage("production")}} | changes
    return Api("rest", "abc123", **described)


def http_api(**changes: Any) -> Api:
    """Return an HTTP API of one catch-all route."""
    described = {
        "routes": [Route("ANY", "$default", Integration(ARN, payload="2.0"))],
        "stages": {"$default": Stage("$default")},
    } | changes
    return Api("http", "abc123", **described)


def event_of(api: Api, request: Request) -> dict[str, Any]:
    """Return the event that the function gets for the request."""
    backend = RecordingBackend()
    Gateway(api, backend).handle(request)
    [event] = backend.events
    return event
