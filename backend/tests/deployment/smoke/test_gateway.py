"""Errors the gateway answers by itself, met through the rehearsal's own gateway."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from tests.deployment.smoke.deployment import ORIGIN
from tests.rehearsal.gateway.scene import Memory, http_api, rest_api

from deployment.smoke import Options
from deployment.smoke.browser import gateway_error
from deployment.smoke.failures import Failed, LeftOut
from deployment.smoke.site import Site
from deployment.smoke.visit import Visit
from rehearsal.functions import RequestTooLarge
from rehearsal.gateway import Api, Gateway, GatewayResponse, GatewayServer


@pytest.fixture
def visit_of() -> Iterator[Callable[[Api, str], Visit]]:
    """Return a maker of visits to an API whose function takes no event so large, at a path."""
    with ExitStack() as stack:

        def make(api: Api, path: str) -> Visit:
            backend = Memory(refusal=RequestTooLarge("too large"))
            server = stack.enter_context(GatewayServer(Gateway(api, backend)))
            site = stack.enter_context(Site(server.url + path, timeout_seconds=30))
            return Visit(site, Options(origin=ORIGIN))

        yield make


class TestGatewayError:
    """The check of the gateway's own errors."""

    @pytest.mark.parametrize("allowed", [ORIGIN, "*"])
    def test_a_rest_api_that_names_the_origin(self, visit_of: Callable[[Api, str], Visit], allowed: str) -> None:
        """With one origin its own, with several any: the error holds nothing of anybody's."""
        responses = {"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": f"'{allowed}'"})}
        visit = visit_of(rest_api(gateway_responses=responses), "/production")
        assert "413, by API Gateway" == gateway_error(visit)

    def test_a_rest_api_that_does_not(self, visit_of: Callable[[Api, str], Visit]) -> None:
        """A page could not read why its upload failed."""
        with pytest.raises(Failed, match=rf"does not let {ORIGIN} in: no allow header"):
            gateway_error(visit_of(rest_api(), "/production"))

    def test_an_http_api(self, visit_of: Callable[[Api, str], Visit]) -> None:
        """It cannot, whatever it is told."""
        with pytest.raises(LeftOut, match="an HTTP API's own errors carry no CORS headers"):
            gateway_error(visit_of(http_api(), ""))
