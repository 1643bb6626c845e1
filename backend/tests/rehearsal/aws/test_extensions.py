"""What stock moto lacks or answers wrongly, and here does not."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

Client = Callable[[str], Any]
DIGEST = "a" * 64
IMAGE = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/coachwork@sha256:{DIGEST}"


@pytest.fixture
def name() -> str:
    """Return a name nothing else has."""
    return f"test-{uuid4().hex[:12]}"


class TestLambda:
    """Functions from images, without Docker."""

    @pytest.fixture
    def role(self, deployer: Client, name: str) -> str:
        """Return the ARN of a role that functions may take on."""
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return str(deployer("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])

    @pytest.fixture
    def create(self, deployer: Client, name: str, role: str) -> Callable[..., dict[str, Any]]:
        """Return a function that creates a function."""

        def create_function(**more: object) -> dict[str, Any]:
            code = {"ImageUri": IMAGE}
            made: dict[str, Any] = deployer("lambda").create_function(
                FunctionName=name, Role=role, PackageType="Image", Code=code, **more
            )
            return made

        return create_function

    def test_read_back(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Dead letters, logging and SnapStart are read back as they were given."""
        given = {
            "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/group", "ApplicationLogLevel": "INFO"},
        }
        create(**given, SnapStart={"ApplyOn": "PublishedVersions"}, Publish=True)
        read = deployer("lambda").get_function_configuration(FunctionName=name)
        assert given == {key: read[key] for key in given}
        assert {"ApplyOn": "PublishedVersions", "OptimizationStatus": "Off"} == read["SnapStart"]
        published = deployer("lambda").get_function_configuration(FunctionName=name, Qualifier="1")
        assert "On" == published["SnapStart"]["OptimizationStatus"]

    def test_defaults(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Unasked, a function logs text to its own group and has no dead letters."""
        create()
        read = deployer("lambda").get_function_configuration(FunctionName=name)
        assert {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"} == read["LoggingConfig"]
        assert "DeadLetterConfig" not in read

    def test_update(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """Every part of the configuration can be changed."""
        create()
        changes = {
            "DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"},
            "EphemeralStorage": {"Size": 1024},
            "KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1",
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/group"},
            "MemorySize": 512,
            "TracingConfig": {"Mode": "Active"},
        }
        client = deployer("lambda")
        client.update_function_configuration(FunctionName=name, ImageConfig={"Command": ["a.b"]}, **changes)
        read = client.get_function_configuration(FunctionName=name)
        assert changes == {key: read[key] for key in changes}
        assert ["a.b"] == read["ImageConfigResponse"]["ImageConfig"]["Command"]

    def test_image_by_digest(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """An image named by digest resolves to itself, and the digest is the code's."""
        assert DIGEST == create()["CodeSha256"]
        assert IMAGE == deployer("lambda").get_function(FunctionName=name)["Code"]["ResolvedImageUri"]

    def test_version_and_alias(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """An alias leads to a published version, then to the next."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        assert "1" == client.get_function_configuration(FunctionName=name, Qualifier="live")["Version"]
        code = {"ImageUri": IMAGE.replace("a" * 64, "b" * 64)}
        assert "2" == client.update_function_code(FunctionName=name, Publish=True, **code)["Version"]
        client.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
        assert "b" * 64 == client.get_function_configuration(FunctionName=name, Qualifier="live")["CodeSha256"]

    def test_no_concurrency(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """A reserved concurrency of 0 is one."""
        create()
        deployer("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        read = deployer("lambda").get_function(FunctionName=name)["Concurrency"]
        assert {"ReservedConcurrentExecutions": 0} == read

    def test_provisioned_concurrency(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """It is put at an alias, read and taken away."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        place = {"FunctionName": name, "Qualifier": "live"}
        client.put_provisioned_concurrency_config(**place, ProvisionedConcurrentExecutions=2)
        read = client.get_provisioned_concurrency_config(**place)
        assert (2, "READY") == (read["AllocatedProvisionedConcurrentExecutions"], read["Status"])
        client.delete_provisioned_concurrency_config(**place)
        with pytest.raises(client.exceptions.ProvisionedConcurrencyConfigNotFoundException):
            client.get_provisioned_concurrency_config(**place)

    def test_event_source_of_an_alias(self, deployer: Client, name: str, create: Callable[..., dict[str, Any]]) -> None:
        """A mapping to an alias names the alias."""
        client = deployer("lambda")
        create(Publish=True)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        deployer("sqs").create_queue(QueueName=name)
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}:live"
        queue = f"arn:aws:sqs:us-east-1:123456789012:{name}"
        made = client.create_event_source_mapping(FunctionName=arn, EventSourceArn=queue)
        assert arn == made["FunctionArn"]
        assert arn == client.get_event_source_mapping(UUID=made["UUID"])["FunctionArn"]


class TestRestApi:
    """API Gateway."""

    def test_binary_media_types(self, deployer: Client, name: str) -> None:
        """They are read back, added to and removed."""
        gateway = deployer("apigateway")
        api = gateway.create_rest_api(name=name, binaryMediaTypes=["image/png", "video/mp4"])["id"]
        assert ["image/png", "video/mp4"] == gateway.get_rest_api(restApiId=api)["binaryMediaTypes"]
        operations = [
            {"op": "add", "path": "/binaryMediaTypes/audio~1mpeg"},
            {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
        ]
        gateway.update_rest_api(restApiId=api, patchOperations=operations)
        assert ["video/mp4", "audio/mpeg"] == gateway.get_rest_api(restApiId=api)["binaryMediaTypes"]

    def test_endpoint(self, deployer: Client, name: str) -> None:
        """AWS's own address is closed and opened again."""
        gateway = deployer("apigateway")
        api = gateway.create_rest_api(name=name)["id"]
        for value in (True, False):
            operation = {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": str(value).lower()}
            gateway.update_rest_api(restApiId=api, patchOperations=[operation])
            assert value == gateway.get_rest_api(restApiId=api)["disableExecuteApiEndpoint"]


class TestS3:
    """Buckets."""

    def test_emptying_a_versioned_bucket(self, deployer: Client, name: str) -> None:
        """Versions and delete markers can all be deleted, and then the bucket."""
        s3 = deployer("s3")
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        for _ in range(2):
            s3.put_object(Bucket=name, Key="a", Body=b"1")
            s3.delete_object(Bucket=name, Key="a")
        listed = s3.list_object_versions(Bucket=name)
        every = [
            {"Key": one["Key"], "VersionId": one["VersionId"]}
            for one in [*listed["Versions"], *listed["DeleteMarkers"]]
        ]
        assert 4 == len(s3.delete_objects(Bucket=name, Delete={"Objects": every})["Deleted"])
        s3.delete_bucket(Bucket=name)

    def test_emptying_a_suspended_bucket(self, deployer: Client, name: str) -> None:
        """So can a delete marker once versions are no longer kept."""
        s3 = deployer("s3")
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket=name, Key="a", Body=b"1")
        s3.delete_object(Bucket=name, Key="a")
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
        s3.delete_object(Bucket=name, Key="a")
        s3.delete_bucket(Bucket=name)

    def test_deny_insecure_transport(self, deployer: Client, name: str) -> None:
        """The usual policy denies nothing, for the local endpoint counts as secure."""
        s3 = deployer("s3")
        s3.create_bucket(Bucket=name)
        s3.put_object(Bucket=name, Key="a", Body=b"1")
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
        assert b"1" == s3.get_object(Bucket=name, Key="a")["Body"].read()
        del statement["Condition"]
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
        with pytest.raises(ClientError, match="403"):
            s3.get_object(Bucket=name, Key="a")


class TestSqs:
    """Queues."""

    def test_redrive_policy(self, deployer: Client, name: str) -> None:
        """It reads as SQS writes it."""
        sqs = deployer("sqs")
        sqs.create_queue(QueueName=f"{name}-dead")
        arn = f"arn:aws:sqs:us-east-1:123456789012:{name}-dead"
        policy = f'{{"deadLetterTargetArn":"{arn}","maxReceiveCount":3}}'
        url = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": policy})["QueueUrl"]
        read = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        assert {"RedrivePolicy": policy} == read


class TestBudgets:
    """Budgets."""

    def test_subscribers_and_tags(self, deployer: Client, name: str) -> None:
        """Who is told is read back, and so are the tags."""
        budgets = deployer("budgets")
        notification = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
        subscribers = [{"SubscriptionType": "EMAIL", "Address": "owner@example.com"}]
        budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY"}
        limit = {"BudgetLimit": {"Amount": "10", "Unit": "USD"}}
        account = "123456789012"
        budgets.create_budget(
            AccountId=account,
            Budget={**budget, **limit},
            NotificationsWithSubscribers=[{"Notification": notification, "Subscribers": subscribers}],
            ResourceTags=[{"Key": "a", "Value": "1"}],
        )
        read = budgets.describe_subscribers_for_notification(
            AccountId=account, BudgetName=name, Notification=notification
        )
        assert subscribers == read["Subscribers"]
        arn = f"arn:aws:budgets::{account}:budget/{name}"
        budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "b", "Value": "2"}])
        budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["a"])
        assert [{"Key": "b", "Value": "2"}] == budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]


class TestAutoScaling:
    """Application Auto Scaling."""

    def test_tags(self, deployer: Client, name: str) -> None:
        """A target's tags are given, changed and read."""
        scaling = deployer("application-autoscaling")
        deployer("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        arn = scaling.register_scalable_target(
            ServiceNamespace="dynamodb",
            ResourceId=f"table/{name}",
            ScalableDimension="dynamodb:table:ReadCapacityUnits",
            MinCapacity=1,
            MaxCapacity=2,
            Tags={"a": "1"},
        )["ScalableTargetARN"]
        scaling.tag_resource(ResourceARN=arn, Tags={"b": "2"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
        assert {"b": "2"} == scaling.list_tags_for_resource(ResourceARN=arn)["Tags"]


class TestCodeDeploy:
    """Deployment groups."""

    def test_alarms_and_deletion(self, deployer: Client, name: str) -> None:
        """Alarms are read back, what was not set is not; groups and applications can be deleted."""
        codedeploy = deployer("codedeploy")
        codedeploy.create_application(applicationName=name, computePlatform="Lambda")
        alarms = {"enabled": True, "alarms": [{"name": "errors"}]}
        place = {"applicationName": name, "deploymentGroupName": "group"}
        role = "arn:aws:iam::123456789012:role/deploy"
        codedeploy.create_deployment_group(**place, serviceRoleArn=role, alarmConfiguration=alarms)
        read = codedeploy.get_deployment_group(**place)["deploymentGroupInfo"]
        assert alarms == read["alarmConfiguration"]
        assert "loadBalancerInfo" not in read
        codedeploy.delete_deployment_group(**place)
        with pytest.raises(codedeploy.exceptions.DeploymentGroupDoesNotExistException):
            codedeploy.get_deployment_group(**place)
        codedeploy.delete_application(applicationName=name)
        with pytest.raises(codedeploy.exceptions.ApplicationDoesNotExistException):
            codedeploy.get_application(applicationName=name)


class TestIam:
    """Roles."""

    def test_managed_policy_of_aws(self, deployer: Client) -> None:
        """AWS's own policies are there."""
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        assert "AWSLambdaBasicExecutionRole" == deployer("iam").get_policy(PolicyArn=arn)["Policy"]["PolicyName"]
