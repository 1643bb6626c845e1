"""Tables, buckets, secrets and the key."""

from collections.abc import Iterator
from decimal import Decimal

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import Line
from deployment.cost.prices import PriceList
from deployment.cost.usage import Usage

_GROUP = "storage"


def lines(configuration: Configuration, usage: Usage, prices: PriceList) -> Iterator[Line]:
    """Yield the lines."""
    given = usage.assumptions
    if configuration.has_knowledge:
        yield from _tables(usage, prices)
    documents = usage.documents(configuration.has_knowledge)
    gets = usage.of("video_percent") + usage.knowledge_requests(configuration.has_knowledge)
    yield Line(_GROUP, "buckets", given["bucket_gb"], prices.price("s3_storage"), "videos, documents")
    yield Line(_GROUP, "buckets: uploads", documents * 2, prices.price("s3_puts"), "a document and its text")
    yield Line(_GROUP, "buckets: downloads", gets, prices.price("s3_gets"), "videos, and passages that are cited")
    counted = configuration.counted
    yield Line(_GROUP, "secrets", Decimal(counted.secrets), prices.price("secrets"), counted.source)
    starts = _starts(configuration, usage)
    yield Line(_GROUP, "secrets read", starts, prices.price("secret_calls"), "once a start of an instance")
    if configuration.has_key:
        yield Line(_GROUP, "KMS key", Decimal(1), prices.price("kms_keys"), "variable kms_key_arn")
        calls = starts * 2 + gets + documents * 2
        yield Line(_GROUP, "KMS calls", calls, prices.price("kms_calls"), "starts, downloads, uploads")


def _tables(usage: Usage, prices: PriceList) -> Iterator[Line]:
    given = usage.assumptions
    requests = usage.knowledge_requests(has_knowledge=True)
    writes, reads = requests * given["table_writes"], requests * given["table_reads"]
    yield Line(_GROUP, "tables: writes", writes, prices.price("dynamodb_writes"), f"{given['table_writes']} a request")
    yield Line(_GROUP, "tables: reads", reads, prices.price("dynamodb_reads"), f"{given['table_reads']} a request")
    yield Line(_GROUP, "tables", given["table_gb"], prices.price("dynamodb_storage"), "documents, chats")
    yield Line(
        _GROUP, "tables: recovery", given["table_gb"], prices.price("dynamodb_recovery"), "any second of 35 days"
    )


def _starts(configuration: Configuration, usage: Usage) -> Decimal:
    number = len(configuration.functions)
    return sum(
        (
            usage.work(function, functions=number, has_knowledge=configuration.has_knowledge).cold_starts
            for function in configuration.functions
        ),
        Decimal(0),
    )
