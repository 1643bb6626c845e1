"""What whoever deploys an environment must not do: each is tried, and has to be refused."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from rehearsal.deployers.account import Account

_NUMBER = "123456789012"
_REFUSALS = {"AccessDenied", "AccessDeniedException"}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}},
    ],
}
_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@dataclass(frozen=True)
class Attempt:
    """Something to try: what it would be, and the call."""

    what: str
    service: str
    operation: str
    parameters: Mapping[str, Any]


def escapes(stage: str, region: str, state_bucket: str) -> Iterator[Attempt]:
    """Yield ways out of what the role of an environment may do."""
    own, bounded = f"coachwork-deploy-{stage}-{region}", f"coachwork-{stage}-new-{region}"
    boundary = f"arn:aws:iam::{_NUMBER}:policy/coachwork-boundary-{stage}-{region}"
    trust, everything = json.dumps(_TRUST), json.dumps(_ALL)
    unbounded = {"RoleName": bounded, "AssumeRolePolicyDocument": trust}
    mine = {"RoleName": own, "PolicyName": "all", "PolicyDocument": everything}
    version = {"PolicyArn": boundary, "PolicyDocument": everything, "SetAsDefault": True}
    alias = {"FunctionName": f"coachwork-{stage}-api", "Name": "live", "FunctionVersion": "1"}
    yield Attempt("a role without the boundary", "iam", "create_role", unbounded)
    yield Attempt(
        "a role with another boundary", "iam", "create_role", {**unbounded, "PermissionsBoundary": boundary[:-1]}
    )
    yield Attempt("a role with another name", "iam", "create_role", {**unbounded, "RoleName": "operator"})
    yield Attempt("a permission for itself", "iam", "put_role_policy", mine)
    yield Attempt("a wider boundary", "iam", "create_policy_version", version)
    yield Attempt("a user", "iam", "create_user", {"UserName": "operator"})
    yield Attempt("an alias moved past CodeDeploy", "lambda", "update_alias", alias)
    key = {"Bucket": state_bucket, "Key": f"{stage}/terraform.tfstate"}
    yield Attempt("its state deleted", "s3", "delete_object", key)
    yield Attempt("bootstrap's state", "s3", "get_object", {**key, "Key": "bootstrap/terraform.tfstate"})


def trespasses(stage: str, state_bucket: str) -> Iterator[Attempt]:
    """Yield what would be another environment's."""
    name, key = f"coachwork-{stage}", {"Bucket": state_bucket, "Key": f"{stage}/terraform.tfstate"}
    yield Attempt("another's state", "s3", "get_object", key)
    yield Attempt("another's state written", "s3", "put_object", {**key, "Body": b"{}"})
    yield Attempt("another's secret", "secretsmanager", "get_secret_value", {"SecretId": f"{name}-settings"})
    yield Attempt("another's function", "lambda", "delete_function", {"FunctionName": f"{name}-api"})
    yield Attempt("another's table", "dynamodb", "delete_table", {"TableName": f"{name}-documents"})


def losses(stage: str, region: str) -> Iterator[Attempt]:
    """Yield how data would be lost, and an image nobody tried in dev come in."""
    name = f"coachwork-{stage}"
    bucket = {"Bucket": f"{name}-documents-{_NUMBER}-{region}"}
    yield Attempt("a table deleted", "dynamodb", "delete_table", {"TableName": f"{name}-documents"})
    yield Attempt("a secret deleted", "secretsmanager", "delete_secret", {"SecretId": f"{name}-settings"})
    yield Attempt("a bucket deleted", "s3", "delete_bucket", bucket)
    image = {"repositoryName": "coachwork", "imageManifest": "{}", "imageTag": "another"}
    yield Attempt("an image pushed", "ecr", "put_image", image)
    yield Attempt("an object deleted", "s3", "delete_object", {**bucket, "Key": "originals/1"})


def done(account: Account, keys: Mapping[str, str], attempts: Iterator[Attempt]) -> list[str]:
    """Return what was not refused."""
    return [one.what for one in attempts if not _is_refused(account, keys, one)]


def _is_refused(account: Account, keys: Mapping[str, str], attempt: Attempt) -> bool:
    try:
        getattr(account.client(attempt.service, keys), attempt.operation)(**attempt.parameters)
    except ClientError as error:
        return error.response["Error"]["Code"] in _REFUSALS
    return False
