"""What of a deployment its cost depends on: read from its variables, and counted in its state where there is one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deployment.environment import Environment

_SERVICE_OF_PATHS = "knowledge"
_TABLES = 2
_SECRETS = 2  # settings and migrations
_RULES = 4  # of modules/web-acl: the rate and three groups; one more lets uploads through

# How many metrics the alarms of modules/alarms look at: for each function, with one more for its tokens; for the API;
# for each table; for the queue of dead letters. What is deployed is counted; this is for what is not yet.
_METRICS_OF_FUNCTION, _METRICS_OF_API, _METRICS_OF_TABLE, _METRICS_OF_QUEUE = 8, 5, 10, 1


@dataclass(frozen=True)
class Function:
    """A function: its memory, and whether it is the one with the paths of the service knowledge alone."""

    name: str
    memory_mb: int
    is_knowledge: bool = False


@dataclass(frozen=True)
class Counted:
    """How many there are of what is paid for by the piece; `source` says who counted."""

    alarm_metrics: int
    dashboards: int
    endpoint_zones: int
    has_web_acl: bool
    nat_gateways: int
    secrets: int
    source: str
    waf_rules: int


@dataclass(frozen=True)
class Configuration:
    """A deployment as its bill sees it."""

    architecture: str
    counted: Counted
    functions: tuple[Function, ...]
    has_key: bool
    has_knowledge: bool
    log_retention_days: int
    model: str
    embedding_model: str
    name: str
    protocol: str
    provisioned_concurrency: int
    region: str
    services: int
    start: str


def configuration_of(environment: Environment, state: Mapping[str, Any] | None) -> Configuration:
    """Return what an environment's variables say, with pieces counted in the state of what is deployed, if any is."""
    values = environment.values
    settings = environment.settings
    return Configuration(
        architecture=environment.architecture,
        counted=_counted(state) if state and state.get("resources") else _reckoned(environment),
        functions=tuple(_functions(environment)),
        has_key=bool(values.get("kms_key_arn")),
        has_knowledge=_SERVICE_OF_PATHS in values["services"],
        log_retention_days=int(values["log_retention_days"]),
        model=settings.get("OPENAI_MODEL", "gpt-4o-mini"),
        embedding_model=settings.get("OPENAI_EMBEDDING_MODEL", "text-embedding-3-small"),
        name=environment.folder,
        protocol=environment.protocol,
        provisioned_concurrency=int(values["start"]["provisioned_concurrency"]),
        region=environment.region,
        services=len(environment.services),
        start=str(values["start"]["mode"]),
    )


def _functions(environment: Environment) -> Iterator[Function]:
    services = environment.values["services"]
    if (environment.layout or environment.values["layout"]) == "per_service":
        for name, service in sorted(services.items()):
            yield Function(name, int(service["memory_mb"]), name == _SERVICE_OF_PATHS)
    else:
        yield Function("api", max(int(service["memory_mb"]) for service in services.values()))


def _reckoned(environment: Environment) -> Counted:
    """Reckon from the variables what a state would count."""
    tables = _TABLES if _SERVICE_OF_PATHS in environment.values["services"] else 0
    functions = len(list(_functions(environment)))
    web_acl = environment.values.get("web_acl")
    network = environment.values.get("network") or {}
    zones = int(network.get("zone_count", 0))
    alarm_metrics = _METRICS_OF_FUNCTION * functions + _METRICS_OF_API + _METRICS_OF_TABLE * tables + _METRICS_OF_QUEUE
    return Counted(
        alarm_metrics=alarm_metrics,
        dashboards=1,
        endpoint_zones=len(network.get("interface_endpoints", ())) * zones,
        has_web_acl=web_acl is not None,
        nat_gateways={"one": 1, "per_zone": zones}.get(str(network.get("nat")), 0),
        secrets=_SECRETS,
        source="reckoned from the variables",
        waf_rules=0 if web_acl is None else _RULES + bool(web_acl.get("free_body_paths")),
    )


def _counted(state: Mapping[str, Any]) -> Counted:
    """Count in a state, as `terraform state pull` has it."""
    found = {
        kind: [
            one["attributes"] for resource in state["resources"] if _is(resource, kind) for one in resource["instances"]
        ]
        for kind in (
            "aws_cloudwatch_metric_alarm",
            "aws_cloudwatch_dashboard",
            "aws_nat_gateway",
            "aws_secretsmanager_secret",
            "aws_vpc_endpoint",
            "aws_wafv2_web_acl",
        )
    }
    endpoints = [one for one in found["aws_vpc_endpoint"] if one.get("vpc_endpoint_type") == "Interface"]
    return Counted(
        alarm_metrics=sum(_metrics(alarm) for alarm in found["aws_cloudwatch_metric_alarm"]),
        dashboards=len(found["aws_cloudwatch_dashboard"]),
        endpoint_zones=sum(max(1, len(one.get("subnet_ids") or ())) for one in endpoints),
        has_web_acl=bool(found["aws_wafv2_web_acl"]),
        nat_gateways=len(found["aws_nat_gateway"]),
        secrets=len(found["aws_secretsmanager_secret"]),
        source="counted in the state",
        waf_rules=sum(len(acl.get("rule") or ()) for acl in found["aws_wafv2_web_acl"]),
    )


def _is(resource: Mapping[str, Any], kind: str) -> bool:
    return bool(resource["mode"] == "managed" and resource["type"] == kind)


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Return how many metrics an alarm looks at: each is paid for."""
    return sum(bool(query.get("metric")) for query in alarm.get("metric_query") or ()) or 1
