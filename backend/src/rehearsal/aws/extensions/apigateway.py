"""API Gateway's REST APIs. Stock moto

- forgets the binary media types an API is created with;
- takes a type that is added from the value, while AWS and its clients name it in the path;
- takes `disableExecuteApiEndpoint: "false"` for true.
"""

import json
from typing import Any

from moto.apigateway import models
from moto.apigateway.responses import APIGatewayResponse
from moto.core.common_types import TYPE_RESPONSE

from rehearsal.aws.extensions import apigatewayv2

_BINARY = "/binaryMediaTypes/"
_ENDPOINT = "/disableExecuteApiEndpoint"
_stock_create = APIGatewayResponse.create_rest_api


class Api(models.RestAPI):
    """A REST API whose patches do as AWS documents them."""

    def apply_patch_operations(self, patch_operations: list[dict[str, Any]]) -> None:
        """Change the API."""
        super().apply_patch_operations([one for one in patch_operations if not self._patched(one)])

    def _patched(self, operation: dict[str, Any]) -> bool:
        path = operation["path"]
        if path.startswith(_BINARY):
            self._patch_type(operation["op"], path.removeprefix(_BINARY).replace("~1", "/").replace("~0", "~"))
            return True
        if path == _ENDPOINT:
            self.disableExecuteApiEndpoint = str(operation.get("value")).lower() == "true"
            return True
        return False

    def _patch_type(self, operation: str, media_type: str) -> None:
        kept = [one for one in self.binaryMediaTypes if one != media_type]
        self.binaryMediaTypes = kept if operation == "remove" else [*kept, media_type]


def create_rest_api(self: APIGatewayResponse) -> TYPE_RESPONSE:
    """Create an API with its binary media types."""
    answer = _stock_create(self)
    types = json.loads(self.body or "{}").get("binaryMediaTypes")
    if answer[0] != 200 or not types:
        return answer
    api = self.backend.get_rest_api(json.loads(answer[2])["id"])
    api.binaryMediaTypes = types
    return 200, answer[1], json.dumps(api.to_dict())


def install() -> None:
    """Put these in place of moto's own."""
    models.RestAPI = Api  # type: ignore[misc]  # moto makes its APIs by this name
    APIGatewayResponse.create_rest_api = create_rest_api  # type: ignore[method-assign]  # so that it is found
    apigatewayv2.install()  # moto serves both from one application
