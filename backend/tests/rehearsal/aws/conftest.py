"""One local AWS for these tests, and clients of it: the deployer's, and those of a role."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from deployment.children import Children
from rehearsal.aws import LocalAws

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
    ],
}
ONE_TRY = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, signature_version="v4")

Client = Callable[[str], Any]


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Yield a running local AWS, in which a minute lasts a second."""
    with Children() as children:
        log = tmp_path_factory.mktemp("aws") / "aws.log"
        aws = LocalAws.start(children, log=log, options=["--minute-seconds", "1"])
        aws.wait()
        yield aws


@pytest.fixture(scope="session")
def deployer(local_aws: LocalAws) -> Client:
    """Return a maker of clients that may do everything."""
    return _clients(local_aws, aws_access_key_id="deployer", aws_secret_access_key="secret")


@pytest.fixture(scope="module")
def without_functions(deployer: Client) -> None:
    """Delete the functions that files before left: whoever serves functions reads all there are."""
    client = deployer("lambda")
    for page in client.get_paginator("list_functions").paginate():
        for one in page["Functions"]:
            client.delete_function(FunctionName=one["FunctionName"])


@pytest.fixture
def name() -> str:
    """Return a name nothing else has."""
    return f"test-{uuid4().hex[:12]}"


@pytest.fixture
def bucket(deployer: Client, name: str) -> str:
    """Return a bucket that holds `here`."""
    deployer("s3").create_bucket(Bucket=name)
    deployer("s3").put_object(Bucket=name, Key="here", Body=b"content")
    return name


@pytest.fixture
def role_name() -> str:
    """Return a name no other role has."""
    return f"function-{uuid4().hex[:12]}"


@pytest.fixture
def as_role(local_aws: LocalAws, deployer: Client, role_name: str) -> Callable[..., Client]:
    """Return a function: give it statements, and it returns a maker of clients of a role that has just these."""

    def assume(*statements: dict[str, Any]) -> Client:
        iam = deployer("iam")
        role = iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_role_policy(RoleName=role_name, PolicyName="inline", PolicyDocument=document)
        given = deployer("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
        return _clients(
            local_aws,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    return assume


def _clients(aws: LocalAws, **credentials: str) -> Client:
    @cache
    def client(service: str) -> Any:
        config = ONE_TRY.merge(Config(signature_version="s3v4")) if service == "s3" else ONE_TRY
        return boto3.client(service, endpoint_url=aws.url, region_name="us-east-1", config=config, **credentials)

    return client
