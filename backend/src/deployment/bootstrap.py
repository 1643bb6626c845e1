"""What an account needs once: `terraform/bootstrap`, its state in the very bucket it makes.

The bucket is made first, empty and closed; Terraform then keeps its state there from its first step on, and adopts
the bucket, and whatever else a run that was cut off had made, by import. So no state ever lies on a laptop, and each
run ends where the last one should have. A note beside the state says that a run came to its end, and with what.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.children import Children
from deployment.environment import Environment
from deployment.errors import StepFailed
from deployment.existing_resources import importable_resources
from deployment.stack import PATIENCE_SECONDS, terraform_environment
from deployment.terraform.events import ApplyProgress, ProgressCallback
from deployment.terraform.program import Terraform, terraform
from deployment.unsaved_state import keeping_unsaved_state, lock_on, store_unsaved_state

STATE_KEY = "bootstrap/terraform.tfstate"
NOTE_KEY = "bootstrap/applied.json"
_FORBIDDEN = "403"
_LOCAL_STATE = "terraform.tfstate"
_ABSENT = {"404", "NoSuchBucket", "NoSuchKey"}
_COPIED = ("bootstrap", "modules")
_APPLIED = ("bootstrap", "modules/deployer", "modules/private-bucket")
_REPOSITORY = "github_repository"
_PROVIDER = "aws_iam_openid_connect_provider"
_GITHUB = "oidc-provider/token.actions.githubusercontent.com"


@dataclass(frozen=True)
class Applied:
    """How bootstrap was applied last: a digest of its sources, and the variables that were given."""

    sources: str
    variables: Mapping[str, str]


class Bootstrap:
    """What bootstrap makes in an account, and how.

    Args:
        environment: whose prefix and region it has.
        account: where.
        work: a folder in which it keeps its data.
        children: ends Terraform should this process die.
        shell: the user's environment; GITHUB_REPOSITORY there is remembered.
    """

    def __init__(
        self, environment: Environment, account: Account, work: Path, children: Children, shell: Mapping[str, str]
    ) -> None:
        self._environment = environment
        self._account = account
        self._work = work
        self._children = children
        self._shell = shell
        self.bucket = environment.state_bucket(account.id)
        self._s3 = account.client("s3")
        self.roles: Mapping[str, str] = {}
        """The roles of GitHub's jobs by the variable they are given in, once it was applied."""

    def applied(self) -> Applied | None:
        """Return how it was applied last; None when it never came to its end, or what it made is gone."""
        try:
            if not self._has_repository():
                return None
            note = json.loads(self._s3.get_object(Bucket=self.bucket, Key=NOTE_KEY)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return Applied(note["sources"], note["variables"])

    @property
    def sources_digest(self) -> str:
        """A digest of what would be applied."""
        digest = hashlib.sha256()
        sources = self._environment.sources
        for path in sorted(path for folder in _APPLIED for path in (sources / folder).glob("*.tf*")):
            digest.update(path.relative_to(sources).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def apply(self, hear: ProgressCallback) -> str:
        """Apply it; return in words how many resources were added, changed and removed.

        Raises:
            TerraformFailed: it could not be.
        """
        before = self.applied()
        variables = dict(before.variables) if before else {}
        if given := self._shell.get("GITHUB_REPOSITORY", "").strip():
            variables[_REPOSITORY] = given
        self._make_bucket()
        program = self._prepared("s3")
        program.init("-reconfigure", *self._backend())
        if self._unsaved.exists():
            store_unsaved_state(program, self._unsaved, self.lock())
        options = [*self._options(variables), *self._provider_option(program)]
        self._adopt(program, options)
        watch = ApplyProgress(hear)
        with keeping_unsaved_state(program.folder, self._unsaved):
            program.run("apply", "-input=false", "-auto-approve", "-json", *options, hear=watch)
        outputs = program.outputs()
        self.roles = _roles_of(outputs)
        if (made := outputs.get("state_bucket_name")) != self.bucket:
            raise StepFailed("Bootstrap", f"it made the bucket {made} for state, and {self.bucket} was expected")
        note = json.dumps({"sources": self.sources_digest, "variables": variables})
        self._s3.put_object(Bucket=self.bucket, Key=NOTE_KEY, Body=note.encode(), ContentType="application/json")
        return watch.summary

    def is_left(self) -> bool:
        """Whether its bucket or its repository is there, whatever became of the rest."""
        return self._has_bucket() or self._has_repository()

    def move_state_to_disk(self) -> Terraform:
        """Return Terraform with bootstrap's state moved to this disk: the bucket it lay in is about to go."""
        folder = self._prepared("s3")
        folder.init("-reconfigure", *self._backend())
        state = folder.run("state", "pull")
        program = self._prepared("local")
        (program.folder / _LOCAL_STATE).write_text(state)
        program.init("-reconfigure")
        return program

    def state_on_disk(self) -> Terraform | None:
        """Return Terraform where a destruction was cut off, with the state on this disk and no more in the bucket."""
        folder = self._folder / "bootstrap"
        return self._terraform() if self.applied() is None and (folder / _LOCAL_STATE).exists() else None

    def destroy(self, program: Terraform, hear: ProgressCallback) -> None:
        """Destroy what it made; the bucket and the repository have to be empty."""
        before = self._options({})
        program.run("destroy", "-input=false", "-auto-approve", "-json", *before, hear=ApplyProgress(hear))
        shutil.rmtree(self._folder)

    def lock(self) -> dict[str, str]:
        """Return who holds the lock on bootstrap's state; empty when nobody does."""
        return lock_on(self._account, self.bucket, STATE_KEY)

    def unlock(self) -> None:
        """Take that lock away."""
        self._s3.delete_object(Bucket=self.bucket, Key=f"{STATE_KEY}.tflock")

    @property
    def _folder(self) -> Path:
        return self._work / "bootstrap"

    @property
    def _unsaved(self) -> Path:
        return self._work / "bootstrap-unsaved.tfstate"

    def _options(self, variables: Mapping[str, str]) -> list[str]:
        values = {"aws_region": self._account.region, "prefix": self._environment.prefix, **variables}
        return [f"-var={name}={value}" for name, value in values.items()]

    def _backend(self) -> list[str]:
        values = {"bucket": self.bucket, "key": STATE_KEY, "region": self._account.region}
        return [f"-backend-config={name}={value}" for name, value in values.items()]

    def _make_bucket(self) -> None:
        if self._has_bucket():
            return
        region = self._account.region
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self._s3.create_bucket(Bucket=self.bucket, **where)
        closed = dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        )
        self._s3.put_public_access_block(Bucket=self.bucket, PublicAccessBlockConfiguration=closed)

    def _has_repository(self) -> bool:
        client = self._account.client("ecr")
        try:
            client.describe_repositories(repositoryNames=[self._environment.prefix])
        except client.exceptions.RepositoryNotFoundException:
            return False
        return True

    def _has_bucket(self) -> bool:
        try:
            self._s3.head_bucket(Bucket=self.bucket, ExpectedBucketOwner=self._account.id)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _FORBIDDEN:
                raise StepFailed(
                    "Bootstrap", f"the bucket {self.bucket} is another account's, or these keys may not see it"
                ) from error
            if code not in _ABSENT:
                raise
            return False
        return True

    def _prepared(self, backend: str) -> Terraform:
        """Return Terraform on a copy of bootstrap, told where its state is: an override is no file of the sources'."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in _COPIED:
            shutil.copytree(
                self._environment.sources / name,
                self._folder / name,
                ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "tests"),
            )
        inside = "\n    encrypt      = true\n    use_lockfile = true\n  " if backend == "s3" else ""
        override = self._folder / "bootstrap" / "backend_override.tf"
        override.write_text(f'terraform {{\n  backend "{backend}" {{{inside}}}\n}}\n')
        return self._terraform()

    def _terraform(self) -> Terraform:
        environment = terraform_environment(self._shell, self._account.region)
        return terraform(
            self._folder / "bootstrap", self._folder / "data", environment, self._children, PATIENCE_SECONDS
        )

    def _provider_option(self, program: Terraform) -> list[str]:
        """Return the option that leaves GitHub's identity provider, which an account has once, to another region's."""
        said = program.run("state", "pull")
        kinds = {one["type"] for one in json.loads(said).get("resources", ())} if said.strip() else set()
        if _PROVIDER in kinds or not self._is_elsewhere():
            return []
        there = self._account.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]
        return ["-var=makes_github_provider=false"] if any(_GITHUB in one["Arn"] for one in there) else []

    def _is_elsewhere(self) -> bool:
        """Whether bootstrap was applied to another region of the account: its bucket is there."""
        beginning = self.bucket.removesuffix(self._account.region)
        names = {one["Name"] for one in self._s3.list_buckets()["Buckets"]}
        return any(name.startswith(beginning) and name != self.bucket for name in names)

    def _adopt(self, program: Terraform, options: list[str]) -> None:
        """Write an import for whatever would be made anew and is there already."""
        plan = self._folder / "plan"
        program.run("plan", "-input=false", f"-out={plan}", *options)
        planned: dict[str, Any] = json.loads(program.run("show", "-json", str(plan)))
        found = importable_resources(planned, self._account)
        blocks = [f'import {{\n  to = {address}\n  id = "{identifier}"\n}}\n' for address, identifier in found.items()]
        (program.folder / "adopted.tf").write_text("".join(blocks))


def _roles_of(outputs: Mapping[str, Any]) -> dict[str, str]:
    roles = {f"{stage}: AWS_DEPLOY_ROLE_ARN": arn for stage, arn in (outputs.get("deploy_role_arns") or {}).items()}
    plan = outputs.get("plan_role_arn")
    return {**roles, "repository: AWS_PLAN_ROLE_ARN": plan} if plan else roles
