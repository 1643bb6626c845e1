"""A request through a deployed API: stage, route, throttle, event, function, answer."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Protocol
from uuid import uuid4

from rehearsal.functions import Answer, FunctionsError, RequestTooLarge, TooManyRequests
from rehearsal.gateway.answers import MalformedAnswer, response
from rehearsal.gateway.api import Api, Route, Stage
from rehearsal.gateway.bucket import Bucket
from rehearsal.gateway.call import Call
from rehearsal.gateway.events import event
from rehearsal.gateway.failures import REQUEST_LIMIT_BYTES, Failure
from rehearsal.gateway.message import Request, Response
from rehearsal.gateway.routes import match, split_stage


class Backend(Protocol):
    """What invokes functions: a `LambdaService`."""

    def invoke(self, function: str, payload: bytes) -> Answer:
        """Run the function of that ARN and wait for its answer.

        Raises:
            FunctionsError: refused.
        """


class _Refused(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


class Gateway:
    """Answers requests to one API; safe to use from several threads."""

    def __init__(self, api: Api, backend: Backend, clock: Callable[[], float] = monotonic) -> None:
        self.api = api
        self._backend = backend
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._lock = Lock()

    def handle(self, request: Request) -> Response:
        """Return the API's answer, or the gateway's own."""
        request_id, extended_id = str(uuid4()), ""
        try:
            call = self._route(request)
            request_id, extended_id = call.request_id, call.extended_request_id
            answered = self._invoke(call)
        except _Refused as refused:
            answered = refused.failure.response(self.api, request)
        return answered.with_headers(self._ids(request_id, extended_id))

    def refuse_body(self, request: Request) -> Response:
        """Return the answer to a body over the limit, which need not have been read."""
        refusal = Failure.REQUEST_TOO_LARGE.response(self.api, request)
        return refusal.with_headers(self._ids(str(uuid4()), ""))

    def _route(self, request: Request) -> Call:
        found = split_stage(self.api, request.path)
        if found is None:
            raise _Refused(Failure.ACCESS_DENIED)
        stage, path = found
        matched = match(self.api.routes, request.method, path)
        if matched is None:
            raise _Refused(Failure.MISSING_AUTHENTICATION_TOKEN)
        if len(request.body) > REQUEST_LIMIT_BYTES:
            raise _Refused(Failure.REQUEST_TOO_LARGE)
        if not self._admits(stage, matched.route):
            raise _Refused(Failure.THROTTLED)
        return Call(self.api, stage, matched, request, path)

    def _admits(self, stage: Stage, route: Route) -> bool:
        found = stage.throttle_of(route)
        if found is None:
            return True
        name, throttle = found
        with self._lock:
            bucket = self._buckets.setdefault((stage.name, name), Bucket(throttle, self._clock))
        return bucket.take()

    def _invoke(self, call: Call) -> Response:
        """Wait for the function as long as the integration may take; it runs on when that is over, as on AWS."""
        integration = call.match.route.integration
        if not integration.lets_call(call.source_arn):
            raise _Refused(Failure.API_CONFIGURATION_ERROR)
        results: SimpleQueue[Answer | FunctionsError] = SimpleQueue()
        arn, payload = integration.arn_in(call.stage), event(call)
        Thread(target=lambda: results.put(self._try(arn, payload)), daemon=True).start()
        try:
            result = results.get(timeout=integration.timeout_seconds)
        except Empty:
            raise _Refused(Failure.INTEGRATION_TIMEOUT) from None
        if isinstance(result, FunctionsError):
            raise _Refused(_failure(result)) from result
        if result.function_error:
            raise _Refused(Failure.BAD_ANSWER)
        try:
            return response(call, result.payload)
        except MalformedAnswer as error:
            raise _Refused(Failure.BAD_ANSWER) from error

    def _try(self, arn: str, payload: bytes) -> Answer | FunctionsError:
        try:
            return self._backend.invoke(arn, payload)
        except FunctionsError as error:
            return error

    def _ids(self, request_id: str, extended_id: str) -> list[tuple[str, str]]:
        if self.api.kind == "http":
            return [("Apigw-Requestid", extended_id or request_id)]
        return [("x-amzn-RequestId", request_id), *([("x-amz-apigw-id", extended_id)] if extended_id else [])]


def _failure(error: FunctionsError) -> Failure:
    if isinstance(error, RequestTooLarge):
        return Failure.EVENT_TOO_LARGE
    if isinstance(error, TooManyRequests):
        return Failure.NO_CONCURRENCY
    return Failure.API_CONFIGURATION_ERROR
