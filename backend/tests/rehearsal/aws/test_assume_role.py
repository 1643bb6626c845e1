"""A role is assumed by whom it trusts, and who may assume it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.rehearsal.aws.calls import allow, code_of

Client = Callable[[str], Any]
AsRole = Callable[..., Client]
ACCOUNT = "123456789012"


@pytest.fixture
def target(deployer: Client, name: str) -> Callable[[dict[str, str]], str]:
    """Return a function: give it a principal, and it returns the ARN of a role that trusts it."""

    def make(principal: dict[str, str]) -> str:
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
        document = json.dumps({"Version": "2012-10-17", "Statement": trust})
        return str(deployer("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])

    return make


Target = Callable[[dict[str, str]], str]


class TestAssumeRole:
    """By another role."""

    def test_trusted_by_name(self, as_role: AsRole, role_name: str, target: Target) -> None:
        """A role that is named by the trust policy needs no statement of its own."""
        sts = as_role()("sts")
        arn = target({"AWS": f"arn:aws:iam::{ACCOUNT}:role/{role_name}"})
        assert "" == code_of(sts.assume_role, RoleArn=arn, RoleSessionName="test")

    def test_trusted_with_its_account(self, as_role: AsRole, target: Target, name: str) -> None:
        """One whose account is trusted needs a statement as well."""
        arn = target({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
        sts = as_role(allow("sts:AssumeRole", arn))("sts")
        assert "" == code_of(sts.assume_role, RoleArn=arn, RoleSessionName="test")

    def test_trusted_without_permission(self, as_role: AsRole, target: Target) -> None:
        """Without the statement it is denied."""
        arn = target({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
        sts = as_role(allow("sts:AssumeRole", f"{arn}-other"))("sts")
        assert "AccessDenied" == code_of(sts.assume_role, RoleArn=arn, RoleSessionName="test")

    def test_not_trusted(self, as_role: AsRole, target: Target) -> None:
        """A statement does not help where there is no trust."""
        arn = target({"Service": "lambda.amazonaws.com"})
        sts = as_role(allow("sts:AssumeRole"))("sts")
        assert "AccessDenied" == code_of(sts.assume_role, RoleArn=arn, RoleSessionName="test")

    def test_absent(self, as_role: AsRole) -> None:
        """A role that is not there trusts nobody."""
        sts = as_role(allow("sts:AssumeRole"))("sts")
        arn = f"arn:aws:iam::{ACCOUNT}:role/absent"
        assert "AccessDenied" == code_of(sts.assume_role, RoleArn=arn, RoleSessionName="test")
