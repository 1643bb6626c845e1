"""Keys that run out while Terraform applies: what was made is not forgotten, and nobody has to mend anything."""

import json
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.terraform import needs_terraform

from deployment.account import Account
from deployment.children import Children
from deployment.errors import CredentialsUnusable
from deployment.progress import Lines
from deployment.steps import Steps
from deployment.terraform.program import Terraform, TerraformFailed, terraform
from deployment.unsaved_state import keeping_unsaved_state, lock_on, store_unsaved_state
from rehearsal.aws import LocalAws

pytestmark = needs_terraform

REGION, BUCKET, KEY = "eu-central-1", "state-of-tests", "dev/terraform.tfstate"
TRUST = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}}
ALL = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
ROOT = """
terraform {
  backend "s3" {
    use_lockfile = true
  }
}

resource "terraform_data" "made" {
  provisioner "local-exec" {
    command = %s
  }
}
"""


@dataclass(frozen=True)
class Scene:
    """A root whose one resource, once made, ends every session of the account.

    Args:
        folder: where it lies.
        aws: the account.
        children: ends Terraform.
    """

    folder: Path
    aws: LocalAws
    children: Children

    @property
    def kept(self) -> Path:
        """Where state goes that could not be stored."""
        return self.folder / "unsaved.tfstate"

    @property
    def account(self) -> Account:
        """The account, for one whose keys last."""
        session = boto3.Session("deployer", "deployer", region_name=REGION)
        return Account("123456789012", "aws", "arn:aws:iam::123456789012:user/moto", REGION, session)

    def program(self) -> Terraform:
        """Return Terraform, ready, with the keys of a new session of a role that may do everything."""
        sts = self.account.client("sts")
        given = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/engineer", RoleSessionName="test")[
            "Credentials"
        ]
        shell = {
            **os.environ,
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }
        program = terraform(self.folder / "root", self.folder / "data", shell, self.children)
        backend = {"bucket": BUCKET, "key": KEY, "region": REGION}
        program.run(
            "init", "-input=false", "-reconfigure", *(f"-backend-config={name}={it}" for name, it in backend.items())
        )
        return program

    def apply(self) -> None:
        """Apply it, as a command does."""
        with Steps(Lines(StringIO()), "dev").step("terraform apply"):
            program = self.program()
            with keeping_unsaved_state(program.folder, self.kept):
                program.run("apply", "-input=false", "-auto-approve", "-json")

    def lock(self) -> dict[str, str]:
        """Return who holds the lock."""
        return lock_on(self.account, BUCKET, KEY)

    def stored(self) -> list[str]:
        """Return the types of the resources that the state tells of."""
        found: dict[str, Any] = json.loads(self.program().run("state", "pull") or "{}")
        return [one["type"] for one in found.get("resources", ())]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    """Yield one where nothing was applied yet."""
    with Children() as children:
        aws = LocalAws.start(children, log=tmp_path / "aws.log")
        aws.wait()
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        (tmp_path / "root").mkdir()
        end = f"import urllib.request as r; r.urlopen(r.Request('{aws.url}/rehearsal/sessions', method='DELETE'))"
        command = json.dumps(shlex.join([sys.executable, "-c", end]))
        (tmp_path / "root" / "main.tf").write_text(ROOT % command)
        made = Scene(tmp_path, aws, children)
        iam, s3 = made.account.client("iam"), made.account.client("s3")
        iam.create_role(RoleName="engineer", AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName="engineer", PolicyName="all", PolicyDocument=json.dumps(ALL))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield made


class TestStoreUnsavedState:
    """What the next run does first."""

    def test_goes_on(self, scene: Scene) -> None:
        """It is said that keys ran out and what becomes of the state; then state is stored, and nothing is locked."""
        with pytest.raises(CredentialsUnusable, match=r"(?s)have expired: sign in.*written down below build/"):
            scene.apply()
        assert ([], True, True) == (scene.stored(), scene.kept.exists(), bool(scene.lock()))
        store_unsaved_state(scene.program(), scene.kept, scene.lock())
        assert (["terraform_data"], False, {}) == (scene.stored(), scene.kept.exists(), scene.lock())
        assert [] == list((scene.folder / "root").glob("*.tfstate*"))

    def test_somebody_else_at_work(self, scene: Scene) -> None:
        """A lock that is newer is left, and so is what was kept."""
        with pytest.raises(CredentialsUnusable):
            scene.apply()
        s3, newer = scene.account.client("s3"), {**scene.lock(), "Created": "2999-01-01T00:00:00.123456789Z"}
        s3.put_object(Bucket=BUCKET, Key=f"{KEY}.tflock", Body=json.dumps(newer).encode())
        with pytest.raises(TerraformFailed, match=r"(?s)acquiring the state lock.*could not store its state is in"):
            store_unsaved_state(scene.program(), scene.kept, scene.lock())
        assert (True, newer) == (scene.kept.exists(), scene.lock())
