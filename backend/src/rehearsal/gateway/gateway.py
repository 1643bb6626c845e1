"""A request through a deployed API: stage, route, throttle, event, function, answer."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic, perf_counter
from typing import Protocol

from rehearsal.functions import Answer, FunctionsError, Logs, Metrics, RequestTooLarge, TooManyRequests
from rehearsal.gateway.access_log import AccessLog, Outcome
from rehearsal.gateway.answers import MalformedAnswer, response
from rehearsal.gateway.api import Api, Route, Stage
from rehearsal.gateway.api_metrics import ApiMetrics
from rehearsal.gateway.bucket import Bucket
from rehearsal.gateway.call import Arrival, Call
from rehearsal.gateway.events import event
from rehearsal.gateway.failures import REQUEST_LIMIT_BYTES, Failure
from rehearsal.gateway.message import Request, Response
from rehearsal.gateway.request_validation import RequestValidator
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
    """Answers requests to one API; safe to use from several threads.

    Args:
        logs: receives the access logs its stages ask for; none are written when None.
        metrics: is told of every request; nobody when None.
    """

    def __init__(
        self,
        api: Api,
        backend: Backend,
        *,
        logs: Logs | None = None,
        metrics: Metrics | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.api = api
        self._backend = backend
        self._access_log = AccessLog(api, logs) if logs else None
        self._meter = ApiMetrics(api, metrics) if metrics else None
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._validator = RequestValidator(api, clock)
        self._lock = Lock()

    def handle(self, request: Request) -> Response:
        """Return the API's answer, or the gateway's own."""
        arrival, started = Arrival(request), perf_counter()
        try:
            outcome = self._outcome(self._route(arrival))
        except _Refused as refused:
            outcome = self._refusal(arrival, refused.failure)
        return self._finish(arrival, outcome, started)

    def refuse_body(self, request: Request) -> Response:
        """Return the answer to a body over the limit, which need not have been read."""
        arrival, started = Arrival(request), perf_counter()
        return self._finish(arrival, self._refusal(arrival, Failure.REQUEST_TOO_LARGE), started)

    def _outcome(self, call: Call) -> Outcome:
        started = perf_counter()
        try:
            return Outcome(self._invoke(call), integration_ms=(perf_counter() - started) * 1000)
        except _Refused as refused:
            asked_ms = (perf_counter() - started) * 1000
            return self._refusal(call.arrival, refused.failure, asked_ms)

    def _refusal(self, arrival: Arrival, failure: Failure, integration_ms: float | None = None) -> Outcome:
        return Outcome(failure.response(self.api, arrival.request, arrival.request_id), failure, integration_ms)

    def _finish(self, arrival: Arrival, outcome: Outcome, started: float) -> Response:
        latency_ms = (perf_counter() - started) * 1000
        if self._access_log:
            self._access_log.write(arrival, outcome, latency_ms)
        if self._meter:
            self._meter.count(arrival, outcome, latency_ms)
        return outcome.response.with_headers(self._ids(arrival))

    def _route(self, arrival: Arrival) -> Call:
        request = arrival.request
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
        if refused := self._validator.refusal(request, matched.route):
            raise _Refused(refused)
        return Call(self.api, stage, matched, arrival, path)

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

    def _ids(self, arrival: Arrival) -> list[tuple[str, str]]:
        if self.api.kind == "http":
            return [("Apigw-Requestid", arrival.extended_request_id)]
        return [("x-amzn-RequestId", arrival.request_id), ("x-amz-apigw-id", arrival.extended_request_id)]


def _failure(error: FunctionsError) -> Failure:
    if isinstance(error, RequestTooLarge):
        return Failure.EVENT_TOO_LARGE
    if isinstance(error, TooManyRequests):
        return Failure.NO_CONCURRENCY
    return Failure.API_CONFIGURATION_ERROR
