"""Usage plans and bodies' models, read back from the AWS they were deployed to."""

import json
from collections.abc import Iterator
from typing import Any

from rehearsal.gateway.api import Throttle, UsagePlan

_PLAIN = {"$schema", "title", "description", "type"}


def usage_plans(client: Any, api_id: str) -> tuple[UsagePlan, ...]:
    """Return the plans of an API, with the keys in them."""
    pages = client.get_paginator("get_usage_plans").paginate()
    plans = [plan for page in pages for plan in page.get("items", ())]
    ours = [plan for plan in plans if any(stage["apiId"] == api_id for stage in plan["apiStages"])]
    return tuple(_plan(client, plan) for plan in ours)


def wants_object(client: Any, api_id: str, method: dict[str, Any]) -> bool | None:
    """Whether a method takes JSON objects alone; None where its model asks for what is not emulated."""
    models, validator = method.get("requestModels") or {}, method.get("requestValidatorId")
    if not validator or not models:
        return False
    if not client.get_request_validator(restApiId=api_id, requestValidatorId=validator).get("validateRequestBody"):
        return False
    if set(models) != {"application/json"}:
        return None
    schema = json.loads(client.get_model(restApiId=api_id, modelName=models["application/json"])["schema"])
    return True if schema.get("type") == "object" and set(schema) <= _PLAIN else None


def _plan(client: Any, plan: dict[str, Any]) -> UsagePlan:
    throttle, quota = plan.get("throttle"), plan.get("quota")
    return UsagePlan(
        frozenset(_keys(client, plan["id"])),
        Throttle(float(throttle["rateLimit"]), int(throttle["burstLimit"])) if throttle else None,
        int(quota["limit"]) if quota else None,
    )


def _keys(client: Any, plan_id: str) -> Iterator[str]:
    for page in client.get_paginator("get_usage_plan_keys").paginate(usagePlanId=plan_id):
        for key in page.get("items", ()):
            found = client.get_api_key(apiKey=key["id"], includeValue=True)
            if found.get("enabled", True):
                yield found["value"]
