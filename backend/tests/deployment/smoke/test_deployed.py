"""The smoke test of what is deployed: through API Gateway's stage and Lambda's runtime, on the stores of `make run`."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.deployment.smoke.deployment import ORIGIN, Deployment, walk
from tests.e2e.laptop import PROJECT
from tests.rehearsal.aws.conftest import TRUST
from tests.rehearsal.gateway.apis import DeferredInvokeApi, rest_api

from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import Gateway, GatewayResponse, GatewayServer, InvokeApi
from rehearsal.laptop.environment import DOCUMENTS_BUCKET, REGION


@contextmanager
def told_of_arrivals(deployment: Deployment, door_url: str) -> Iterator[None]:
    """Have the function told of what is uploaded to the bucket for documents, as terraform/knowledge.tf does."""
    iam, functions, s3 = (deployment.client(service) for service in ("iam", "lambda", "s3"))
    role = iam.create_role(RoleName="coach", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    image = {"PackageType": "Image", "Code": {"ImageUri": f"123456789012.dkr.ecr.{REGION}.amazonaws.com/c@sha256:0"}}
    functions.create_function(FunctionName="coach", Role=role, Publish=True, **image)
    alias = functions.create_alias(FunctionName="coach", Name="live", FunctionVersion="1")["AliasArn"]
    functions.add_permission(
        FunctionName="coach",
        Qualifier="live",
        StatementId="told",
        Action="lambda:InvokeFunction",
        Principal="s3.amazonaws.com",
        SourceArn=f"arn:aws:s3:::{DOCUMENTS_BUCKET}",
    )
    prefix = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "originals/"}]}}
    told = {"LambdaFunctionArn": alias, "Events": ["s3:ObjectCreated:*"], "Filter": prefix}
    configure = partial(s3.put_bucket_notification_configuration, Bucket=DOCUMENTS_BUCKET)
    configure(NotificationConfiguration={"LambdaFunctionConfigurations": [told]})
    deployment.invoke_through(door_url)
    yield
    deployment.invoke_through(None)
    configure(NotificationConfiguration={})
    functions.delete_function(FunctionName="coach")


@pytest.fixture
def url(deployment: Deployment, tmp_path: Path) -> Iterator[str]:
    """Return the stage's URL."""
    invoke_api = DeferredInvokeApi()
    version = Version("coachwork.aws_lambda.handler", memory_mb=2048, timeout_seconds=60)
    function = DeployedFunction("coach", {"1": version}, {"live": Alias("1")})
    responses = {"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": f"'{ORIGIN}'"})}
    with GatewayServer(invoke_api) as invoke, ExitStack() as stack:
        # the local AWS of `make run` runs no functions, and this one invokes itself
        environment = {**deployment.environment(), "AWS_ENDPOINT_URL_LAMBDA": invoke.url}
        location = CodeLocation(Path(sys.executable), PROJECT / "backend" / "src", environment)
        service = stack.enter_context(LambdaService([function], location, FolderLogs(tmp_path)))
        invoke_api.api = InvokeApi(service)
        api = rest_api(gateway_responses=responses, binary_media_types=("application/pdf", "multipart/form-data"))
        server = stack.enter_context(GatewayServer(Gateway(api, service)))
        stack.enter_context(told_of_arrivals(deployment, invoke.url))
        yield f"{server.url}/production"


class TestDeployed:
    """What a front end meets at an invoke URL."""

    def test_all_as_expected(self, deployment: Deployment, url: str) -> None:
        """Every check passes there too, and what is too large is answered by the gateway itself."""
        before = deployment.contents()
        outcome, _ = walk(url, deployment.options())
        assert () == outcome.failures
        assert [] == [check.name for check in outcome.checks if check.is_skipped or check.is_not_tried]
        notes = {check.name: check.note for check in outcome.checks}
        assert "413, by API Gateway" == notes["gateway's own error"]
        assert before == deployment.contents()
