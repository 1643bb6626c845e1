"""What stock moto lacks or answers wrongly, and here does not."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[[str], Any]


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

    def test_side_by_side(self, deployer: Client, name: str) -> None:
        """Policies are taken off a role while others are made and deleted."""
        iam = deployer("iam")
        allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"

        def make_and_delete(number: int) -> None:
            made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=document)["Policy"]["Arn"]
            iam.delete_policy(PolicyArn=made)

        with ThreadPoolExecutor(4) as workers:
            others = [workers.submit(make_and_delete, number) for number in range(40)]
            for _ in range(20):
                iam.attach_role_policy(RoleName=name, PolicyArn=arn)
                iam.detach_role_policy(RoleName=name, PolicyArn=arn)
            assert [None] * 40 == [other.result() for other in others]

    def test_managed_policy_of_aws(self, deployer: Client) -> None:
        """AWS's own policies are there."""
        arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        assert "AWSLambdaBasicExecutionRole" == deployer("iam").get_policy(PolicyArn=arn)["Policy"]["PolicyName"]
