"""What the tests deploy to a local AWS: the shape Terraform will give it."""

import json
from typing import Any

from tests.rehearsal.aws_server import LocalAws

ARN = "arn:aws:lambda:us-east-1:123456789012:function:coach:live"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{ARN}/invocations"
LOG_GROUP_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/coach"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coach@sha256:" + "a" * 64


def deploy_function(aws: LocalAws, environment: dict[str, str]) -> None:
    """Deploy the function `coach` with an alias `live`."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws.client("iam").create_role(RoleName="coach", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    client = aws.client("lambda")
    described = {"Role": role, "PackageType": "Image", "Code": {"ImageUri": IMAGE}, "MemorySize": 1024, "Timeout": 60}
    client.create_function(FunctionName="coach", **described, Environment={"Variables": environment})
    number = client.publish_version(FunctionName="coach")["Version"]
    client.create_alias(FunctionName="coach", Name="live", FunctionVersion=number)


def permit(aws: LocalAws, api_id: str) -> str:
    """Let the API's stage call the function's alias; return the pattern of its source ARN."""
    source = f"arn:aws:execute-api:us-east-1:123456789012:{api_id}/production/*"
    aws.client("lambda").add_permission(
        FunctionName="coach",
        Qualifier="live",
        StatementId="called-by-the-api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=source,
    )
    return source


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
    log = {"/accessLogSettings/destinationArn": LOG_GROUP_ARN, "/accessLogSettings/format": "$context.requestId"}
    patches = [{"op": "replace", "path": path, "value": value} for path, value in (limits | log).items()]
    client.update_stage(**names, patchOperations=patches)
    allowed = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    client.put_gateway_response(restApiId=api_id, responseType="DEFAULT_4XX", responseParameters=allowed)
    return {"id": api_id, "/": root, "/{proxy+}": proxy}
