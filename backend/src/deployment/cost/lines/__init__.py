"""The lines of an invoice, by what they pay for; each module's `lines` returns its own."""

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import Invoice
from deployment.cost.lines import compute, edge, external, observability, storage
from deployment.cost.prices import PriceList
from deployment.cost.usage import Usage


def invoice(configuration: Configuration, usage: Usage, prices: PriceList) -> Invoice:
    """Return a month's invoice."""
    parts = (compute, edge, observability, storage, external)
    return Invoice(usage.requests, [line for part in parts for line in part.lines(configuration, usage, prices)])
