"""Lambda's aliases. Stock moto lets a share of an alias go to a version that is not there, or to several."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.responses import LambdaResponse
from moto.core.common_types import TYPE_RESPONSE

_Operation = Callable[[LambdaResponse], TYPE_RESPONSE]
_stock_create = LambdaResponse.create_alias
_stock_update = LambdaResponse.update_alias


def install() -> None:
    """Put what looks first before moto's own."""
    LambdaResponse.create_alias = _looking_first(_stock_create)  # type: ignore[assignment, method-assign]  # so that it is found
    LambdaResponse.update_alias = _looking_first(_stock_update)  # type: ignore[assignment, method-assign]  # the same


def _looking_first(operation: _Operation) -> _Operation:
    def look(self: LambdaResponse) -> TYPE_RESPONSE:
        given = json.loads(self.body)
        function = unquote(self.path).partition("/functions/")[2].partition("/")[0]
        _require_routable(self, function, (given.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})
        return operation(self)

    return look


def _require_routable(response: LambdaResponse, function: str, weights: dict[str, Any]) -> None:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html."""
    if len(weights) > 1:
        raise InvalidParameterValueException("RoutingConfig: an alias points to two versions at most")
    for version, weight in weights.items():
        if not version.isdigit():
            raise InvalidParameterValueException(f"RoutingConfig: {version} is no published version")
        if not 0 <= float(weight) <= 1:
            raise InvalidParameterValueException("RoutingConfig: a weight is from 0.0 to 1.0")
        response.backend.get_function(f"{function}:{version}")
