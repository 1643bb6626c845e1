"""APIs read back from a local AWS."""

from collections.abc import Iterator

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws
from tests.rehearsal.gateway.deployment import ARN, deploy_function, deploy_rest, permit

from rehearsal.gateway import Api, GatewayResponse, Integration, LogFormat, Route, Stage, Throttle
from rehearsal.gateway.deployed import UnsupportedApi, read_apis


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    """Return an empty local AWS."""
    with local_aws() as started:
        yield started


class TestReadApis:
    """What a deployment says of its APIs."""

    def test_rest(self, aws: LocalAws) -> None:
        """Everything the gateway goes by is as it was deployed."""
        deploy_function(aws, {})
        ids = deploy_rest(aws)
        source = permit(aws, ids["id"])

        integration = Integration(ARN, 20.0, callers=(source,))
        log = LogFormat("/aws/apigateway/coach", "$context.requestId")
        expected = Api(
            "rest",
            ids["id"],
            [Route("ANY", path, integration, ids[path]) for path in ("/", "/{proxy+}")],
            {"production": Stage("production", {"colour": "blue"}, {"*/*": Throttle(5.0, 7)}, log)},
            binary_media_types=["*/*"],
            gateway_responses={"DEFAULT_4XX": GatewayResponse(headers={"Access-Control-Allow-Origin": "'*'"})},
            name="coach",
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

    def test_refuses_an_http_api_with_cors(self, aws: LocalAws) -> None:
        """CORS answered by the gateway is named too."""
        allowed = {"AllowOrigins": ["*"]}
        aws.client("apigatewayv2").create_api(Name="coach", ProtocolType="HTTP", CorsConfiguration=allowed)

        with pytest.raises(UnsupportedApi, match="CORS"):
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

        reached = Integration(ARN, 9.0, "2.0", callers=())
        routes = [Route("ANY", "$default", reached), Route("GET", "/echoes/{id}", reached)]
        stages = {"$default": Stage("$default", {}, {"*/*": Throttle(10.0, 5)})}
        assert [Api("http", api_id, routes, stages)] == read_apis(aws.session, aws.url)
