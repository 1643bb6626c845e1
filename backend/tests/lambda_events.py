"""Events as the four front doors of Lambda send them, after the examples in AWS's documentation."""

from typing import Any

Event = dict[str, Any]
HOST = "70ixmpl4fl.execute-api.us-east-2.amazonaws.com"


def rest_api(
    method: str = "GET",
    path: str = "/health",
    *,
    stage: str = "production",
    base_path: str | None = None,
    **changes: Any,
) -> Event:
    """Return API Gateway's REST event (payload 1.0).

    A custom domain puts its base path where the stage would stand; None is the gateway's own domain.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    headers = {
        "Accept": "*/*",
        "CloudFront-Forwarded-Proto": "https",
        "Host": HOST,
        "User-Agent": "curl/8",
        "X-Amzn-Trace-Id": "Root=1-5e66d96f-7491f09xmpl79d18acf3d050",
        "X-Forwarded-For": "52.255.255.12",
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
    }
    return {
        "resource": "/{proxy+}",
        "path": path if base_path is None else base_path + path,
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "resourceId": "2gxmpl",
            "resourcePath": "/{proxy+}",
            "httpMethod": method,
            "extendedRequestId": "JJbxmplHYosFVYQ=",
            "requestTime": "10/Mar/2020:00:03:59 +0000",
            "path": (f"/{stage}" if base_path is None else base_path) + path,
            "accountId": "123456789012",
            "protocol": "HTTP/1.1",
            "stage": stage,
            "domainPrefix": "70ixmpl4fl",
            "requestTimeEpoch": 1583798639428,
            "requestId": "77375676-xmpl-4b79-853a-f982474efe18",
            "identity": {"sourceIp": "52.255.255.12", "userAgent": "curl/8", "user": None},
            "domainName": HOST,
            "apiId": "70ixmpl4fl",
        },
        "body": None,
        "isBase64Encoded": False,
        **changes,
    }


def http_api(
    method: str = "GET",
    path: str = "/health",
    *,
    stage: str = "$default",
    address: str = "192.0.2.1",
    **changes: Any,
) -> Event:
    """Return API Gateway's HTTP API event (payload 2.0), whose path has the stage in it.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    whole = path if stage == "$default" else f"/{stage}{path}"
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": whole,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*",
            "host": "id.execute-api.us-east-1.amazonaws.com",
            "x-forwarded-for": address,
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method,
                "path": whole,
                "protocol": "HTTP/1.1",
                "sourceIp": address,
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": stage,
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "isBase64Encoded": False,
        **changes,
    }


def function_url(method: str = "GET", path: str = "/health", **changes: Any) -> Event:
    """Return a function URL's event: payload 2.0 with a domain and a caller of its own.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
    """
    event = http_api(method, path, address="123.123.123.123", **changes)
    event["requestContext"] |= {
        "apiId": "<urlid>",
        "authentication": None,
        "domainName": "<url-id>.lambda-url.us-west-2.on.aws",
        "domainPrefix": "<url-id>",
    }
    return event


def load_balancer(method: str = "GET", path: str = "/health", *, multi_value: bool = False, **changes: Any) -> Event:
    """Return an Application Load Balancer's event, with single or multi-value headers.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
    """
    headers = {
        "accept": "text/html,application/xhtml+xml",
        "host": "lambda-846800462-us-east-2.elb.amazonaws.com",
        "user-agent": "curl/8",
        "x-amzn-trace-id": "Root=1-5bdb40ca-556d8b0c50dc66f0511bf520",
        "x-forwarded-for": "203.0.113.7, 72.21.198.66",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    arn = "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/lambda-target/d6190d154bc908a5"
    event = {
        "requestContext": {"elb": {"targetGroupArn": arn}},
        "httpMethod": method,
        "path": path,
        "body": "",
        "isBase64Encoded": False,
    }
    if multi_value:
        several = {name: [value] for name, value in headers.items()}
        return event | {"multiValueQueryStringParameters": {}, "multiValueHeaders": several} | changes
    return event | {"queryStringParameters": {}, "headers": headers} | changes


def arrival(*keys: str, bucket: str = "films", event: str = "ObjectCreated:Post", **details: Any) -> Event:
    """Return what S3 tells of objects that arrived; keys are as S3 writes them, of a form in a URL.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "eu-central-1",
                "eventTime": "2026-11-21T14:00:00.000Z",
                "eventName": event,
                "userIdentity": {"principalId": "AWS:AROAEXAMPLE:function"},
                "requestParameters": {"sourceIPAddress": "72.21.198.66"},
                "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "originals",
                    "bucket": {
                        "name": bucket,
                        "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                        "arn": f"arn:aws:s3:::{bucket}",
                    },
                    "object": {
                        "key": key,
                        "size": 1024,
                        "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                        "versionId": "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                        "sequencer": "0055AED6DCD90281E5",
                        **details,
                    },
                },
            }
            for key in keys
        ]
    }


def notification_test(bucket: str = "films") -> Event:
    """Return what S3 sends when a notification is set up."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-21T14:00:00.000Z",
        "Bucket": bucket,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR",
    }
