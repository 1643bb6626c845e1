"""An account of the local AWS with bootstrap applied, and whoever deploys there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from deployment.children import Children
from deployment.terraform.program import Terraform, terraform
from rehearsal.scenarios.stack import Deployer, kept
from rehearsal.scenarios.target import Target

REPOSITORY = "example/coachwork"
_SECRETS = {"DATABASE_URL": "postgresql://application@here", "MIGRATION_DATABASE_URL": "postgresql://owner@here"}
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


@dataclass(frozen=True)
class Account:
    """Where everything happens.

    Args:
        aws_url: where the local AWS answers.
        region: where everything is deployed.
        folder: where Terraform keeps its data and bootstrap's state.
        children: ends Terraform should this process die.
        shell: the user's environment, of which Terraform sees how to find providers.
    """

    aws_url: str
    region: str
    folder: Path
    children: Children
    shell: Mapping[str, str]

    def bootstrap(self, sources: Path) -> dict[str, Any]:
        """Apply bootstrap/ as somebody without limits; return its outputs.

        Raises:
            TerraformFailed: it could not be applied.
        """
        program = self.terraform(sources / "bootstrap", "bootstrap", {})
        program.init()
        given = [f"-var=aws_region={self.region}", f"-var=github_repository={REPOSITORY}"]
        program.run("apply", "-input=false", "-auto-approve", *given, f"-state={self.folder / 'bootstrap.tfstate'}")
        said = program.run("output", "-json", f"-state={self.folder / 'bootstrap.tfstate'}")
        return {name: output["value"] for name, output in json.loads(said).items()}

    def keys_of(self, role_arn: str) -> dict[str, str]:
        """Return the keys of a session of that role, as a shell has them."""
        session = boto3.Session("deployer", "deployer", region_name=self.region)
        sts = session.client("sts", endpoint_url=self.aws_url)
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName="job")["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
        }

    def push(self, repository: str, keys: Mapping[str, str]) -> dict[int, str]:
        """Push an image for each of two releases, as far as this AWS knows images; return their digests."""
        ecr = self.client("ecr", keys)
        digests = {}
        for release in (1, 2):
            manifest = json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "config": {"size": release}})
            image = {"imageManifest": manifest, "imageManifestMediaType": _MANIFEST, "imageTag": f"release-{release}"}
            digests[release] = ecr.put_image(repositoryName=repository, **image)["image"]["imageId"]["imageDigest"]
        return digests

    def client(self, service: str, keys: Mapping[str, str]) -> Any:
        """Return a client of one service with those keys."""
        session = boto3.Session(*keys.values(), region_name=self.region)
        return session.client(service, endpoint_url=self.aws_url)

    def terraform(self, folder: Path, name: str, keys: Mapping[str, str]) -> Terraform:
        """Return Terraform on a folder, with those keys; without any, nothing limits it."""
        environment = {**kept(self.shell), **Deployer(self.aws_url, self.region).environment(), **keys}
        environment["TF_VAR_secret_values"] = json.dumps(_SECRETS)
        return terraform(folder, self.folder / f"terraform-{name}", environment, self.children)

    def root(self, target: Target, name: str, keys: Mapping[str, str]) -> Terraform:
        """Return Terraform on the root, ready, with those keys.

        Raises:
            TerraformFailed: its state cannot be reached.
        """
        program = self.terraform(target.sources, name, keys)
        program.init("-reconfigure", target.backend)
        return program


def variables(target: Target, release: int, digests: Mapping[int, str]) -> list[str]:
    """Return the options of a release of this environment: another is another image, moved in another way."""
    strategy = {1: "canary", 2: "linear"}[release]
    return [
        *target.variables,
        f"-var=image_digest={digests[release]}",
        f"-var=secret_values_version={release}",
        f'-var=release={{"strategy":"{strategy}"}}',
    ]
