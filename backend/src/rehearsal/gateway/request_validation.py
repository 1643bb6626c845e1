"""What a REST API asks of a request before its function is called: a key that is known and not used up, a JSON object.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

import json
from collections import Counter
from collections.abc import Callable
from threading import Lock

from rehearsal.gateway.api import Api, Route, UsagePlan
from rehearsal.gateway.bucket import Bucket
from rehearsal.gateway.failures import Failure
from rehearsal.gateway.message import Request


class RequestValidator:
    """Judges requests to one API; safe to use from several threads.

    A quota is counted for as long as this lives: no period is over before.
    """

    def __init__(self, api: Api, clock: Callable[[], float]) -> None:
        self._plans = {key: plan for plan in api.usage_plans for key in plan.keys}
        self._buckets = {key: Bucket(plan.throttle, clock) for key, plan in self._plans.items() if plan.throttle}
        self._used: Counter[str] = Counter()
        self._lock = Lock()

    def refusal(self, request: Request, route: Route) -> Failure | None:
        """Return why the request is refused; None if it is not."""
        if route.wants_key:
            key = request.header("x-api-key") or ""
            plan = self._plans.get(key)
            refused = self._counted(key, plan) if plan else Failure.INVALID_API_KEY
            if refused:
                return refused
        return Failure.BAD_REQUEST_BODY if route.wants_object and not _is_fine(request) else None

    def _counted(self, key: str, plan: UsagePlan) -> Failure | None:
        if key in self._buckets and not self._buckets[key].take():
            return Failure.THROTTLED
        with self._lock:
            if plan.quota is not None and self._used[key] >= plan.quota:
                return Failure.QUOTA_EXCEEDED
            self._used[key] += 1
        return None


def _is_fine(request: Request) -> bool:
    """Whether the body is a JSON object, or says that it is no JSON; one that says nothing counts as JSON."""
    said = (request.header("Content-Type") or "application/json").partition(";")[0].strip().lower()
    if said != "application/json":
        return True
    try:
        return isinstance(json.loads(request.body), dict)
    except ValueError:
        return False
