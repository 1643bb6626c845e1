"""The keys of a role in the local AWS, as a function has them."""

import json
from typing import Any
from uuid import uuid4

from botocore.session import Session, get_session

from rehearsal.aws import LocalAws

_REGION = "eu-central-1"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}


def session_with(*keys: str) -> Session:
    """Return a session with these keys."""
    session = get_session()
    session.set_credentials(*keys)
    return session


def deployer_session() -> Session:
    """Return the keys of somebody who may do everything."""
    return session_with("deployer", "secret")


def role_session(aws: LocalAws, *allowed: dict[str, Any]) -> Session:
    """Return the keys of a new role that has just these statements."""
    session, name = deployer_session(), f"function-{uuid4().hex[:12]}"
    iam = session.create_client("iam", region_name=_REGION, endpoint_url=aws.url)
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(_TRUST))["Role"]["Arn"]
    document = json.dumps({"Version": "2012-10-17", "Statement": list(allowed)})
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
    sts = session.create_client("sts", region_name=_REGION, endpoint_url=aws.url)
    given = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return session_with(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
