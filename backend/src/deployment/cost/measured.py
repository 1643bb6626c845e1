"""What was measured of the functions: their REPORT lines, summed up for a bill."""

from collections.abc import Sequence
from decimal import Decimal

from deployment.cost.usage import Measured
from deployment.tune.reports import Report

_HUNDRED = Decimal(100)


def measured(found: Sequence[Report]) -> Measured:
    """Return the mean of these invocations, of which there is at least one."""
    billed = sum((Decimal(str(report.billed_ms)) for report in found), Decimal(0))
    cold = sum(report.start_ms is not None for report in found)
    return Measured(len(found), billed / len(found), _HUNDRED * cold / len(found))
