"""Configurations and usages for invoices that were reckoned by hand."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from deployment.cost.configuration import Configuration, Counted, Function
from deployment.cost.invoice import Invoice, Line
from deployment.cost.lines import invoice
from deployment.cost.prices import PriceList
from deployment.cost.usage import Assumptions, Measured, Usage

COUNTED = Counted(
    alarm_metrics=34,
    dashboards=1,
    endpoint_zones=0,
    has_web_acl=False,
    nat_gateways=0,
    secrets=2,
    source="counted in the state",
    waf_rules=0,
)
PLAIN = Configuration(
    architecture="x86_64",
    counted=COUNTED,
    functions=(Function("api", 1024),),
    has_key=False,
    has_knowledge=True,
    log_retention_days=30,
    model="gpt-4o-mini",
    embedding_model="text-embedding-3-small",
    name="dev",
    protocol="REST",
    provisioned_concurrency=0,
    region="us-east-1",
    services=2,
    start="on_demand",
)


def bill(
    requests: int = 100_000,
    assumed: dict[str, str] | None = None,
    measured: dict[str, Measured] | None = None,
    **more: Any,
) -> Invoice:
    """Return an invoice of the plain deployment, with this of it changed."""
    given = Assumptions({name: Decimal(value) for name, value in (assumed or {}).items()})
    configuration = replace(PLAIN, **more)
    return invoice(configuration, Usage(requests, given, measured or {}), PriceList(configuration.region))


def line(of: Invoice, name: str) -> Line:
    """Return the line of that name."""
    return next(one for one in of.lines if one.name == name)
