"""The price list and what a deployment is read as."""

import re
from decimal import Decimal
from typing import Any

import pytest

from deployment.cost.configuration import Configuration, Function, configuration_of
from deployment.cost.prices import PriceList, PriceUnknown
from deployment.environment import Environment
from deployment.terraform.program import SOURCES

_SEEN = re.compile(r"20\d\d-(0[1-9]|1[0-2])|memory")


class TestPrices:
    """Dated data."""

    def test_are_dated(self) -> None:
        """Every price has a source and the month it was seen, or says that none was found."""
        prices = PriceList("us-east-1")
        names = [*prices._listed["prices"]]
        found = [prices.price(name) for name in names]

        assert all(_SEEN.fullmatch(price.seen) and price.source and price.amount >= 0 for price in found)
        assert _SEEN.fullmatch(prices.retrieved)

    def test_are_of_a_region(self) -> None:
        """Where the list knows a region's own price it is taken, with its own date; else the base region's."""
        frankfurt = PriceList("eu-central-1")

        own, base = frankfurt.price("nat_hours"), frankfurt.price("lambda_requests")
        assert (Decimal("0.052"), "eu-central-1", "2026-08") == (own.amount, own.region, own.seen)
        assert base.region == "us-east-1"

    def test_say_what_has_no_source(self) -> None:
        """A price from memory is unverified, also where its base region's is not."""
        here, there = PriceList("eu-central-1"), PriceList("us-east-1")

        assert (False, True) == (here.price("api_http").is_verified, there.price("api_http").is_verified)

    def test_have_sources_of_their_own(self) -> None:
        """A region's price may be from elsewhere than the base region's."""
        here, there = PriceList("eu-central-1"), PriceList("us-east-1")

        assert "EUC1-ApiGatewayRequest" in here.price("api_rest").source
        assert "EUC1-ApiGatewayRequest" not in there.price("api_rest").source

    def test_are_of_one_token(self) -> None:
        """A million tokens at $0.15 are 0.00000015 each."""
        assert PriceList("us-east-1").tokens("gpt-4o-mini", "input").amount == Decimal("0.00000015")

    @pytest.mark.parametrize(("model", "kind"), [("gpt-none", "input"), ("text-embedding-3-small", "output")])
    def test_refuse_what_they_do_not_know(self, model: str, kind: str) -> None:
        """A model that is not listed is said to be missing, not taken for free."""
        with pytest.raises(PriceUnknown, match=model):
            PriceList("us-east-1").tokens(model, kind)


class TestConfiguration:
    """What of a deployment its cost depends on."""

    def test_is_one_function(self) -> None:
        """In layout single, the largest service's memory."""
        assert (Function("api", 1769),) == read().functions

    def test_is_a_function_each(self) -> None:
        """In layout per_service, each service's own."""
        assert (Function("fitness", 1024), Function("knowledge", 1769, is_knowledge=True)) == read(
            layout="per_service"
        ).functions

    def test_is_reckoned(self) -> None:
        """Of what is not deployed, alarms' metrics are 8 a function, 5 of the API, 10 a table and the queue's."""
        assert 8 + 5 + 20 + 1 == read().counted.alarm_metrics
        assert read().counted.source == "reckoned from the variables"

    def test_is_reckoned_with_what_is_chosen(self) -> None:
        """A firewall has four rules, five with uploads; a network its endpoints and NAT gateways in each zone."""
        network = {"interface_endpoints": ["logs", "xray", "lambda"], "nat": "per_zone", "zone_count": 2}
        found = read(web_acl={"free_body_paths": ["/api/v1/documents"]}, network=network).counted

        assert (5, 6, 2) == (found.waf_rules, found.endpoint_zones, found.nat_gateways)
        assert read(web_acl={"free_body_paths": []}).counted.waf_rules == 4

    def test_is_counted(self) -> None:
        """Of what is deployed, each metric an alarm looks at counts, each rule, each zone of an endpoint."""
        state = {
            "resources": [
                resource("aws_cloudwatch_metric_alarm", {"metric_name": "Errors", "metric_query": []}),
                resource(
                    "aws_cloudwatch_metric_alarm",
                    {"metric_query": [{"expression": "SUM(METRICS())", "metric": []}, *[{"metric": [{}]}] * 8]},
                ),
                resource("aws_wafv2_web_acl", {"rule": [{}, {}, {}]}),
                resource("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]}),
                resource("aws_vpc_endpoint", {"vpc_endpoint_type": "Gateway", "subnet_ids": []}),
                resource("aws_secretsmanager_secret", {}, {}),
                {"mode": "data", "type": "aws_nat_gateway", "instances": [{"attributes": {}}]},
            ]
        }

        found = read(state=state).counted

        assert (found.alarm_metrics, found.waf_rules, found.endpoint_zones, found.secrets) == (9, 3, 2, 2)
        assert (found.nat_gateways, found.has_web_acl) == (0, True)


def read(layout: str = "", state: dict[str, Any] | None = None, **more: Any) -> Configuration:
    """Return the configuration of a small environment."""
    services = {
        "fitness": {"memory_mb": 1024, "environment": {"OPENAI_MODEL": "gpt-4.1-mini"}},
        "knowledge": {"memory_mb": 1769, "environment": {}},
    }
    values = {
        "api_protocol": "REST",
        "architecture": "x86_64",
        "aws_region": "eu-central-1",
        "environment": "dev",
        "kms_key_arn": None,
        "layout": "single",
        "log_retention_days": 7,
        "services": services,
        "start": {"mode": "on_demand", "provisioned_concurrency": 0},
    }
    return configuration_of(Environment("dev", SOURCES, values | more, layout), state)


def resource(kind: str, *instances: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as a state has it."""
    return {"mode": "managed", "type": kind, "instances": [{"attributes": one} for one in instances]}
