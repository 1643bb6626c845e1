"""What an alarm's state is, by what its last periods say; pure.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}


class UnknownComparison(ValueError):
    """A comparison that is not played here: those of anomalies."""


@dataclass(frozen=True)
class Rule:
    """When an alarm rings: `needed` of its periods breach."""

    comparison: str
    threshold: float
    needed: int
    missing: str = "missing"

    def judge(self, values: Sequence[float | None], state: str) -> str:
        """Return the state that the periods' values mean; None is a period without data, `state` the one it has.

        Raises:
            UnknownComparison: it compares with no threshold.
        """
        breaches = [self._breaches(value) for value in values]
        breaching = breaches.count(True)
        if breaching >= self.needed:
            return ALARM
        if self.missing in {"missing", "ignore"} and None in breaches:
            return self._with_gaps(breaches, state)
        return OK

    def _with_gaps(self, breaches: Sequence[bool | None], state: str) -> str:
        """Nothing at all is insufficient, or changes nothing; else only what is there counts."""
        there = [breach for breach in breaches if breach is not None]
        if not there:
            return state if self.missing == "ignore" else INSUFFICIENT_DATA
        if all(there):
            return ALARM if self.missing == "missing" else state
        return OK

    def _breaches(self, value: float | None) -> bool | None:
        if value is None:
            return {"breaching": True, "notBreaching": False}.get(self.missing)
        try:
            return _COMPARISONS[self.comparison](value, self.threshold)
        except KeyError:
            raise UnknownComparison(f"the comparison {self.comparison} is not played here") from None
