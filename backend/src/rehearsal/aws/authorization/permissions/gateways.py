"""API Gateway: the actions are HTTP's methods, the resources the paths of its own API."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from moto.core.utils import get_service_model

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission


def gateway(call: Call) -> list[Permission]:
    """Return what a call to API Gateway needs, of either version."""
    operation = get_service_model(call.service).operation_model(call.operation)
    path = str(operation.http["requestUri"]).partition("?")[0]
    members: Mapping[str, Any] = operation.input_shape.members if operation.input_shape else {}
    for name, shape in members.items():
        if shape.serialization.get("location") == "uri":
            written = shape.serialization.get("name", name)
            value = quote(str(call.parameters.get(name) or call.parameters.get(written)), safe="")
            path = path.replace(f"{{{written}}}", value).replace(f"{{{written}+}}", value)
    resource = f"arn:aws:apigateway:{call.region}::{path.removeprefix('/v2')}"
    return [Permission(f"apigateway:{operation.http['method']}", resource)]
