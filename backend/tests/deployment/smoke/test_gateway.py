"""Errors the gateway answers by itself, met through the rehearsal's own gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.deployment.smoke.deployment import ORIGIN
from tests.rehearsal.gateway.apis import RecordingBackend, http_api, rest_api

from deployment.smoke import Options
from deployment.smoke.browser import gateway_error
from deployment.smoke.client import ApiClient
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Failed, Skipped
from rehearsal.functions import RequestTooLarge
from rehearsal.gateway import Api, Gateway, GatewayResponse, GatewayServer


@pytest.fixture
def context_of() -> Iterator[Callable[[Api, str], CheckContext]]:
    """Return a maker of visits to an API whose function takes no event so large, at a path."""
    with ExitStack() as stack:

        def make(api: Api, path: str) -> CheckContext:
            backend = RecordingBackend(refusal=RequestTooLarge("too large"))
            server = stack.enter_context(GatewayServer(Gateway(api, backend)))
            client = stack.enter_context(ApiClient(server.url + path, timeout_seconds=30))
            return CheckContext(client, Options(origin=ORIGIN))

        yield make


class TestGatewayError:
    """The check of the gateway's own errors."""

    @pytest.mark.parametrize("allowed", [ORIGIN, "*"])
    def test_a_rest_api_that_names_the_origin(
        self, context_of: Callable[[Api, str], CheckContext], allowed: str
    ) -> None:
        """With one origin its own, with several any: the error holds nothing of anybody's."""
        responses = {"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": f"'{allowed}'"})}
        context = context_of(rest_api(gateway_responses=responses), "/production")
        assert "413, by API Gateway" == gateway_error(context)

    def test_a_rest_api_that_does_not(self, context_of: Callable[[Api, str], CheckContext]) -> None:
        """A page could not read why its upload failed."""
        with pytest.raises(Failed, match=rf"does not let {ORIGIN} in: no allow header"):
            gateway_error(context_of(rest_api(), "/production"))

    def test_an_http_api(self, context_of: Callable[[Api, str], CheckContext]) -> None:
        """It cannot, whatever it is told."""
        with pytest.raises(Skipped, match="an HTTP API's own errors carry no CORS headers"):
            gateway_error(context_of(http_api(), ""))
