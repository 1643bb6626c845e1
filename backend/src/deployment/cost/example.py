"""The example everybody knows a wrong answer to: 100,000 invocations of 30 s with 1 GB a month."""

from decimal import Decimal

from deployment.cost.invoice import Invoice, Line
from deployment.cost.prices import PriceList

_INVOCATIONS, _SECONDS, _MEMORY_GB = 100_000, Decimal(30), Decimal(1)


def example(prices: PriceList) -> Invoice:
    """Return what they cost on Lambda: about $50 before the free tier, and not the $5 of a published guide."""
    invocations = Decimal(_INVOCATIONS)
    duration = prices.price("lambda_gb_seconds_x86_64")
    why = f"{_INVOCATIONS:,} x {_SECONDS} s x {_MEMORY_GB} GB"
    return Invoice(
        _INVOCATIONS,
        [
            Line("compute", "invocations", invocations, prices.price("lambda_requests"), f"{_INVOCATIONS:,} a month"),
            Line("compute", "duration", invocations * _SECONDS * _MEMORY_GB, duration, why),
        ],
    )
