"""Functions: requests, seconds of memory, and how they start; the image; releases."""

from collections.abc import Iterator
from decimal import Decimal

from deployment.cost.configuration import Configuration, Function
from deployment.cost.invoice import Line
from deployment.cost.prices import PriceList
from deployment.cost.usage import MONTH_SECONDS, Usage, Work

_GROUP = "compute"
_MB_IN_GB = Decimal(1024)


def lines(configuration: Configuration, usage: Usage, prices: PriceList) -> Iterator[Line]:
    """Yield the lines."""
    number = len(configuration.functions)
    for function in configuration.functions:
        work = usage.work(function, functions=number, has_knowledge=configuration.has_knowledge)
        yield from _of_function(configuration, function, work, usage, prices)
    given = usage.assumptions
    yield Line(
        _GROUP,
        "image in ECR",
        given["image_gb"] * given["images"],
        prices.price("ecr_storage"),
        f"assumed: {given['images']} images of {given['image_gb']} GB",
    )
    yield Line(_GROUP, "CodeDeploy", given["deployments"], prices.price("codedeploy"), "free for Lambda")


def _of_function(
    configuration: Configuration, function: Function, work: Work, usage: Usage, prices: PriceList
) -> Iterator[Line]:
    memory_gb = function.memory_mb / _MB_IN_GB
    kind = configuration.architecture
    requests = f"{configuration.protocol} requests, and asynchronous invocations"
    yield Line(_GROUP, f"{function.name}: invocations", work.invocations, prices.price("lambda_requests"), requests)
    is_provisioned = configuration.start == "provisioned"
    duration = f"lambda_provisioned_duration_{kind}" if is_provisioned else f"lambda_gb_seconds_{kind}"
    yield Line(
        _GROUP,
        f"{function.name}: duration",
        work.seconds * memory_gb,
        prices.price(duration),
        f"{function.memory_mb} MB x {work.seconds:,.0f} s; {work.why}",
    )
    if is_provisioned:
        slots = configuration.provisioned_concurrency
        yield Line(
            _GROUP,
            f"{function.name}: provisioned concurrency",
            slots * memory_gb * MONTH_SECONDS,
            prices.price(f"lambda_provisioned_gb_seconds_{kind}"),
            f"{slots} instances of {function.memory_mb} MB, kept all month",
        )
    if configuration.start == "snap_start":
        yield from _of_snapshots(function, memory_gb, work, usage, prices)


def _of_snapshots(
    function: Function, memory_gb: Decimal, work: Work, usage: Usage, prices: PriceList
) -> Iterator[Line]:
    kept = usage.assumptions["snapshots"]
    yield Line(
        _GROUP,
        f"{function.name}: snapshots kept",
        kept * memory_gb * MONTH_SECONDS,
        prices.price("snapstart_cache"),
        f"{kept} versions of {function.memory_mb} MB, all month",
    )
    yield Line(
        _GROUP,
        f"{function.name}: snapshots restored",
        work.cold_starts * memory_gb,
        prices.price("snapstart_restore"),
        f"{work.cold_starts:,.0f} starts of {function.memory_mb} MB",
    )
