"""What is still there after everything was destroyed."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError
from tests.rehearsal.aws_server import LocalAws, local_aws

from rehearsal.scenarios.leftovers import empty_buckets, leftovers, unprotect_tables

TABLE = {
    "TableName": "documents",
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": True,
}
TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    """Yield an empty local AWS."""
    with local_aws() as aws:
        yield aws


class TestLeftovers:
    """Looking for what is left."""

    def test_nothing(self, aws: LocalAws) -> None:
        """An empty AWS has nothing."""
        assert [] == leftovers(aws.session, aws.url)

    def test_what_is_shown_as_deleted(self, aws: LocalAws) -> None:
        """An endpoint of a network is shown for a while after it was deleted, and is not left."""
        ec2 = aws.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
        service = "com.amazonaws.us-east-1.s3"
        described = {"VpcId": vpc, "ServiceName": service, "VpcEndpointType": "Gateway"}
        endpoint = ec2.create_vpc_endpoint(**described)["VpcEndpoint"]["VpcEndpointId"]
        assert [f"ec2: {service}"] == leftovers(aws.session, aws.url)
        ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        assert [] == leftovers(aws.session, aws.url)

    def test_each_kind(self, aws: LocalAws) -> None:
        """Whatever a deployment makes is named, each kind by its service."""
        aws.client("s3").create_bucket(Bucket="videos")
        aws.client("secretsmanager").create_secret(Name="settings", SecretString="{}")
        aws.client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=TRUST)
        aws.client("logs").create_log_group(logGroupName="/aws/lambda/coach")
        aws.client("ecr").create_repository(repositoryName="coachwork")
        aws.client("apigateway").create_rest_api(name="rest")
        aws.client("apigatewayv2").create_api(Name="http", ProtocolType="HTTP")
        aws.client("cloudwatch").put_dashboard(DashboardName="board", DashboardBody="{}")
        aws.client("dynamodb").create_table(**TABLE)
        aws.client("sns").create_topic(Name="alarms")
        queue = aws.client("sqs").create_queue(QueueName="letters")["QueueUrl"]
        assert [
            "apigateway: rest",
            "apigatewayv2: http",
            "cloudwatch: board",
            "dynamodb: documents",
            "ecr: coachwork",
            "iam: role",
            "logs: /aws/lambda/coach",
            "s3: videos",
            "secretsmanager: settings",
            "sns: arn:aws:sns:us-east-1:123456789012:alarms",
            f"sqs: {queue}",
        ] == leftovers(aws.session, aws.url)

    def test_a_secret_that_waits(self, aws: LocalAws) -> None:
        """A secret in its recovery window is none: AWS deletes it by itself."""
        secrets = aws.client("secretsmanager")
        secrets.create_secret(Name="settings", SecretString="{}")
        secrets.delete_secret(SecretId="settings", RecoveryWindowInDays=30)
        assert [] == leftovers(aws.session, aws.url)

    def test_more_than_a_page(self, aws: LocalAws) -> None:
        """Nothing is overlooked on a second page."""
        logs = aws.client("logs")
        for number in range(60):
            logs.create_log_group(logGroupName=f"/aws/lambda/{number:02}")
        assert 60 == len(leftovers(aws.session, aws.url))


class TestEmptyBuckets:
    """Emptying buckets before they are destroyed."""

    def test_versions_and_markers(self, aws: LocalAws) -> None:
        """Every version and every marker goes, so the bucket can; the one that is excepted keeps all."""
        s3 = aws.client("s3")
        for bucket in ("videos", "state"):
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
            for content in (b"1", b"2"):
                s3.put_object(Bucket=bucket, Key="film", Body=content)
            s3.delete_object(Bucket=bucket, Key="film")
        empty_buckets(aws.session, aws.url, but="state")
        s3.delete_bucket(Bucket="videos")
        assert ["s3: state"] == leftovers(aws.session, aws.url)
        assert 2 == len(s3.list_object_versions(Bucket="state")["Versions"])


class TestUnprotectTables:
    """Letting tables be destroyed."""

    def test_protected(self, aws: LocalAws) -> None:
        """A table that refused to be deleted can be."""
        dynamodb = aws.client("dynamodb")
        dynamodb.create_table(**TABLE)
        with pytest.raises(ClientError, match="can't be deleted while"):
            dynamodb.delete_table(TableName="documents")
        unprotect_tables(aws.session, aws.url)
        dynamodb.delete_table(TableName="documents")
        assert [] == leftovers(aws.session, aws.url)
