"""What is paid to others than AWS: the models' tokens, Postgres."""

from collections.abc import Iterator
from decimal import Decimal

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import Line
from deployment.cost.prices import PriceList
from deployment.cost.usage import Usage

MODELS = "models"
DATABASE = "database"


def lines(configuration: Configuration, usage: Usage, prices: PriceList) -> Iterator[Line]:
    """Yield the lines; a model the price list does not know raises `PriceUnknown`."""
    given = usage.assumptions
    chats = usage.of("chat_percent")
    for kind in ("input", "output"):
        tokens = given[f"chat_{kind}_tokens"]
        price = prices.tokens(configuration.model, kind)
        why = f"{chats:,.0f} chats, {tokens} tokens each"
        yield Line(MODELS, f"{configuration.model}: {kind}", chats * tokens, price, why)
    documents = usage.documents(configuration.has_knowledge)
    embedded = chats * given["chat_embedded_tokens"] + documents * given["document_embedded_tokens"]
    why = f"{chats:,.0f} questions and {documents:,.0f} documents"
    embedding = prices.tokens(configuration.embedding_model, "input")
    yield Line(MODELS, f"{configuration.embedding_model}: input", embedded, embedding, why)
    yield Line(DATABASE, "Supabase Pro", Decimal(1), prices.price("postgres"), "Postgres and accounts")
    stored = prices.price("postgres_storage")
    yield Line(DATABASE, "Supabase: storage", given["database_gb"], stored, "8 GB are part of the plan")
