"""Compared with one small server, and from which traffic on that would be the cheaper one."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from deployment.cost.invoice import Invoice, Line
from deployment.cost.lines.external import DATABASE, MODELS
from deployment.cost.prices import PriceList

_MOST = 1 << 33
SAME_EITHER_WAY = (MODELS, DATABASE)
"""Groups of lines that a server would have as well: whoever answers, tokens and Postgres are paid for."""


@dataclass(frozen=True)
class Comparison:
    """What the functions and a server cost, each without what both would pay.

    Args:
        functions: at one level of traffic.
        server: at any that it can bear.
        break_even_requests: the least traffic at which the server is cheaper: 0 at any, None at none it could bear.
    """

    functions: Decimal
    server: Decimal
    break_even_requests: int | None


def server_lines(prices: PriceList) -> list[Line]:
    """Return what one small server costs a month."""
    why = "2 GB of memory, 2 processors, 60 GB of disk; no second one when it is down"
    return [Line("server", "small server", Decimal(1), prices.price("server"), why)]


def compared(at: Invoice, invoice_of: Callable[[int], Invoice], prices: PriceList) -> Comparison:
    """Compare at the traffic of one invoice; `invoice_of` makes those of others."""
    server = sum((line.amount for line in server_lines(prices)), Decimal(0))
    return Comparison(_own(at), server, _break_even(lambda requests: _own(invoice_of(requests)) > server))


def _own(invoice: Invoice) -> Decimal:
    return invoice.without(*SAME_EITHER_WAY).net


def _break_even(is_dearer: Callable[[int], bool]) -> int | None:
    """Return the least number of requests for which that holds; more requests never cost less."""
    if not is_dearer(_MOST):
        return None
    low, high = -1, _MOST  # at `low` it does not hold, at `high` it does
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_dearer(middle) else (middle, high)
    return high
