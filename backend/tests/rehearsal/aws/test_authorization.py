"""Roles are held to their policies, by every service's own client."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.rehearsal.aws.calls import allow, code_of

from rehearsal.aws import LocalAws

Client = Callable[[str], Any]
AsRole = Callable[..., Client]
ACCOUNT = "123456789012"


def arn(service: str, resource: str) -> str:
    """Return an ARN of the tests' account."""
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{resource}"


class TestDynamoDB:
    """Tables, indexes, batches and transactions."""

    @pytest.fixture
    def table(self, deployer: Client, name: str) -> str:
        """Return a table with an index."""
        deployer("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "hash", "AttributeType": "S"},
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "by-hash",
                    "KeySchema": [{"AttributeName": "hash", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        return name

    def test_own_table(self, as_role: AsRole, table: str) -> None:
        """A statement with the table's ARN allows that table alone, in DynamoDB's own words."""
        dynamodb = as_role(allow("dynamodb:GetItem", arn("dynamodb", f"table/{table}")))("dynamodb")
        assert "" == code_of(dynamodb.get_item, TableName=table, Key={"id": {"S": "1"}})
        with pytest.raises(ClientError) as caught:
            dynamodb.get_item(TableName="other", Key={"id": {"S": "1"}})
        error = caught.value.response
        assert "AccessDeniedException" == error["Error"]["Code"]
        assert 400 == error["ResponseMetadata"]["HTTPStatusCode"]
        assert "because no identity-based policy allows the dynamodb:GetItem action" in error["Error"]["Message"]

    def test_index(self, as_role: AsRole, table: str) -> None:
        """An index has an ARN of its own."""
        dynamodb = as_role(allow("dynamodb:Query", arn("dynamodb", f"table/{table}")))("dynamodb")
        query = {
            "TableName": table,
            "ExpressionAttributeValues": {":one": {"S": "1"}},
            "ExpressionAttributeNames": {"#h": "hash"},
        }
        assert "" == code_of(
            dynamodb.query,
            TableName=table,
            KeyConditionExpression="id = :one",
            ExpressionAttributeValues={":one": {"S": "1"}},
        )
        assert "AccessDeniedException" == code_of(
            dynamodb.query, IndexName="by-hash", KeyConditionExpression="#h = :one", **query
        )

    def test_every_part_of_a_transaction(self, as_role: AsRole, table: str) -> None:
        """Each part needs the permission of its own action on its own table."""
        dynamodb = as_role(allow("dynamodb:PutItem", arn("dynamodb", f"table/{table}")))("dynamodb")
        put = {"Put": {"TableName": table, "Item": {"id": {"S": "1"}}}}
        delete = {"Delete": {"TableName": table, "Key": {"id": {"S": "2"}}}}
        assert "" == code_of(dynamodb.transact_write_items, TransactItems=[put])
        assert "AccessDeniedException" == code_of(dynamodb.transact_write_items, TransactItems=[put, delete])

    def test_every_table_of_a_batch(self, as_role: AsRole, table: str) -> None:
        """A batch needs the permission on each table."""
        dynamodb = as_role(allow("dynamodb:BatchGetItem", arn("dynamodb", f"table/{table}")))("dynamodb")
        keys = {"Keys": [{"id": {"S": "1"}}]}
        assert "" == code_of(dynamodb.batch_get_item, RequestItems={table: keys})
        assert "AccessDeniedException" == code_of(dynamodb.batch_get_item, RequestItems={table: keys, "other": keys})


class TestOtherServices:
    """One allowed and one denied call each."""

    def test_sqs(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A queue; a batch needs the permission of a single message."""
        url = deployer("sqs").create_queue(QueueName=name)["QueueUrl"]
        other = deployer("sqs").create_queue(QueueName=f"{name}-other")["QueueUrl"]
        sqs = as_role(allow("sqs:SendMessage", arn("sqs", name)))("sqs")
        assert "" == code_of(sqs.send_message, QueueUrl=url, MessageBody="hello")
        entry = {"Id": "1", "MessageBody": "hello"}
        assert "" == code_of(sqs.send_message_batch, QueueUrl=url, Entries=[entry])
        assert "AccessDenied" == code_of(sqs.send_message, QueueUrl=other, MessageBody="hello")

    def test_sns(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A topic."""
        topic = deployer("sns").create_topic(Name=name)["TopicArn"]
        other = deployer("sns").create_topic(Name=f"{name}-other")["TopicArn"]
        sns = as_role(allow("sns:Publish", topic))("sns")
        assert "" == code_of(sns.publish, TopicArn=topic, Message="hello")
        assert "AuthorizationError" == code_of(sns.publish, TopicArn=other, Message="hello")

    def test_secrets(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A secret, named or by ARN; the ARN's random end is matched by `??????`."""
        made = deployer("secretsmanager").create_secret(Name=name, SecretString="hidden")["ARN"]
        deployer("secretsmanager").create_secret(Name=f"{name}-other", SecretString="hidden")
        secrets = as_role(allow("secretsmanager:GetSecretValue", arn("secretsmanager", f"secret:{name}-??????")))(
            "secretsmanager"
        )
        assert "hidden" == secrets.get_secret_value(SecretId=name)["SecretString"]
        assert "hidden" == secrets.get_secret_value(SecretId=made)["SecretString"]
        assert "AccessDeniedException" == code_of(secrets.get_secret_value, SecretId=f"{name}-other")

    def test_parameters(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """Parameters by name, several at once, and by path."""
        for key in ("a", "b"):
            deployer("ssm").put_parameter(Name=f"/{name}/{key}", Value=key, Type="SecureString")
        ssm = as_role(
            allow(["ssm:GetParameter", "ssm:GetParameters"], arn("ssm", f"parameter/{name}/a")),
            allow("ssm:GetParametersByPath", arn("ssm", f"parameter/{name}")),
        )("ssm")
        assert "" == code_of(ssm.get_parameter, Name=f"/{name}/a", WithDecryption=True)
        assert "AccessDeniedException" == code_of(ssm.get_parameters, Names=[f"/{name}/a", f"/{name}/b"])
        assert 2 == len(ssm.get_parameters_by_path(Path=f"/{name}")["Parameters"])
        assert "AccessDeniedException" == code_of(ssm.get_parameters_by_path, Path="/else")

    def test_keys(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A key by its id and by its alias."""
        kms = deployer("kms")
        key = kms.create_key()["KeyMetadata"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key["KeyId"])
        other = kms.create_key()["KeyMetadata"]["KeyId"]
        mine = as_role(allow("kms:Encrypt", key["Arn"]))("kms")
        assert "" == code_of(mine.encrypt, KeyId=key["KeyId"], Plaintext=b"x")
        assert "" == code_of(mine.encrypt, KeyId=f"alias/{name}", Plaintext=b"x")
        assert "AccessDeniedException" == code_of(mine.encrypt, KeyId=other, Plaintext=b"x")

    def test_user_pools(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A user pool's administration needs a permission."""
        pools = [deployer("cognito-idp").create_user_pool(PoolName=name)["UserPool"]["Id"] for _ in range(2)]
        cognito = as_role(allow("cognito-idp:ListUsers", arn("cognito-idp", f"userpool/{pools[0]}")))("cognito-idp")
        assert "" == code_of(cognito.list_users, UserPoolId=pools[0])
        assert "AccessDeniedException" == code_of(cognito.list_users, UserPoolId=pools[1])

    def test_logs(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A log group with `:*`, as Lambda's own policies write it."""
        group = f"/aws/lambda/{name}"
        deployer("logs").create_log_group(logGroupName=group)
        actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
        logs = as_role(allow(actions, arn("logs", f"log-group:{group}:*")))("logs")
        stream = {"logGroupName": group, "logStreamName": "stream"}
        assert "" == code_of(logs.create_log_stream, **stream)
        assert "" == code_of(logs.put_log_events, **stream, logEvents=[{"timestamp": 1, "message": "hello"}])
        assert "AccessDeniedException" == code_of(logs.create_log_group, logGroupName=f"{group}-other")

    def test_traces_and_metrics(self, as_role: AsRole) -> None:
        """What has no ARN is allowed on `*`, metrics by their namespace."""
        namespace = {"StringEquals": {"cloudwatch:namespace": "Coachwork"}}
        client = as_role(allow("xray:PutTraceSegments"), allow("cloudwatch:PutMetricData", Condition=namespace))
        assert "" == code_of(client("xray").put_trace_segments, TraceSegmentDocuments=["{}"])
        data = [{"MetricName": "m", "Value": 1.0}]
        assert "" == code_of(client("cloudwatch").put_metric_data, Namespace="Coachwork", MetricData=data)
        assert code_of(client("cloudwatch").put_metric_data, Namespace="Other", MetricData=data).startswith("AccessDen")

    def test_functions(self, as_role: AsRole) -> None:
        """A function, with or without its alias; Lambda answers 403."""
        function = arn("lambda", "function:worker")
        client = as_role(allow("lambda:InvokeFunction", f"{function}:live"))("lambda")
        assert "ResourceConflictException" == code_of(client.invoke, FunctionName="worker", Qualifier="live")
        assert "AccessDeniedException" == code_of(client.invoke, FunctionName="worker")

    def test_own_identity(self, as_role: AsRole, role_name: str) -> None:
        """Who one is may always be asked."""
        identity = as_role()("sts").get_caller_identity()
        assert f"arn:aws:sts::{ACCOUNT}:assumed-role/{role_name}/test" == identity["Arn"]


class TestPolicies:
    """Where statements come from."""

    def test_managed_policy(self, as_role: AsRole, deployer: Client, role_name: str, bucket: str) -> None:
        """A managed policy counts from the moment it is attached."""
        s3 = as_role()("s3")
        assert "AccessDenied" == code_of(s3.get_object, Bucket=bucket, Key="here")
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:GetObject")]})
        policy = deployer("iam").create_policy(PolicyName=f"{role_name}-reads", PolicyDocument=document)["Policy"]
        deployer("iam").attach_role_policy(RoleName=role_name, PolicyArn=policy["Arn"])
        assert "" == code_of(s3.get_object, Bucket=bucket, Key="here")

    def test_explicit_deny(self, as_role: AsRole, bucket: str) -> None:
        """A Deny outweighs an Allow, and says so."""
        s3 = as_role(allow("s3:*"), {**allow("s3:GetObject"), "Effect": "Deny"})("s3")
        with pytest.raises(ClientError, match="with an explicit deny in inline: statement 2"):
            s3.get_object(Bucket=bucket, Key="here")

    def test_bucket_policy(self, as_role: AsRole, deployer: Client, role_name: str, bucket: str) -> None:
        """A bucket may allow a role by name, and deny one whatever the role's own policies allow."""
        role = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/{role_name}"}
        document = [
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal=role),
            {**allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*", Principal=role), "Effect": "Deny"},
        ]
        policy = json.dumps({"Version": "2012-10-17", "Statement": document})
        s3 = as_role(allow("s3:PutObject"))("s3")
        deployer("s3").put_bucket_policy(Bucket=bucket, Policy=policy)
        assert "" == code_of(s3.get_object, Bucket=bucket, Key="here")
        assert "AccessDenied" == code_of(s3.put_object, Bucket=bucket, Key="here", Body=b"")

    def test_other_token(self, local_aws: LocalAws, as_role: AsRole, bucket: str) -> None:
        """Credentials without their session token are worth nothing."""
        s3 = as_role(allow("s3:*"))("s3")
        s3._request_signer._credentials.token = "another's"
        assert "InvalidToken" == code_of(s3.get_object, Bucket=bucket, Key="here")


class TestInspection:
    """The record of what roles were denied and used."""

    def test_denied_used_and_unused(self, local_aws: LocalAws, as_role: AsRole, role_name: str, bucket: str) -> None:
        """A denial comes with the statement it would need; a statement is used once it decided something."""
        s3 = as_role(allow("s3:GetObject", Sid="Read"), allow("s3:PutObject", Sid="Write"))("s3")
        s3.get_object(Bucket=bucket, Key="here")
        code_of(s3.delete_object, Bucket=bucket, Key="here")
        report = {
            kind: [one for one in listed if one["role"] == role_name]
            for kind, listed in local_aws.authorization().items()
        }
        action, resource = "s3:DeleteObject", f"arn:aws:s3:::{bucket}/here"
        wanted = {"Effect": "Allow", "Action": action, "Resource": resource}
        denial = {"action": action, "resource": resource, "count": 1, "denied_by": None, "wanted": wanted}
        assert [{"role": role_name, **denial}] == report["denied"]
        assert [{"role": role_name, "policy": "inline", "sid": "Read", "count": 1}] == report["used"]
        assert ["Write"] == [one["sid"] for one in report["unused"]]

    def test_idle(self, local_aws: LocalAws, as_role: AsRole, role_name: str, bucket: str) -> None:
        """Of a used statement, the actions that nobody needed are named; a pattern is used by what it describes."""
        s3 = as_role(allow(["s3:GetObject", "s3:PutObject"], Sid="Keep"), allow("s3:Delete*", Sid="Remove"))("s3")
        s3.get_object(Bucket=bucket, Key="here")
        s3.delete_object(Bucket=bucket, Key="here")
        idle = [one for one in local_aws.authorization()["idle"] if one["role"] == role_name]
        assert [{"role": role_name, "policy": "inline", "sid": "Keep", "action": "s3:PutObject"}] == idle

    def test_beginning_anew(self, local_aws: LocalAws, as_role: AsRole, role_name: str, bucket: str) -> None:
        """The record can be emptied."""
        as_role(allow("s3:GetObject"))("s3").get_object(Bucket=bucket, Key="here")
        local_aws.forget_authorization()
        assert [] == local_aws.authorization()["used"]
