"""The API is served as it is deployed."""

from collections.abc import Iterator

import boto3
import httpx
import pytest
from tests.rehearsal.aws_server import LocalAws
from tests.rehearsal.gateway.apis import RecordingBackend
from tests.rehearsal.gateway.deployment import deploy_function, deploy_rest, permit

from deployment.children import Children
from rehearsal import aws as local
from rehearsal.gateway import GatewayServer
from rehearsal.gateway.reloading import ReloadingGateway


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Return a local AWS that counts its changes, with a function."""
    with Children() as children:
        process = local.LocalAws.start(children, log=tmp_path_factory.mktemp("aws") / "aws.log")
        process.wait()
        started = LocalAws(boto3.Session("test", "test", region_name="us-east-1"), process.url)
        deploy_function(started, {})
        yield started


class TestFollowingGateway:
    """From nothing to an API, and back."""

    def test_follows(self, aws: LocalAws) -> None:
        """Each request meets what is deployed when it arrives."""
        gateway = ReloadingGateway(aws.session, aws.url, RecordingBackend())
        with GatewayServer(gateway) as server, httpx.Client(base_url=server.url, trust_env=False) as http:
            none_yet = http.get("/production/").status_code
            api_id = deploy_rest(aws)["id"]
            uncallable = http.get("/production/").status_code
            permit(aws, api_id)
            first, served = http.get("/production/").status_code, gateway.follow()
            same = gateway.follow()
            client = aws.client("apigateway")
            client.update_stage(
                restApiId=api_id,
                stageName="production",
                patchOperations=[{"op": "replace", "path": "/*/*/throttling/burstLimit", "value": "0"}],
            )
            throttled = http.get("/production/").status_code
            client.delete_rest_api(restApiId=api_id)
            gone = http.get("/production/")

        assert (403, 500, 200, 429) == (none_yet, uncallable, first, throttled)
        assert served is same
        assert (403, {"message": "Forbidden"}) == (gone.status_code, gone.json())

    def test_refuses_what_it_cannot_do(self, aws: LocalAws) -> None:
        """An API that is not emulated says so in its answers."""
        gateway = ReloadingGateway(aws.session, aws.url, RecordingBackend())
        api_id = deploy_rest(aws, authorization="AWS_IAM")["id"]
        with GatewayServer(gateway) as server, httpx.Client(base_url=server.url, trust_env=False) as http:
            answer = http.get("/production/")
        aws.client("apigateway").delete_rest_api(restApiId=api_id)

        assert 500 == answer.status_code
        assert "authorization AWS_IAM is not emulated" in answer.json()["message"]
