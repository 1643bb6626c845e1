"""What is still there after everything was destroyed, and what has to be emptied before."""

from collections.abc import Iterator
from typing import Any

import boto3

# service, paginated operation, the list in its answer, the name of one
_KINDS = (
    ("acm", "list_certificates", "CertificateSummaryList", "DomainName"),
    ("apigateway", "get_rest_apis", "items", "name"),
    ("apigateway", "get_usage_plans", "items", "name"),
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("apigatewayv2", "get_domain_names", "Items", "DomainName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "ServiceName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("secretsmanager", "list_secrets", "SecretList", "Name"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
)


def leftovers(session: boto3.Session, aws_url: str) -> list[str]:
    """Return what is there, as `service: name`, but for secrets that wait for deletion and what is shown as deleted."""
    return [
        f"{service}: {item[name] if name else item}"
        for service, operation, items, name in _KINDS
        for item in _pages(session.client(service, endpoint_url=aws_url), operation, items)
        if not (isinstance(item, dict) and item.get("State") == "deleted")
    ]


def empty_buckets(session: boto3.Session, aws_url: str, *, but: str = "") -> None:
    """Delete every version of every object of every bucket, as an operator must before destroying them."""
    client = session.client("s3", endpoint_url=aws_url)
    for bucket in client.list_buckets()["Buckets"]:
        if bucket["Name"] == but:
            continue
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for found in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                client.delete_object(Bucket=bucket["Name"], Key=found["Key"], VersionId=found["VersionId"])


def empty_repositories(session: boto3.Session, aws_url: str) -> None:
    """Delete every image of every repository, as an operator must before destroying them."""
    client = session.client("ecr", endpoint_url=aws_url)
    for repository in _pages(client, "describe_repositories", "repositories"):
        name = repository["repositoryName"]
        digests = {image["imageDigest"] for image in client.list_images(repositoryName=name)["imageIds"]}
        if digests:
            client.batch_delete_image(repositoryName=name, imageIds=[{"imageDigest": one} for one in digests])


def unprotect_tables(session: boto3.Session, aws_url: str) -> None:
    """Let every table be deleted, as an operator must before destroying them."""
    client = session.client("dynamodb", endpoint_url=aws_url)
    for name in _pages(client, "list_tables", "TableNames"):
        client.update_table(TableName=name, DeletionProtectionEnabled=False)


def _pages(client: Any, operation: str, items: str) -> Iterator[Any]:
    if not client.can_paginate(operation):
        yield from getattr(client, operation)().get(items, ())
        return
    for page in client.get_paginator(operation).paginate():
        yield from page.get(items, ())
