"""The Terraform of this project, played on the local AWS: `bootstrap/` and the root."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deployment.children import Children
from deployment.terraform.events import ApplyProgress, ProgressCallback, error_diagnostics
from deployment.terraform.program import Terraform, TerraformFailed, plain, terraform
from deployment.terraform.providers import without_missing_configuration
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.target import Target

_CHANGED = 2
_KEPT = ("PATH", "HOME", "TMPDIR", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR")
_KEPT_TO_DOWNLOAD = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Deployer:
    """Who applies: an account without limits of the local AWS.

    Args:
        aws_url: where that AWS answers.
        region: where it deploys.
    """

    aws_url: str
    region: str

    def environment(self) -> dict[str, str]:
        """Return what every AWS tool needs to reach it, and nothing else by mistake."""
        return {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_ACCESS_KEY_ID": "deployer",
            "AWS_SECRET_ACCESS_KEY": "deployer",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }


def kept(shell: Mapping[str, str]) -> dict[str, str]:
    """Return what of the user's environment Terraform needs to run, and to find its providers."""
    found = {name: shell[name] for name in (*_KEPT, *_KEPT_TO_DOWNLOAD) if shell.get(name)}
    return without_missing_configuration(found)


class Stack:
    """What is applied, and how.

    Args:
        target: the environment and layout.
        deployer: who applies.
        folder: where Terraform keeps its data and bootstrap's state.
        children: ends Terraform should this process die.
        shell: the user's environment, of which Terraform sees how to find providers.
    """

    def __init__(
        self, target: Target, deployer: Deployer, folder: Path, children: Children, shell: Mapping[str, str]
    ) -> None:
        self._environment = {**kept(shell), **deployer.environment()}
        self._target = target
        self._folder = folder
        self._children = children
        self._bootstrap = self._terraform(target.sources / "bootstrap", "bootstrap", {})
        self._root = self._terraform(target.sources, "root", {})
        self._variables: list[str] = []
        self._planned = 0
        self.resources = 0

    def bootstrap(self) -> None:
        """Apply `bootstrap/`, its state in the folder.

        Raises:
            StepFailed: it could not be applied.
        """
        with _named("terraform apply of bootstrap/"):
            self._bootstrap.init()
            self.resources += _applied(self._bootstrap.run("apply", "-input=false", "-auto-approve", *self._kept()))

    def init(self) -> None:
        """Make the root ready, its state in the bucket bootstrap made."""
        with _named("terraform init"):
            self._root.init("-reconfigure", self._target.backend)

    def plan(self, image_digest: str, secret_values: Mapping[str, str]) -> str:
        """Plan the root with this image and these secrets; return Terraform's own summary."""
        version = ["-var=secret_values_version=1"]
        self._variables = [*self._target.variables, f"-var=image_digest={image_digest}", *version]
        secret = {"TF_VAR_secret_values": json.dumps(dict(secret_values))}
        self._root = self._terraform(self._target.sources, "root", secret)
        with _named("terraform plan"):
            said = self._root.run("plan", "-input=false", f"-out={self._folder / 'plan'}", *self._variables)
        summary = next((line for line in plain(said).splitlines() if line.startswith("Plan:")), "")
        self._planned = sum(map(int, re.findall(r"\d+", summary)))
        return summary.removeprefix("Plan: ").rstrip(".")

    def apply(self, hear: ProgressCallback) -> None:
        """Apply what was planned."""
        with _named("terraform apply"):
            watch = ApplyProgress(hear, self._planned)
            self._root.run("apply", "-input=false", "-json", str(self._folder / "plan"), hear=watch)
            self.resources += watch.added

    def outputs(self) -> dict[str, object]:
        """Return the root's outputs."""
        return self._root.outputs()

    def require_settled(self) -> None:
        """Return if a second plan finds nothing to do.

        Raises:
            StepFailed: it does; the message is the plan.
        """
        with _named("The second plan"):
            try:
                self._root.run("plan", "-input=false", "-detailed-exitcode", "-lock=false", *self._variables)
            except TerraformFailed as failure:
                if failure.status != _CHANGED:
                    raise
                raise StepFailed("The second plan", f"it is not empty:\n{failure}") from None

    def destroy(self, hear: ProgressCallback) -> None:
        """Destroy the root."""
        with _named("terraform destroy"):
            self._root.run(
                "destroy", "-input=false", "-auto-approve", "-json", *self._variables, hear=ApplyProgress(hear)
            )

    def destroy_bootstrap(self) -> None:
        """Destroy what bootstrap made."""
        with _named("terraform destroy of bootstrap/"):
            self._bootstrap.run("destroy", "-input=false", "-auto-approve", *self._kept())

    def shell_variables(self, secret_values: Mapping[str, str]) -> dict[str, str]:
        """Return what a shell has to export for `terraform plan` and AWS tools to work on this deployment."""
        names = {name: value for name, value in self._environment.items() if name.startswith(("AWS_", "TF_"))}
        names["TF_DATA_DIR"] = str(self._root.data)
        names["TF_VAR_secret_values"] = json.dumps(dict(secret_values))
        for command in ("plan", "apply", "destroy"):
            names[f"TF_CLI_ARGS_{command}"] = " ".join(self._variables)
        return names

    def _terraform(self, folder: Path, name: str, more: Mapping[str, str]) -> Terraform:
        return terraform(folder, self._folder / f"terraform-{name}", {**self._environment, **more}, self._children)

    def _kept(self) -> list[str]:
        return [f"-var=aws_region={self._target.region}", f"-state={self._folder / 'bootstrap.tfstate'}"]


class _named:  # noqa: N801  reads as a word of its own
    """Turns what Terraform says into the failure of a step."""

    def __init__(self, step: str) -> None:
        self._step = step

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, TerraformFailed):
            raise StepFailed(self._step, error_diagnostics(str(error))) from error


def _applied(said: str) -> int:
    found = re.search(r"Resources: (\d+) added", said)
    return int(found[1]) if found else 0
