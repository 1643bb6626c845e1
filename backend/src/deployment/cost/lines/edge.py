"""What stands before the functions, and beside them in a network of their own."""

from collections.abc import Iterator
from decimal import Decimal

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import Line
from deployment.cost.prices import PriceList
from deployment.cost.usage import MONTH_HOURS, Usage

_GROUP = "edge"
_KB_IN_GB = Decimal(1_000_000)
_MB_IN_GB = Decimal(1000)


def lines(configuration: Configuration, usage: Usage, prices: PriceList) -> Iterator[Line]:
    """Yield the lines."""
    given, counted = usage.assumptions, configuration.counted
    requests = Decimal(usage.requests)
    yield Line(
        _GROUP,
        f"API Gateway ({configuration.protocol})",
        requests,
        prices.price(f"api_{configuration.protocol.lower()}"),
        "every request; a new account's first million a month is free for a year, which is not deducted",
    )
    videos = usage.of("video_percent")
    answers_gb = requests * given["response_kb"] / _KB_IN_GB
    yield Line(
        _GROUP,
        "data to the internet",
        answers_gb + videos * given["video_mb"] / _MB_IN_GB,
        prices.price("transfer_out"),
        f"answers of {given['response_kb']} KB, and {videos:,.0f} videos of {given['video_mb']} MB",
    )
    if counted.has_web_acl:
        yield Line(_GROUP, "WAF: web ACL", Decimal(1), prices.price("waf_acls"), "variable")
        yield Line(_GROUP, "WAF: rules", Decimal(counted.waf_rules), prices.price("waf_rules"), counted.source)
        yield Line(_GROUP, "WAF: requests", requests, prices.price("waf_requests"), "every request is looked at")
    yield from _network(configuration, answers_gb, prices)


def _network(configuration: Configuration, answers_gb: Decimal, prices: PriceList) -> Iterator[Line]:
    counted = configuration.counted
    if counted.nat_gateways:
        hours = counted.nat_gateways * MONTH_HOURS
        yield Line(_GROUP, "NAT gateways", hours, prices.price("nat_hours"), f"{counted.nat_gateways}, all month")
        yield Line(_GROUP, "NAT: data", answers_gb, prices.price("nat_gb"), "as much as is answered")
    if counted.endpoint_zones:
        hours = counted.endpoint_zones * MONTH_HOURS
        why = f"{counted.endpoint_zones} interface endpoints and zones, all month"
        yield Line(_GROUP, "VPC endpoints", hours, prices.price("endpoint_hours"), why)
