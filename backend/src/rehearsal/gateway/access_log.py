"""The access log a stage asks for.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
"""

import re
from dataclasses import dataclass
from hashlib import md5

from rehearsal.functions import Logs
from rehearsal.gateway.api import Api, Stage
from rehearsal.gateway.call import Arrival
from rehearsal.gateway.failures import Failure
from rehearsal.gateway.message import Response
from rehearsal.gateway.routes import match, split_stage

_VARIABLE = re.compile(r"\$context\.([A-Za-z]+(?:\.[A-Za-z]+)*)")
_NOTHING = "-"


@dataclass(frozen=True)
class Outcome:
    """How a request ended: the gateway's own `failure` if it was one, and how long the function took if asked."""

    response: Response
    failure: Failure | None = None
    integration_ms: float | None = None


class AccessLog:
    """Writes one line a request, in the stage's own format."""

    def __init__(self, api: Api, logs: Logs) -> None:
        self._api = api
        self._logs = logs

    def write(self, arrival: Arrival, outcome: Outcome, latency_ms: float) -> None:
        """Write the line; nothing for a stage that is not there or keeps no log."""
        found = split_stage(self._api, arrival.request.path)
        if found is None or found[0].access_log is None:
            return
        stage, path = found
        values = {
            **_request_values(self._api, stage, arrival),
            **_route_values(self._api, arrival, path),
            **_outcome_values(outcome, latency_ms),
        }
        log = found[0].access_log
        line = _VARIABLE.sub(lambda variable: values.get(variable[1], _NOTHING), log.text)
        stream = md5(f"{self._api.id}/{stage.name}".encode(), usedforsecurity=False).hexdigest()
        self._logs.write(log.group, stream, [line])


def _request_values(api: Api, stage: Stage, arrival: Arrival) -> dict[str, str]:
    request = arrival.request
    return {
        "accountId": api.account,
        "apiId": api.id,
        "domainName": api.domain_name,
        "extendedRequestId": arrival.extended_request_id,
        "httpMethod": request.method,
        "identity.sourceIp": request.source_ip,
        "identity.userAgent": request.header("User-Agent") or _NOTHING,
        "path": request.path,
        "protocol": "HTTP/1.1",
        "requestId": arrival.request_id if api.kind == "rest" else arrival.extended_request_id,
        "requestTime": arrival.at_text,
        "requestTimeEpoch": str(arrival.at_ms),
        "stage": stage.name,
    }


def _route_values(api: Api, arrival: Arrival, path: str) -> dict[str, str]:
    matched = match(api.routes, arrival.request.method, path)
    return {"resourcePath": matched.route.path, "routeKey": matched.route.key} if matched else {}


def _outcome_values(outcome: Outcome, latency_ms: float) -> dict[str, str]:
    integration_ms = _NOTHING if outcome.integration_ms is None else f"{outcome.integration_ms:.0f}"
    error = outcome.failure.value.rest[1] if outcome.failure else _NOTHING
    asked = outcome.integration_ms is not None
    return {
        "error.message": error,
        "error.responseType": outcome.failure.name if outcome.failure else _NOTHING,
        "integration.error": error if asked else _NOTHING,
        "integration.latency": integration_ms,
        "integrationErrorMessage": error if asked else _NOTHING,
        "integrationLatency": integration_ms,
        "responseLatency": f"{latency_ms:.0f}",
        "responseLength": str(len(outcome.response.body)),
        "status": str(outcome.response.status),
    }
