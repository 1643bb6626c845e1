"""The cost told: to a person as tables, to a document as Markdown, to a program as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import CURRENCY, Invoice, Line, cents, counted, plural, shown, unit_price
from deployment.cost.prices import BASE_REGION, Price
from deployment.cost.server import Comparison
from deployment.cost.usage import Assumption

NOT_IN_IT = (
    "Not in it: taxes, a support plan, hosted Chroma or Weaviate, Route 53, SQS, SNS, Budgets and Logs Insights (cents"
    " at this traffic), what new accounts get free for a year, discounts for commitment, and anybody's time."
)


@dataclass(frozen=True)
class Cost:
    """All there is to tell.

    Args:
        configuration: of the deployment.
        invoices: one a level of traffic.
        comparisons: of each with a small server.
        example: the issue's own example.
        provenance: sentences on what was measured and counted.
        assumptions: what was assumed.
        retrieved: when the price list was made.
    """

    configuration: Configuration
    invoices: Sequence[Invoice]
    comparisons: Sequence[Comparison]
    example: Invoice
    provenance: Sequence[str]
    assumptions: Sequence[Assumption]
    retrieved: str

    @property
    def prices(self) -> list[Price]:
        """Every price that was used, once."""
        found = {line.price.name: line.price for line in self.invoices[0].lines}
        return list(found.values())


def written(cost: Cost) -> dict[str, Any]:
    """Return it for JSON: amounts in cents as `amount_minor`, quantities and unit prices as decimals in text."""
    return {
        "environment": cost.configuration.name,
        "region": cost.configuration.region,
        "currency": CURRENCY,
        "prices_retrieved": cost.retrieved,
        "provenance": list(cost.provenance),
        "levels": [
            {
                "requests": invoice.requests,
                "gross_minor": cents(invoice.gross),
                "free_minor": cents(invoice.free),
                "net_minor": cents(invoice.net),
                "functions_minor": cents(comparison.functions),
                "server_minor": cents(comparison.server),
                "lines": [_line(line) for line in invoice.lines],
            }
            for invoice, comparison in zip(cost.invoices, cost.comparisons, strict=True)
        ],
        "break_even_requests": cost.comparisons[0].break_even_requests,
        "example": {"gross_minor": cents(cost.example.gross), "net_minor": cents(cost.example.net)},
        "prices": {price.name: _price(price) for price in cost.prices},
        "assumptions": {one.name: {"value": str(one.value), "why": one.why} for one in cost.assumptions},
    }


def _line(line: Line) -> Mapping[str, Any]:
    return {
        "group": line.group,
        "name": line.name,
        "quantity": f"{line.quantity:f}",
        "unit": line.price.unit,
        "unit_price": f"{line.price.amount:f}",
        "price": line.price.name,
        "amount_minor": cents(line.amount),
        "free_minor": cents(line.free),
        "why": line.why,
    }


def _price(price: Price) -> Mapping[str, Any]:
    return {
        "amount": f"{price.amount:f}",
        "unit": price.unit,
        "free": f"{price.free:f}",
        "region": price.region,
        "source": price.source,
        "seen": price.seen,
        "is_verified": price.is_verified,
    }


def columns(cost: Cost) -> list[str]:
    """Return the headings of the table of lines."""
    levels = [f"{invoice.requests:,}" for invoice in cost.invoices]
    return ["line", *levels, f"quantity at {levels[-1]}", "unit price", "where the quantity comes from"]


def rows(cost: Cost) -> list[list[str]]:
    """Return a row for each line: its amount at every level, and its reckoning at the last."""
    found = []
    for lines in zip(*(invoice.lines for invoice in cost.invoices), strict=True):
        last = lines[-1]
        mark = "" if last.price.is_verified else " ?"
        unit = f"{unit_price(last.price.amount)}{mark}"
        amounts = [shown(line.amount) for line in lines]
        found.append([last.name, *amounts, f"{counted(last.quantity)} {plural(last)}", unit, last.why])
    return found


def totals(cost: Cost) -> list[list[str]]:
    """Return the rows of totals: before and after what is free, of whom, and a server beside it."""
    each = list(zip(cost.invoices, cost.comparisons, strict=True))
    return [
        ["all of it", *(shown(one.gross) for one in cost.invoices)],
        ["free every month", *(shown(-one.free) for one in cost.invoices)],
        ["to be paid", *(shown(one.net) for one in cost.invoices)],
        ["... of it to AWS", *(shown(comparison.functions) for _, comparison in each)],
        ["a small server instead of that", *(shown(comparison.server) for _, comparison in each)],
    ]


def break_even(cost: Cost) -> str:
    """Return from which traffic on the server is cheaper."""
    found = cost.comparisons[0].break_even_requests
    if found is None:
        return "The functions are cheaper than a server at any traffic it could bear."
    if found == 0:
        return "The server is cheaper at any traffic: what is paid by the piece here costs more than it."
    return (
        f"From about {found:,} requests a month on, one small server is cheaper; it has no second one when it is down,"
        " and somebody has to look after it."
    )


def example(cost: Cost) -> str:
    """Return the sentence on the example with the wrong answer."""
    return (
        f"100,000 invocations of 30 s with 1 GB: {shown(cost.example.gross)} before what is free,"
        f" {shown(cost.example.net)} after, if nothing else uses it up."
    )


def unverified(cost: Cost) -> str:
    """Return which prices have no source, and which are another region's."""
    doubtful = [price.name for price in cost.prices if not price.is_verified]
    elsewhere = [price.name for price in cost.prices if price.region == BASE_REGION != cost.configuration.region]
    parts = [f"Prices retrieved {cost.retrieved}."]
    if doubtful:
        parts.append(f"Unverified (?): {', '.join(doubtful)}.")
    if elsewhere:
        parts.append(f"Taken from {BASE_REGION}: {', '.join(elsewhere)}.")
    return " ".join(parts)


def show(console: Console, cost: Cost) -> None:
    """Print it."""
    title = f"{cost.configuration.name} in {cost.configuration.region}: US dollars a month, by requests a month"
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns(cost)):
        table.add_column(column, justify="right" if 0 < number <= len(cost.invoices) + 2 else "left")
    for row in rows(cost):
        table.add_row(*row)
    table.add_section()
    for row in totals(cost):
        table.add_row(*row)
    console.print(table)
    texts = (*cost.provenance, break_even(cost), example(cost), unverified(cost), NOT_IN_IT)
    for text in texts:
        console.print(text, markup=False, highlight=False)


def markdown(cost: Cost) -> str:
    """Return it for a document."""
    heads = columns(cost)
    lines = [f"| {' | '.join(heads)} |", f"|{'|'.join(['---', *['---:'] * (len(heads) - 2), '---'])}|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(cost)]
    lines += [f"| **{row[0]}** | {' | '.join(f'**{cell}**' for cell in row[1:])} | | | |" for row in totals(cost)]
    texts = (*cost.provenance, break_even(cost), example(cost), unverified(cost), NOT_IN_IT)
    return "\n".join([*lines, "", *[f"- {text}" for text in texts]]) + "\n"
