"""APIs read back from the AWS they were deployed to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Literal

import boto3

from rehearsal.gateway.api import Api, GatewayResponse, Integration, LogFormat, Route, Stage, Throttle
from rehearsal.gateway.permissions import callers_of
from rehearsal.gateway.plans import usage_plans, wants_object

_Callers = Callable[[str], tuple[str, ...] | None]
_INVOCATION = re.compile(r"arn:aws:apigateway:[^:]+:lambda:path/2015-03-31/functions/(.+)/invocations")


class UnsupportedApi(Exception):
    """The deployed API has something the gateway here cannot do; the message says what and where."""


def read_apis(session: boto3.Session, endpoint_url: str) -> list[Api]:
    """Return every REST API and HTTP API deployed there.

    Raises:
        UnsupportedApi: one has an integration or an authorizer that is not emulated.
    """
    rest = session.client("apigateway", endpoint_url=endpoint_url)
    http = session.client("apigatewayv2", endpoint_url=endpoint_url)
    region = session.region_name
    functions = session.client("lambda", endpoint_url=endpoint_url)

    def callers(arn: str) -> tuple[str, ...] | None:
        return callers_of(functions, arn)

    apis = [_rest(rest, found, region, callers) for found in _pages(rest, "get_rest_apis", "items")]
    found_http = [found for found in _pages(http, "get_apis", "Items") if found["ProtocolType"] == "HTTP"]
    apis += [_http(http, found, region, callers) for found in found_http]
    stages = _mapped_stages(http)
    return [replace(api, mapped_stage=stages.get(api.id, "")) for api in apis]


def _mapped_stages(client: Any) -> dict[str, str]:
    """Return the stage that a domain leads to, by the API's id."""
    return {
        mapping["ApiId"]: mapping["Stage"]
        for domain in _pages(client, "get_domain_names", "Items")
        for mapping in client.get_api_mappings(DomainName=domain["DomainName"])["Items"]
    }


def _pages(client: Any, operation: str, name: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page.get(name, [])


def _rest(client: Any, found: dict[str, Any], region: str, callers: _Callers) -> Api:
    api_id = found["id"]
    resources = _pages(client, "get_resources", "items", restApiId=api_id, embed=["methods"])
    responses = client.get_gateway_responses(restApiId=api_id)["items"]
    stages = client.get_stages(restApiId=api_id)["item"]
    return Api(
        "rest",
        api_id,
        [route for resource in resources for route in _rest_routes(client, api_id, resource, callers)],
        {stage["stageName"]: _rest_stage(stage) for stage in stages},
        binary_media_types=found.get("binaryMediaTypes") or [],
        gateway_responses={response["responseType"]: _gateway_response(response) for response in responses},
        region=region,
        name=found["name"],
        usage_plans=usage_plans(client, api_id),
        has_default_endpoint=not found.get("disableExecuteApiEndpoint"),
    )


def _rest_routes(client: Any, api_id: str, resource: dict[str, Any], callers: _Callers) -> Iterator[Route]:
    for method, described in (resource.get("resourceMethods") or {}).items():
        where = f"{method} {resource['path']}"
        integration = described.get("methodIntegration") or {}
        function = _INVOCATION.fullmatch(integration.get("uri") or "")
        if integration.get("type") != "AWS_PROXY" or function is None:
            raise UnsupportedApi(f"{where}: only Lambda proxy integrations are emulated")
        _require_open(where, described.get("authorizationType"))
        timeout_seconds = int(integration.get("timeoutInMillis") or 29_000) / 1000
        reached = Integration(function[1], timeout_seconds, callers=callers(function[1]))
        is_object = wants_object(client, api_id, described)
        if is_object is None:
            raise UnsupportedApi(f"{where}: of models only that of any JSON object is emulated")
        wants_key = str(described.get("apiKeyRequired")).lower() == "true"
        yield Route(method, resource["path"], reached, resource["id"], wants_key, is_object)


def _require_open(where: str, authorization: str | None) -> None:
    if authorization not in {None, "NONE"}:
        raise UnsupportedApi(f"{where}: authorization {authorization} is not emulated")


def _rest_stage(stage: dict[str, Any]) -> Stage:
    settings = stage.get("methodSettings") or {}
    throttles = {
        name.replace("~1", "/").lstrip("/"): throttle
        for name, described in settings.items()
        if (throttle := _throttle(described, "throttlingRateLimit", "throttlingBurstLimit"))
    }
    log = stage.get("accessLogSettings") or {}
    return Stage(
        stage["stageName"], stage.get("variables") or {}, throttles, _log_format(log, "destinationArn", "format")
    )


def _throttle(settings: dict[str, Any], rate_name: str, burst_name: str) -> Throttle | None:
    """Return the throttle; none and -1 both mean the account's own, which a laptop does not reach."""
    rate, burst = float(settings.get(rate_name, -1)), int(settings.get(burst_name, -1))
    return Throttle(rate, burst) if rate >= 0 and burst >= 0 else None


def _log_format(settings: dict[str, Any], destination_name: str, format_name: str) -> LogFormat | None:
    destination = settings.get(destination_name, "")
    group = destination.partition(":log-group:")[2].removesuffix(":*")
    return LogFormat(group, settings[format_name]) if group else None


def _gateway_response(found: dict[str, Any]) -> GatewayResponse:
    prefix = "gatewayresponse.header."
    parameters = found.get("responseParameters") or {}
    status = found.get("statusCode")
    return GatewayResponse(
        int(status) if status else None,
        {name.removeprefix(prefix): value for name, value in parameters.items() if name.startswith(prefix)},
        (found.get("responseTemplates") or {}).get("application/json"),
    )


def _http(client: Any, api: dict[str, Any], region: str, callers: _Callers) -> Api:
    api_id = api["ApiId"]
    if api.get("CorsConfiguration"):
        raise UnsupportedApi(f"{api_id}: CORS answered by an HTTP API is not emulated; let the function answer it")
    integrations = {
        found["IntegrationId"]: _http_integration(found, callers)
        for found in _pages(client, "get_integrations", "Items", ApiId=api_id)
    }
    routes = list(_pages(client, "get_routes", "Items", ApiId=api_id))
    stages = list(_pages(client, "get_stages", "Items", ApiId=api_id))
    return Api(
        "http",
        api_id,
        [_http_route(found, integrations) for found in routes],
        {found["StageName"]: _http_stage(found) for found in stages},
        region=region,
    )


def _http_integration(found: dict[str, Any], callers: _Callers) -> Integration:
    if found["IntegrationType"] != "AWS_PROXY":
        raise UnsupportedApi(f"{found['IntegrationUri']}: only Lambda proxy integrations are emulated")
    function = _INVOCATION.fullmatch(found["IntegrationUri"])
    payload: Literal["1.0", "2.0"] = "2.0" if found.get("PayloadFormatVersion") == "2.0" else "1.0"
    timeout_seconds = int(found.get("TimeoutInMillis") or 30_000) / 1000
    arn = function[1] if function else found["IntegrationUri"]
    return Integration(arn, timeout_seconds, payload, callers(arn))


def _http_route(found: dict[str, Any], integrations: dict[str, Integration]) -> Route:
    method, _, path = found["RouteKey"].rpartition(" ")
    _require_open(found["RouteKey"], found.get("AuthorizationType"))
    return Route(method or "ANY", path, integrations[found["Target"].removeprefix("integrations/")])


def _http_stage(found: dict[str, Any]) -> Stage:
    described = {"*/*": found.get("DefaultRouteSettings") or {}, **(found.get("RouteSettings") or {})}
    throttles = {
        name: throttle
        for name, settings in described.items()
        if (throttle := _throttle(settings, "ThrottlingRateLimit", "ThrottlingBurstLimit"))
    }
    log = found.get("AccessLogSettings") or {}
    named = _log_format(log, "DestinationArn", "Format")
    return Stage(found["StageName"], found.get("StageVariables") or {}, throttles, named)
