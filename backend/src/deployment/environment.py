"""An environment of `terraform/environments`: its variables as Terraform itself reads them, and the names they make."""

import base64
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.errors import EnvironmentUnknown
from deployment.terraform.program import SOURCES, found_program, plain
from deployment.terraform.providers import without_missing_configuration

NO_IMAGE = f"sha256:{'0' * 64}"
"""Stands for an image where Terraform wants one and does nothing with it."""

_VARIABLE = re.compile(r'^variable "([a-z_]+)"', re.MULTILINE)
_KEY = re.compile(r'^key\s*=\s*"([^"]+)"', re.MULTILINE)
_EPHEMERAL = "secret_values"
_FOREIGN = ("TF_VAR_", "TF_CLI_ARGS", "TF_DATA_DIR", "TF_LOG", "TF_WORKSPACE")
_LAYOUTS = ("single", "per_service")


@dataclass(frozen=True)
class Environment:
    """What is deployed, and under which names.

    Args:
        folder: its folder's name under `terraform/environments`, which is what ENV says.
        sources: the Terraform.
        values: every variable of the root by name, defaults included.
        layout: LAYOUT, where it was given; it wins over the variables.
    """

    folder: str
    sources: Path
    values: Mapping[str, Any]
    layout: str = ""

    @property
    def region(self) -> str:
        """Where it lies."""
        return str(self.values["aws_region"])

    @property
    def prefix(self) -> str:
        """What every name begins with; the repository of images is called that."""
        return str(self.values["prefix"])

    @property
    def stage(self) -> str:
        """Which of dev, staging and prod it is; a second region of prod is prod as well."""
        return str(self.values["environment"])

    @property
    def name(self) -> str:
        """What the names of its parts begin with."""
        return f"{self.prefix}-{self.stage}"

    @property
    def is_production(self) -> bool:
        """Whether it is prod, where more is asked before anything goes."""
        return self.stage == "prod"

    @property
    def architecture(self) -> str:
        """The processors its functions run on: x86_64 or arm64."""
        return str(self.values["architecture"])

    @property
    def protocol(self) -> str:
        """The kind of its API: REST or HTTP."""
        return str(self.values["api_protocol"])

    @property
    def origin(self) -> str:
        """The first origin it lets in; empty if it lets none in."""
        return next(iter(self.values["cors_origins"]), "")

    @property
    def settings(self) -> dict[str, str]:
        """The settings, none of them secret, that its functions find in their environment."""
        given = [service["environment"] for service in self.values["services"].values()]
        settings = {"ENVIRONMENT": "production" if self.is_production else "staging"}
        return settings | {name: value for one in given for name, value in one.items()}

    @property
    def services(self) -> list[str]:
        """The names of its services."""
        return sorted(self.values["services"])

    @property
    def settings_secret(self) -> str:
        """The name of the secret its functions read."""
        return f"{self.name}-settings"

    @property
    def migrations_secret(self) -> str:
        """The name of the secret that holds the database's owner, which no function may read."""
        return f"{self.name}-migrations"

    @property
    def account_id(self) -> str:
        """The account it belongs in; empty where its variables do not say."""
        return str(self.values.get("aws_account_id") or "")

    @property
    def state_key(self) -> str:
        """Where in the bucket its state is."""
        found = _KEY.search(self.backend_file.read_text()) if self.backend_file.exists() else None
        return found[1] if found else f"{self.folder}/terraform.tfstate"

    @property
    def backend_file(self) -> Path:
        """Its backend's settings; the bucket there is an example, for it carries an account's number."""
        return self.sources / "environments" / self.folder / "backend.hcl"

    @property
    def variables(self) -> list[str]:
        """The options that give Terraform its variables."""
        layout = [f"-var=layout={self.layout}"] if self.layout else []
        return [f"-var-file={_variables_file(self.sources, self.folder)}", *layout]

    def state_bucket(self, account_id: str) -> str:
        """Return the name of the account's bucket for state in its region."""
        return f"{self.prefix}-state-{account_id}-{self.region}"


def environment_of(environ: Mapping[str, str]) -> Environment:
    """Return the environment ENV names, with LAYOUT and TERRAFORM_SOURCES as they are given.

    Raises:
        EnvironmentUnknown: there is none, or its variables make no sense.
        TerraformUnusable: there is nothing to read them with.
    """
    given = environ.get("TERRAFORM_SOURCES", "").strip()
    sources = Path(given).resolve() if given else SOURCES
    folder, layout = environ.get("ENV", "").strip(), environ.get("LAYOUT", "").strip()
    known = sorted(path.parent.name for path in sources.glob("environments/*/terraform.tfvars"))
    if folder not in known:
        asked = f"there is no environment {folder!r}" if folder else "which environment"
        raise EnvironmentUnknown(f"{asked}: ENV={' or ENV='.join(known) or f'nothing, for {sources} has none'}")
    if layout and layout not in _LAYOUTS:
        raise EnvironmentUnknown(f"there is no layout {layout!r}: LAYOUT={' or LAYOUT='.join(_LAYOUTS)}")
    return Environment(folder, sources, _evaluated(environ, sources, folder), layout)


def _evaluated(environ: Mapping[str, str], sources: Path, folder: str) -> dict[str, Any]:
    """Return every variable, as `terraform console` sees it in a folder that has the variables and nothing else."""
    names = [name for name in _VARIABLE.findall((sources / "variables.tf").read_text()) if name != _EPHEMERAL]
    expression = f"base64encode(jsonencode({{{', '.join(f'{name} = var.{name}' for name in names)}}}))"
    options = [f"-var-file={_variables_file(sources, folder)}", f"-var=image_digest={NO_IMAGE}"]
    with tempfile.TemporaryDirectory(prefix="coachwork-variables-") as place:
        shutil.copy(sources / "variables.tf", place)
        said = subprocess.run(
            [found_program(environ), "console", *options],
            cwd=place,
            env={**without_missing_configuration(_unconfigured(environ)), "CHECKPOINT_DISABLE": "1"},
            input=expression,
            capture_output=True,
            text=True,
            check=False,
        )
    try:
        values: dict[str, Any] = json.loads(base64.b64decode(said.stdout.strip().strip('"'), validate=True))
    except ValueError:
        complaint = _complaint(plain(said.stderr or said.stdout))
        raise EnvironmentUnknown(f"the variables of {folder} make no sense:\n{complaint}") from None
    return values


def _complaint(said: str) -> str:
    """Return what Terraform complains of, without the values it printed all the same, and without its own crash."""
    return said.partition("!!!!")[0].rpartition("╵")[0].replace("\n│ \n", "\n") + "╵" if "╵" in said else said


def _unconfigured(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(_FOREIGN)}


def _variables_file(sources: Path, folder: str) -> Path:
    return sources / "environments" / folder / "terraform.tfvars"
