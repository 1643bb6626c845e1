"""APIs read back from a local AWS."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws

from rehearsal.gateway import Api, GatewayResponse, Integration, Route, Stage, Throttle
from rehearsal.gateway.deployed import UnsupportedApi, read_apis

ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach:live"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    """Return an empty local AWS."""
    with local_aws() as started:
        yield started


def deploy_rest(aws: LocalAws, authorization: str = "NONE", **integration: Any) -> dict[str, str]:
    """Deploy the usual REST API; return its id, and its resources' by path."""
    client = aws.client("apigateway")
    api_id = client.create_rest_api(name="coach")["id"]
    binary = [{"op": "add", "path": "/binaryMediaTypes", "value": "*/*"}]
    client.update_rest_api(restApiId=api_id, patchOperations=binary)
    root = client.get_resources(restApiId=api_id)["items"][0]["id"]
    proxy = client.create_resource(restApiId=api_id, parentId=root, pathPart="{proxy+}")["id"]
    described = {"type": "AWS_PROXY", "integrationHttpMethod": "POST", "uri": URI, "timeoutInMillis": 20_000}
    for resource in (root, proxy):
        names = {"restApiId": api_id, "resourceId": resource, "httpMethod": "ANY"}
        client.put_method(**names, authorizationType=authorization)
        client.put_integration(**names, **(described | integration))
    deployment = client.create_deployment(restApiId=api_id)["id"]
    names = {"restApiId": api_id, "stageName": "production"}
    client.create_stage(**names, deploymentId=deployment, variables={"colour": "blue"})
    limits = {"/*/*/throttling/rateLimit": "5", "/*/*/throttling/burstLimit": "7"}
    patches = [{"op": "replace", "path": path, "value": value} for path, value in limits.items()]
    client.update_stage(**names, patchOperations=patches)
    allowed = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    client.put_gateway_response(restApiId=api_id, responseType="DEFAULT_4XX", responseParameters=allowed)
    return {"id": api_id, "/": root, "/{proxy+}": proxy}


class TestReadApis:
    """What a deployment says of its APIs."""

    def test_rest(self, aws: LocalAws) -> None:
        """Routes, stage, throttling, binary media types and gateway responses are those that were deployed."""
        ids = deploy_rest(aws)

        integration = Integration(ARN, 20.0)
        expected = Api(
            "rest",
            ids["id"],
            [Route("ANY", path, integration, ids[path]) for path in ("/", "/{proxy+}")],
            {"production": Stage("production", {"colour": "blue"}, {"*/*": Throttle(5.0, 7)})},
            binary_media_types=["*/*"],
            gateway_responses={"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": "'*'"})},
        )
        assert [expected] == read_apis(aws.session, aws.url)

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"type": "HTTP_PROXY", "uri": "http://api.example.com"}, "ANY /: only Lambda"),
            ({"authorization": "AWS_IAM"}, "ANY /: authorization AWS_IAM"),
        ],
    )
    def test_refuses_what_it_cannot_do(self, aws: LocalAws, changes: dict[str, str], message: str) -> None:
        """An integration or an authorizer that is not emulated is named, not passed over."""
        deploy_rest(aws, **changes)

        with pytest.raises(UnsupportedApi, match=message):
            read_apis(aws.session, aws.url)

    def test_http(self, aws: LocalAws) -> None:
        """Routes, stage and throttling are those that were deployed."""
        client = aws.client("apigatewayv2")
        api_id = client.create_api(Name="coach", ProtocolType="HTTP")["ApiId"]
        names = {"ApiId": api_id}
        described = {"IntegrationType": "AWS_PROXY", "IntegrationUri": ARN, "PayloadFormatVersion": "2.0"}
        integration = client.create_integration(**names, **described, TimeoutInMillis=9_000)["IntegrationId"]
        client.create_route(**names, RouteKey="$default", Target=f"integrations/{integration}")
        client.create_route(**names, RouteKey="GET /echoes/{id}", Target=f"integrations/{integration}")
        limits = {"ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 10}
        client.create_stage(**names, StageName="$default", DefaultRouteSettings=limits)

        reached = Integration(ARN, 9.0, "2.0")
        routes = [Route("ANY", "$default", reached), Route("GET", "/echoes/{id}", reached)]
        stages = {"$default": Stage("$default", {}, {"*/*": Throttle(10.0, 5)})}
        assert [Api("http", api_id, routes, stages)] == read_apis(aws.session, aws.url)
