"""ACM. Stock moto takes every certificate for validated a minute after it was asked for, whatever the world says.

Here it is issued when, and as soon as, the record that proves its name stands in a zone of Route 53.
"""

from typing import Any

from moto import settings
from moto.acm.models import CertBundle
from moto.backends import get_backend

_NEVER_SECONDS = 10**9
_stock_check = CertBundle.check


def check(self: CertBundle) -> None:
    """Issue the certificate if its names are proved."""
    _stock_check(self)
    if self.status != "PENDING_VALIDATION":
        return
    wanted = [option["ResourceRecord"] for option in self.describe()["Certificate"].get("DomainValidationOptions", [])]
    if wanted and all(_stands(self.arn, record) for record in wanted):
        self.status = "ISSUED"


def install() -> None:
    """Put this in place of moto's own."""
    settings.ACM_VALIDATION_WAIT = _NEVER_SECONDS
    CertBundle.check = check  # type: ignore[method-assign]  # so that it is found


def _stands(arn: str, record: dict[str, str]) -> bool:
    """Whether a zone of the certificate's account has the record."""
    _, partition, _, _, account, _ = arn.split(":", 5)
    zones: list[Any] = list(get_backend("route53")[account][partition].zones.values())
    return any(
        found.type == record["Type"]
        and found.name.rstrip(".") == record["Name"].rstrip(".")
        and [value.rstrip(".") for value in found.records] == [record["Value"].rstrip(".")]
        for zone in zones
        for found in zone.rrsets
    )
