"""Roles that deploy: what making roles, APIs, releases and the like takes, and what a boundary leaves of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.rehearsal.aws.calls import allow, code_of
from tests.rehearsal.aws.conftest import TRUST

Client = Callable[[str], Any]
AsRole = Callable[..., Client]
ACCOUNT = "123456789012"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
DENIED = "AccessDenied"


def role_arn(name: str) -> str:
    """Return the ARN of a role of the tests' account."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


@pytest.fixture
def boundary(deployer: Client, name: str) -> str:
    """Return the ARN of a policy that allows reading objects."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:GetObject")]})
    return str(deployer("iam").create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"])


class TestRoles:
    """Roles made and handed over."""

    def test_made_under_a_boundary(self, as_role: AsRole, name: str) -> None:
        """A condition on the boundary is about the one the new role is given."""
        bounded = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
        iam = as_role(allow("iam:CreateRole", role_arn("test-*"), Condition=bounded))("iam")
        trust = json.dumps(TRUST)
        assert DENIED == code_of(iam.create_role, RoleName=name, AssumeRolePolicyDocument=trust)
        assert "" == code_of(
            iam.create_role, RoleName=name, AssumeRolePolicyDocument=trust, PermissionsBoundary=BOUNDARY
        )

    def test_given_policies_under_a_boundary(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """And where a role is given a policy, about the one the role has."""
        bounded = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
        iam = as_role(allow("iam:PutRolePolicy", role_arn("test-*"), Condition=bounded))("iam")
        policy = {
            "PolicyName": "p",
            "PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [allow("s3:*")]}),
        }
        deployer("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        assert DENIED == code_of(iam.put_role_policy, RoleName=name, **policy)
        deployer("iam").put_role_permissions_boundary(RoleName=name, PermissionsBoundary=BOUNDARY)
        assert "" == code_of(iam.put_role_policy, RoleName=name, **policy)

    def test_another_name(self, as_role: AsRole) -> None:
        """A role is asked for by its ARN."""
        iam = as_role(allow("iam:GetRole", role_arn("test-*")))("iam")
        assert DENIED == code_of(iam.get_role, RoleName="operator")

    def test_handed_to_a_service(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """Who gives CodeDeploy a role must be allowed to pass it, to CodeDeploy."""
        group = f"arn:aws:codedeploy:us-east-1:{ACCOUNT}:deploymentgroup:{name}/*"
        to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
        codedeploy = as_role(
            allow("codedeploy:CreateDeploymentGroup", group),
            allow("iam:PassRole", role_arn("release"), Condition=to_lambda),
        )("codedeploy")
        deployer("codedeploy").create_application(applicationName=name, computePlatform="Lambda")
        with pytest.raises(ClientError, match="not authorized to perform: iam:PassRole"):
            codedeploy.create_deployment_group(
                applicationName=name, deploymentGroupName="group", serviceRoleArn=role_arn("release")
            )


class TestBoundary:
    """A role under a permissions boundary."""

    def test_takes(self, as_role: AsRole, deployer: Client, role_name: str, boundary: str, bucket: str) -> None:
        """What the boundary does not allow is not allowed, whatever the role's own policy says."""
        s3 = as_role(allow("s3:*"))("s3")
        deployer("iam").put_role_permissions_boundary(RoleName=role_name, PermissionsBoundary=boundary)
        assert "" == code_of(s3.get_object, Bucket=bucket, Key="here")
        with pytest.raises(ClientError, match="because no permissions boundary allows the s3:PutObject action"):
            s3.put_object(Bucket=bucket, Key="here", Body=b"")

    def test_gone(self, as_role: AsRole, deployer: Client, role_name: str, bucket: str) -> None:
        """A boundary that is not there lets nothing through."""
        s3 = as_role(allow("s3:*"))("s3")
        deployer("iam").put_role_permissions_boundary(RoleName=role_name, PermissionsBoundary=f"{BOUNDARY}-gone")
        assert DENIED == code_of(s3.get_object, Bucket=bucket, Key="here")


class TestConfiguration:
    """What is set up beside roles: each by the name and the ARN that AWS asks for."""

    def test_apis(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """API Gateway's actions are methods, on its own paths."""
        api = deployer("apigateway").create_rest_api(name=name)["id"]
        apis = as_role(allow("apigateway:GET", f"arn:aws:apigateway:us-east-1::/restapis/{api}"))("apigateway")
        assert "" == code_of(apis.get_rest_api, restApiId=api)
        assert "AccessDeniedException" == code_of(apis.get_resources, restApiId=api)
        assert "AccessDeniedException" == code_of(apis.delete_rest_api, restApiId=api)

    def test_http_apis(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """Version 2 of that signs alike, and has paths of its own."""
        api = deployer("apigatewayv2").create_api(Name=name, ProtocolType="HTTP")["ApiId"]
        apis = as_role(allow("apigateway:GET", f"arn:aws:apigateway:us-east-1::/apis/{api}"))("apigatewayv2")
        assert "" == code_of(apis.get_api, ApiId=api)
        assert "AccessDeniedException" == code_of(apis.delete_api, ApiId=api)

    def test_buckets(self, as_role: AsRole, bucket: str) -> None:
        """Permissions for a bucket's settings are not called as the calls are."""
        s3 = as_role(allow("s3:GetBucketPublicAccessBlock", f"arn:aws:s3:::{bucket}"))("s3")
        assert "NoSuchPublicAccessBlockConfiguration" == code_of(s3.get_public_access_block, Bucket=bucket)
        assert DENIED == code_of(s3.get_bucket_encryption, Bucket=bucket)

    def test_repositories(self, as_role: AsRole, deployer: Client, name: str) -> None:
        """A repository of images is asked for by its ARN."""
        deployer("ecr").create_repository(repositoryName=name)
        arn = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/{name}"
        ecr = as_role(allow("ecr:DescribeRepositories", arn))("ecr")
        assert "" == code_of(ecr.describe_repositories, repositoryNames=[name])
        assert "AccessDeniedException" == code_of(ecr.describe_repositories)

    def test_alarms(self, as_role: AsRole) -> None:
        """So are alarms."""
        arn = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:ours-*"
        cloudwatch = as_role(allow("cloudwatch:DeleteAlarms", arn))("cloudwatch")
        assert "AccessDenied" in code_of(cloudwatch.delete_alarms, AlarmNames=["ours-1", "theirs"])
        assert "AccessDenied" not in code_of(cloudwatch.delete_alarms, AlarmNames=["ours-1"])

    def test_keys_by_tag(self, as_role: AsRole, deployer: Client) -> None:
        """Keys have no names: a condition on their tags tells them apart."""
        tags = ([{"TagKey": "Environment", "TagValue": value}] for value in ("dev", "prod"))
        dev, prod = (deployer("kms").create_key(Tags=one)["KeyMetadata"]["KeyId"] for one in tags)
        borne = {"StringEquals": {"aws:ResourceTag/Environment": "dev"}}
        kms = as_role(allow("kms:DescribeKey", Condition=borne))("kms")
        assert "" == code_of(kms.describe_key, KeyId=dev)
        assert "AccessDeniedException" == code_of(kms.describe_key, KeyId=prod)

    def test_budgets(self, as_role: AsRole) -> None:
        """Budgets know looking and changing alone."""
        arn = f"arn:aws:budgets::{ACCOUNT}:budget/ours"
        budgets = as_role(allow("budgets:ViewBudget", arn))("budgets")
        assert "NotFoundException" == code_of(budgets.describe_budget, AccountId=ACCOUNT, BudgetName="ours")
        assert "AccessDeniedException" == code_of(budgets.delete_budget, AccountId=ACCOUNT, BudgetName="ours")

    def test_functions_version(self, as_role: AsRole) -> None:
        """A function named by an ARN with its version is asked for with that version, once."""
        arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:ours:2"
        functions = as_role(allow("lambda:GetFunctionConfiguration", arn))("lambda")
        assert "ResourceNotFoundException" == code_of(
            functions.get_function_configuration, FunctionName=arn, Qualifier="2"
        )

    def test_certificates_by_tag(self, as_role: AsRole) -> None:
        """A certificate that is not yet there has no ARN: a condition on the tags of the request bounds it."""
        given = {"StringEquals": {"aws:RequestTag/Environment": "dev"}}
        acm = as_role(allow("acm:RequestCertificate", "*", Condition=given))("acm")
        tags = {value: [{"Key": "Environment", "Value": value}] for value in ("dev", "prod")}
        assert "" == code_of(acm.request_certificate, DomainName="dev.example.com", Tags=tags["dev"])
        assert "AccessDeniedException" == code_of(
            acm.request_certificate, DomainName="dev.example.com", Tags=tags["prod"]
        )

    def test_deployment_stopped(self, as_role: AsRole) -> None:
        """Stopping a deployment is asked for without a resource, for IAM knows none."""
        group = f"arn:aws:codedeploy:us-east-1:{ACCOUNT}:deploymentgroup:ours/*"
        codedeploy = as_role(allow("codedeploy:StopDeployment", group))("codedeploy")
        with pytest.raises(ClientError, match=r"not authorized to perform: codedeploy:StopDeployment on resource: \*"):
            codedeploy.stop_deployment(deploymentId="d-ABCDEFGHI")
