"""Condition operators of IAM policies, as AWS documents them; pure.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address, ip_network

Context = Mapping[str, Sequence[str]]
"""What a request says of itself: condition keys in lower case, each with its values."""

Test = Callable[[str, str], bool]
"""Whether a value of a policy (first) holds for a value of a request (second)."""


class UnknownOperator(ValueError):
    """A condition names an operator that AWS does not have: it would refuse the document."""


@cache
def pattern(text: str, *, ignore_case: bool = False) -> re.Pattern[str]:
    """Return the expression for `text`, in which `*` is any run of characters and `?` any single one."""
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in text)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def is_like(text: str, value: str) -> bool:
    """Whether `value` is what the pattern `text` describes."""
    return pattern(text).fullmatch(value) is not None


def is_arn_like(text: str, value: str) -> bool:
    """Whether the six parts of an ARN each are what the parts of the pattern describe: `*` never spans a colon there.

    Only the last part, the resource, may hold colons of its own.
    """
    wanted, found = text.split(":", 5), value.split(":", 5)
    return len(wanted) == len(found) == 6 and all(map(is_like, wanted, found))


def holds(conditions: Mapping[str, Mapping[str, object]], context: Context) -> bool:
    """Whether every condition of a statement holds for a request.

    Raises:
        UnknownOperator: a condition names no operator of IAM.
    """
    return all(
        _holds(operator, _values(expected), context.get(key.lower()))
        for operator, keys in conditions.items()
        for key, expected in keys.items()
    )


def _values(expected: object) -> list[str]:
    listed = expected if isinstance(expected, list) else [expected]
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in listed]


def _holds(operator: str, expected: Sequence[str], actual: Sequence[str] | None) -> bool:
    if operator == "Null":
        return any((value.lower() == "true") == (actual is None) for value in expected)
    quantifier, _, name = operator.rpartition(":")
    name, optional, _ = name.partition("IfExists")
    test, is_negated = _operator(name)
    if actual is None:
        return bool(optional) or is_negated or quantifier == "ForAllValues"
    matched = [any(test(value, one) for value in expected) != is_negated for one in actual]
    if quantifier == "ForAllValues" or (is_negated and not quantifier):
        return all(matched)
    return any(matched)


def _operator(name: str) -> tuple[Test, bool]:
    if name in _TESTS:
        return _TESTS[name], False
    if name in _NEGATIONS:
        return _TESTS[_NEGATIONS[name]], True
    raise UnknownOperator(f"{name} is no condition operator of IAM")


def _numbers(compare: Callable[[float, float], bool]) -> Test:
    def test(expected: str, actual: str) -> bool:
        try:
            return compare(float(actual), float(expected))
        except ValueError:
            return False

    return test


def _dates(compare: Callable[[float, float], bool]) -> Test:
    def test(expected: str, actual: str) -> bool:
        try:
            return compare(_moment(actual), _moment(expected))
        except ValueError:
            return False

    return test


def _moment(text: str) -> float:
    if text.isdigit():
        return float(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _is_in_network(network: str, address: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


_TESTS: dict[str, Test] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda expected, actual: expected.lower() == actual.lower(),
    "StringLike": is_like,
    "ArnEquals": is_arn_like,
    "ArnLike": is_arn_like,
    "Bool": lambda expected, actual: expected.lower() == actual.lower(),
    "BinaryEquals": str.__eq__,
    "IpAddress": _is_in_network,
    "NumericEquals": _numbers(float.__eq__),
    "NumericLessThan": _numbers(float.__lt__),
    "NumericLessThanEquals": _numbers(float.__le__),
    "NumericGreaterThan": _numbers(float.__gt__),
    "NumericGreaterThanEquals": _numbers(float.__ge__),
    "DateEquals": _dates(float.__eq__),
    "DateLessThan": _dates(float.__lt__),
    "DateLessThanEquals": _dates(float.__le__),
    "DateGreaterThan": _dates(float.__gt__),
    "DateGreaterThanEquals": _dates(float.__ge__),
}
_NEGATIONS = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
