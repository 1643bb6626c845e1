"""The smoke test of what is deployed: through API Gateway's stage and Lambda's runtime, on the stores of `make run`."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.e2e.laptop import PROJECT
from tests.rehearsal.gateway.scene import Door, rest_api
from tests.rehearsal.smoke.deployment import ORIGIN, Deployment, walk

from rehearsal.functions import Alias, DeployedFunction, FolderLogs, LambdaService, Place, Version
from rehearsal.gateway import Gateway, GatewayResponse, GatewayServer, InvokeApi


@pytest.fixture
def url(deployment: Deployment, tmp_path: Path) -> Iterator[str]:
    """Return the stage's URL."""
    door = Door()
    version = Version("coachwork.aws_lambda.handler", memory_mb=2048, timeout_seconds=60)
    function = DeployedFunction("coach", {"1": version}, {"live": Alias("1")})
    responses = {"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": f"'{ORIGIN}'"})}
    with GatewayServer(door) as invoke, ExitStack() as stack:
        # the local AWS of `make run` runs no functions, and this one invokes itself
        environment = {**deployment.environment(), "AWS_ENDPOINT_URL_LAMBDA": invoke.url}
        place = Place(Path(sys.executable), PROJECT / "backend" / "src", environment)
        service = stack.enter_context(LambdaService([function], place, FolderLogs(tmp_path)))
        door.api = InvokeApi(service)
        server = stack.enter_context(GatewayServer(Gateway(rest_api(gateway_responses=responses), service)))
        yield f"{server.url}/production"


class TestDeployed:
    """What a front end meets at an invoke URL."""

    def test_all_as_expected(self, deployment: Deployment, url: str) -> None:
        """Every check passes there too, and what is too large is answered by the gateway itself."""
        before = deployment.contents()
        outcome, _ = walk(url, deployment.options())
        assert () == outcome.failures
        assert [] == [check.name for check in outcome.checks if check.is_left_out or check.is_not_tried]
        notes = {check.name: check.note for check in outcome.checks}
        assert "413, by API Gateway" == notes["gateway's own error"]
        assert before == deployment.contents()
