"""Invoices, held to ones reckoned by hand."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.deployment.cost.bills import COUNTED, bill, line

from deployment.cost.configuration import Counted, Function
from deployment.cost.example import example
from deployment.cost.invoice import Invoice, Line, cents, counted, plural, shown, unit_price
from deployment.cost.prices import PriceList
from deployment.cost.server import compared
from deployment.cost.usage import Assumptions, AssumptionUnknown, Measured


class TestExample:
    """100,000 invocations of 30 s with 1 GB."""

    def test_is_fifty_dollars(self) -> None:
        """Before the free tier 3,000,000 GB-s x $0.0000166667 and 100,000 requests x $0.0000002: $50.02, never $5."""
        assert cents(example(PriceList("us-east-1")).gross) == 5002

    def test_is_less_by_what_is_free(self) -> None:
        """After it, 2,600,000 GB-s are paid for, and no request: $43.33."""
        assert cents(example(PriceList("us-east-1")).net) == 4333


class TestCompute:
    """Functions."""

    def test_multiplies_memory_and_time(self) -> None:
        """100,200 invocations of 200 ms with 2 GB are 40,080 GB-s: 66.8 cents."""
        measured = {"api": Measured(500, Decimal(200), Decimal(3))}
        found = line(bill(measured=measured, functions=(Function("api", 2048),)), "api: duration")

        assert (Decimal(40_080), 67) == (found.quantity, cents(found.amount))

    def test_adds_up_what_is_assumed(self) -> None:
        """100,000 requests: 5,000 chats x 4 s, 95,000 x 0.06 s, 200 ingestions x 5 s, 2,004 starts x 1.2 s."""
        found = line(bill(), "api: duration")

        assert Decimal("20000") + Decimal("5700") + Decimal("1000") + Decimal("2404.8") == found.quantity

    def test_shares_requests_among_functions(self) -> None:
        """Of 100,000 requests 20 of 100 are knowledge's, and its are the ingestions."""
        two = (Function("fitness", 1024), Function("knowledge", 1769, is_knowledge=True))
        found = bill(functions=two)

        assert line(found, "fitness: invocations").quantity == 80_000
        assert line(found, "knowledge: invocations").quantity == 20_200

    def test_charges_for_snapshots(self) -> None:
        """Two versions of 1 GB all month are $7.91; 2,004 restores of 1 GB are 28 cents."""
        found = bill(start="snap_start")

        assert cents(line(found, "api: snapshots kept").amount) == 791
        assert cents(line(found, "api: snapshots restored").amount) == 28

    def test_charges_for_instances_that_are_kept(self) -> None:
        """Two instances of 1 GB all month are $21.90, and duration is cheaper meanwhile."""
        found = bill(start="provisioned", provisioned_concurrency=2)

        assert cents(line(found, "api: provisioned concurrency").amount) == 2190
        assert line(found, "api: duration").price.name == "lambda_provisioned_duration_x86_64"


class TestEdge:
    """What stands before the functions."""

    @pytest.mark.parametrize(("protocol", "expected"), [("REST", 350), ("HTTP", 100)])
    def test_charges_for_requests(self, protocol: str, expected: int) -> None:
        """A million requests are $3.50 by a REST API, $1.00 by an HTTP API."""
        found = bill(1_000_000, protocol=protocol)

        assert expected == cents(line(found, f"API Gateway ({protocol})").amount)

    def test_charges_for_a_firewall(self) -> None:
        """A web ACL with four rules is $5 + $4, and 60 cents a million requests."""
        found = bill(1_000_000, counted=_counted(has_web_acl=True, waf_rules=4))

        amounts = [line(found, f"WAF: {noun}").amount for noun in ("web ACL", "rules", "requests")]
        assert [cents(amount) for amount in amounts] == [500, 400, 60]

    def test_charges_for_a_network(self) -> None:
        """A NAT gateway is 730 h x $0.045, six endpoints and zones are 4,380 h x $0.01."""
        found = bill(counted=_counted(nat_gateways=1, endpoint_zones=6))

        assert cents(line(found, "NAT gateways").amount) == 3285
        assert cents(line(found, "VPC endpoints").amount) == 4380

    def test_leaves_out_what_is_not_there(self) -> None:
        """Without firewall, network and zone there is no line for them."""
        names = " ".join(one.name for one in bill().lines)

        assert not any(word in names for word in ("WAF", "NAT", "VPC", "Route 53", "KMS"))


class TestObservability:
    """Logs, metrics, alarms."""

    def test_charges_for_logs(self) -> None:
        """A million requests of 1.9 KB are 1.9 GB: 95 cents to write; kept 30 days, a fifth of it: 1 cent."""
        found = bill(1_000_000)

        assert cents(line(found, "logs written").amount) == 95
        assert cents(line(found, "logs kept").amount) == 1

    def test_charges_for_metrics(self) -> None:
        """At much traffic every hour has requests and chats: 3 and 1 of the function, 3 of each of two services."""
        assert cents(line(bill(10_000_000), "custom metrics").amount) == 300

    def test_charges_for_the_hours_of_a_metric(self) -> None:
        """One request in two hours, and of these one in twenty a chat: half of 3 metrics, a fortieth of 7."""
        found = line(bill(365), "custom metrics")

        assert Decimal("1.5") + Decimal("0.175") == found.quantity

    def test_counts_the_metrics_of_alarms(self) -> None:
        """34 metrics are $3.40, of which 10 are free."""
        found = line(bill(), "metrics of alarms")

        assert (cents(found.amount), cents(found.free)) == (340, 100)


class TestModels:
    """Tokens."""

    def test_charges_by_model(self) -> None:
        """5,000 chats of 2,000 and 400 tokens: 10 M at $0.15 and 2 M at $0.60 a million."""
        found = bill()

        assert cents(line(found, "gpt-4o-mini: input").amount) == 150
        assert cents(line(found, "gpt-4o-mini: output").amount) == 120

    def test_embeds_questions_and_documents(self) -> None:
        """5,000 questions of 30 and 200 documents of 8,000 tokens are 1.75 M at $0.02 a million."""
        found = line(bill(), "text-embedding-3-small: input")

        assert (Decimal(1_750_000), Decimal("0.035")) == (found.quantity, found.amount)


class TestFree:
    """What is free every month."""

    def test_is_free_once(self) -> None:
        """Two functions share the million requests that are free."""
        two = (Function("fitness", 1024), Function("knowledge", 1769, is_knowledge=True))
        one, both = bill(2_000_000), bill(2_000_000, functions=two)

        assert _free_of(one, "lambda_requests") == _free_of(both, "lambda_requests") == Decimal("0.2")

    def test_is_no_more_than_is_used(self) -> None:
        """Nothing used is nothing free: what remains is paid by the piece."""
        found = bill(0)

        assert found.free <= found.gross
        assert line(found, "api: invocations").free == 0


class TestServer:
    """Compared with a small server."""

    def test_leaves_out_what_both_would_pay(self) -> None:
        """Tokens and Postgres are on neither side, and a server is $12."""
        at = bill()
        found = compared(at, bill, PriceList("us-east-1"))

        assert found.functions == at.net - at.without("compute", "edge", "observability", "storage").net
        assert cents(found.server) == 1200

    def test_finds_where_it_breaks_even(self) -> None:
        """One request fewer and the functions are no dearer; with it they are."""
        found = compared(bill(), bill, PriceList("us-east-1"))

        assert found.break_even_requests is not None
        before, after = (
            compared(bill(requests), bill, PriceList("us-east-1")).functions
            for requests in (found.break_even_requests - 1, found.break_even_requests)
        )
        assert before <= found.server < after

    def test_is_cheaper_from_the_start(self) -> None:
        """Where pieces alone cost more than it, the server is cheaper at any traffic."""

        def dear(requests: int) -> Invoice:
            return bill(requests, counted=_counted(nat_gateways=2))

        assert compared(dear(0), dear, PriceList("us-east-1")).break_even_requests == 0


class TestMoney:
    """Exact, and shown in cents."""

    @pytest.mark.parametrize(("amount", "expected"), [("0.005", 1), ("0.0049", 0), ("12.345", 1235), ("-0.015", -2)])
    def test_rounds_halves_up(self, amount: str, expected: int) -> None:
        """Half a cent is a cent."""
        assert expected == cents(Decimal(amount))

    @pytest.mark.parametrize(
        ("amount", "expected"), [("1234.5", "$1,234.50"), ("0.001", "<$0.01"), ("0", "$0.00"), ("-8.02", "-$8.02")]
    )
    def test_is_shown(self, amount: str, expected: str) -> None:
        """As people write it; what is less than half a cent is not shown as nothing."""
        assert expected == shown(Decimal(amount))

    @pytest.mark.parametrize(("quantity", "expected"), [("79", "79"), ("1.9", "1.90"), ("502797.3", "502,797")])
    def test_counts_are_shown(self, quantity: str, expected: str) -> None:
        """Whole where that is all, or enough."""
        assert expected == counted(Decimal(quantity))

    @pytest.mark.parametrize(("amount", "expected"), [("0.1", "$0.10"), ("25", "$25.00"), ("0.00000150", "$0.0000015")])
    def test_units_are_shown(self, amount: str, expected: str) -> None:
        """With cents at least, and every digit there is."""
        assert expected == unit_price(Decimal(amount))

    @pytest.mark.parametrize(
        ("name", "expected"), [("traces", "traces"), ("dashboards", "dashboard"), ("logs written", "GB")]
    )
    def test_units_are_named(self, name: str, expected: str) -> None:
        """One dashboard, many traces."""
        assert expected == plural(line(bill(), name))

    def test_is_never_a_float(self) -> None:
        """Every quantity and price is a decimal."""
        lines: list[Line] = list(bill(start="snap_start", has_key=True).lines)

        assert {Decimal} == {type(one.quantity) for one in lines} | {type(one.price.amount) for one in lines}


class TestAssumptions:
    """What is assumed can be given instead."""

    def test_is_given(self) -> None:
        """Twice the chats are twice the tokens."""
        assert cents(line(bill(assumed={"chat_percent": "10"}), "gpt-4o-mini: input").amount) == 300

    def test_refuses_others(self) -> None:
        """A name that is none is refused."""
        with pytest.raises(AssumptionUnknown, match="no assumption chats"):
            Assumptions({"chats": Decimal(1)})


def _counted(**more: Any) -> Counted:
    return replace(COUNTED, **more)


def _free_of(found: Invoice, price: str) -> Decimal:
    return Invoice(found.requests, [one for one in found.lines if one.price.name == price]).free
