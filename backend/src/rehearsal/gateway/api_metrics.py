"""What API Gateway measures of an API.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
"""

from rehearsal.functions import Metrics
from rehearsal.gateway.access_log import Outcome
from rehearsal.gateway.api import Api
from rehearsal.gateway.call import Arrival
from rehearsal.gateway.routes import split_stage

_NAMESPACE = "AWS/ApiGateway"


class ApiMetrics:
    """Tells the metrics of one API."""

    def __init__(self, api: Api, metrics: Metrics) -> None:
        self._api = api
        self._metrics = metrics
        self._named = {"ApiName": api.name} if api.kind == "rest" else {"ApiId": api.id}
        self._failures = ("4XXError", "5XXError") if api.kind == "rest" else ("4xx", "5xx")

    def count(self, arrival: Arrival, outcome: Outcome, latency_ms: float) -> None:
        """Count one request; none to a stage that is not there."""
        found = split_stage(self._api, arrival.request.path)
        if found is None:
            return
        hundreds, (theirs, ours) = outcome.response.status // 100, self._failures
        values = {"Count": 1.0, theirs: float(hundreds == 4), ours: float(hundreds == 5), "Latency": latency_ms}
        if outcome.integration_ms is not None:
            values["IntegrationLatency"] = outcome.integration_ms
        self._metrics.put(_NAMESPACE, [self._named, {**self._named, "Stage": found[0].name}], values)
