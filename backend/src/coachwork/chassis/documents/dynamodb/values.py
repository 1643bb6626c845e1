"""Attributes as DynamoDB writes them, there and back.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
"""

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from coachwork.chassis.documents.port import Attributes, Document, Key
from coachwork.chassis.errors import InvalidRequest

Item = dict[str, dict[str, Any]]
"""A document with its key, every value under the letter of its type."""

PARTITION, SORT = "pk", "sk"
_DIGITS = 38
"""Of a number, that DynamoDB keeps exactly."""
_SMALLEST, _LARGEST = 1e-130, 9.99e125
_DEPTH = 32
_KEY_BYTES = {PARTITION: 2_048, SORT: 1_024}


def item_of(key: Key, attributes: Attributes) -> Item:
    """Return a document as it is stored; raises `InvalidRequest` for what no table can hold."""
    if clash := attributes.keys() & {PARTITION, SORT}:
        raise ValueError(f"an attribute may not be named {clash.pop()}: a key is")
    return {**stored_key(key), **{name: encoded(value) for name, value in attributes.items()}}


def stored_key(key: Key) -> Item:
    """Return a key as it is stored; raises `InvalidRequest` for one that no document can have."""
    found = {PARTITION: encoded(key.partition), SORT: encoded(key.sort)}
    for name, most in _KEY_BYTES.items():
        if not 0 < len(found[name]["S"].encode()) <= most:
            raise InvalidRequest("No document can have such a name")
    return found


def document_of(item: Item) -> Document:
    """Return a stored document."""
    attributes = {name: decoded(value) for name, value in item.items() if name not in _KEY_BYTES}
    return Document(key_of(item), attributes)


def key_of(item: Item) -> Key:
    """Return a stored document's key."""
    return Key(item[PARTITION]["S"], item[SORT]["S"])


def encoded(value: Any, depth: int = 0) -> dict[str, Any]:
    """Return a value under the letter of its type; raises `InvalidRequest` for one that no table can hold."""
    if depth > _DEPTH:
        raise InvalidRequest(f"Values nested more than {_DEPTH} deep cannot be kept")
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": _number(value)}
        case str():
            return {"S": _text(value)}
        case Mapping():
            return {"M": {_text(name): encoded(one, depth + 1) for name, one in value.items()}}
        case list() | tuple():
            return {"L": [encoded(one, depth + 1) for one in value]}
    raise TypeError(f"{type(value).__name__} is no type of an attribute")


def decoded(value: dict[str, Any]) -> Any:
    """Return a stored value; a number without a fraction is a whole one, whatever was written."""
    ((letter, content),) = value.items()
    match letter:
        case "NULL":
            return None
        case "N":
            return _counted(Decimal(content))
        case "M":
            return {name: decoded(one) for name, one in content.items()}
        case "L":
            return [decoded(one) for one in content]
    return content


def _number(value: float) -> str:
    """Return the digits of a number, all of them: what comes back equals it."""
    if isinstance(value, float):
        if not isfinite(value) or (value and not _SMALLEST <= abs(value) <= _LARGEST):
            raise InvalidRequest("A number is too large or too small to be kept")
        if not value.is_integer() or abs(value) >= 10**_DIGITS:
            return repr(value)
        value = int(value)
    if abs(value) >= 10**_DIGITS:
        raise InvalidRequest(f"Whole numbers of more than {_DIGITS} digits cannot be kept")
    return str(value)


def _counted(number: Decimal) -> float:
    is_whole = number == number.to_integral_value() and number.adjusted() < _DIGITS
    return int(number) if is_whole else float(number)


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest("A text holds half a character, which is no Unicode") from error
    return value
