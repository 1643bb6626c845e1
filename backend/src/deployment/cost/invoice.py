"""An invoice: lines of quantity times unit price, in exact decimals, told in whole cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from deployment.cost.prices import Price

CURRENCY = "USD"
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One thing that is paid for.

    Args:
        group: whose bill it is on and what for: compute, edge, observability, storage, network, models, database.
        name: what it is.
        quantity: how many units a month.
        price: of one unit.
        why: where the quantity comes from, for a person.
    """

    group: str
    name: str
    quantity: Decimal
    price: Price
    why: str

    @property
    def amount(self) -> Decimal:
        """What it costs before anything is free, exactly."""
        return self.quantity * self.price.amount

    @property
    def free(self) -> Decimal:
        """What of it is free each month."""
        return min(self.quantity, self.price.free) * self.price.amount


@dataclass(frozen=True)
class Invoice:
    """A month at one level of traffic; lines that share a price share what is free of it."""

    requests: int
    lines: Sequence[Line]

    @property
    def gross(self) -> Decimal:
        """All lines, before anything is free."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def free(self) -> Decimal:
        """What is free every month, of each price once however many lines have it."""
        quantities: dict[str, Decimal] = {}
        prices: dict[str, Price] = {}
        for line in self.lines:
            quantities[line.price.name] = quantities.get(line.price.name, Decimal(0)) + line.quantity
            prices[line.price.name] = line.price
        return sum(
            (min(quantities[name], price.free) * price.amount for name, price in prices.items()),
            Decimal(0),
        )

    @property
    def net(self) -> Decimal:
        """What is to be paid."""
        return self.gross - self.free

    def without(self, *groups: str) -> "Invoice":
        """Return it without the lines of these groups."""
        return Invoice(self.requests, [line for line in self.lines if line.group not in groups])


def cents(amount: Decimal) -> int:
    """Return an amount of dollars in whole cents, halves rounded up."""
    return int((amount / _CENT).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def shown(amount: Decimal) -> str:
    """Return an amount for a person: cents, or that it is less than one."""
    if 0 < amount < _CENT / 2:
        return "<$0.01"
    whole, part = divmod(abs(cents(amount)), 100)
    return f"{'-' if cents(amount) < 0 else ''}${whole:,}.{part:02d}"


def unit_price(amount: Decimal) -> str:
    """Return what a unit costs, with all the digits it has, and cents at least."""
    return f"${amount:,.2f}" if amount == amount.quantize(_CENT) else f"${amount.normalize():f}"


def plural(line: Line) -> str:
    """Return what a line's quantity is of."""
    unit = line.price.unit
    if line.quantity == 1 or unit.endswith("restored"):
        return unit
    return unit if unit == "GB" else f"{unit}s"


def counted(quantity: Decimal) -> str:
    """Return a quantity for a person: whole from a hundred on, three figures below."""
    if quantity == quantity.to_integral_value() or quantity >= 100:
        return f"{quantity:,.0f}"
    return f"{quantity.normalize():.3g}" if quantity < 1 else f"{quantity:,.2f}"
