"""Lambda's own front door: the Invoke operation, so SDKs reach the functions too.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import json
import re
from urllib.parse import parse_qs, unquote
from uuid import uuid4

from rehearsal.functions import Answer, FunctionsError, LambdaService, RequestTooLarge, ResourceNotFound
from rehearsal.gateway.message import Request, Response

_PATH = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_TAIL_BYTES = 4096


class InvokeApi:
    """Answers `POST /2015-03-31/functions/NAME/invocations`; who may call is not its business."""

    def __init__(self, service: LambdaService) -> None:
        self._service = service

    def handle(self, request: Request) -> Response:
        """Invoke at once or later, as the request's headers say."""
        try:
            return self._invoke(request)
        except FunctionsError as error:
            return _refusal(error)

    def refuse_body(self, request: Request) -> Response:  # noqa: ARG002  a gateway's answer depends on it
        """Return the answer to a body over any limit, which need not have been read."""
        return _refusal(RequestTooLarge("Request must be smaller than 6291456 bytes for the InvokeFunction operation"))

    def _invoke(self, request: Request) -> Response:
        path = _PATH.fullmatch(request.path)
        if request.method != "POST" or path is None:
            raise ResourceNotFound(f"no {request.method} {request.path}")
        name, payload = unquote(path[1]), request.body or b"{}"
        qualifier = parse_qs(request.query).get("Qualifier", [None])[0]
        invocation_type = request.header("X-Amz-Invocation-Type")
        if invocation_type == "DryRun":
            self._service.deployed(name, qualifier)
            return Response(204, [("x-amzn-RequestId", str(uuid4()))])
        if invocation_type == "Event":
            request_id = self._service.invoke_later(name, payload, qualifier)
            return Response(202, [("x-amzn-RequestId", request_id)])
        answer = self._service.invoke(name, payload, qualifier)
        return _response(answer, wants_log=request.header("X-Amz-Log-Type") == "Tail")


def _response(answer: Answer, *, wants_log: bool) -> Response:
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": answer.request_id,
        "X-Amz-Executed-Version": answer.version,
    }
    if answer.function_error:
        headers["X-Amz-Function-Error"] = answer.function_error
    if wants_log:
        tail = "".join(f"{line}\n" for line in answer.log).encode()[-_TAIL_BYTES:]
        headers["X-Amz-Log-Result"] = base64.b64encode(tail).decode()
    return Response(200, list(headers.items()), answer.payload)


def _refusal(error: FunctionsError) -> Response:
    headers = [
        ("Content-Type", "application/json"),
        ("x-amzn-RequestId", str(uuid4())),
        ("x-amzn-ErrorType", error.code),
    ]
    return Response(error.status, headers, json.dumps({"Type": "User", "Message": str(error)}).encode())
