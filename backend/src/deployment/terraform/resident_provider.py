"""A provider that is started once for all of a folder's tests: by itself, Terraform starts one for each step of a run.

Terraform attaches to it as it does to one under a debugger (TF_REATTACH_PROVIDERS). It has one configuration at a time.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from deployment.children import Child, Children
from deployment.terraform.program import TerraformFailed

_PROGRAM = "*/hashicorp/aws/*/*/terraform-provider-aws_*"
_ADDRESS = re.compile(r"^\s*TF_REATTACH_PROVIDERS='(.*)'$", re.MULTILINE)
_SECOND_CONFIGURATION = re.compile(r'^provider "aws" \{[^}]*^\s+alias\s', re.MULTILINE)
_PATIENCE_SECONDS = 60.0


@contextmanager
def resident_provider(folder: Path, environment: Mapping[str, str], children: Children) -> Iterator[dict[str, str]]:
    """Yield the environment in which Terraform on an initialised `folder` uses one AWS provider, which ends with this.

    It is `environment` unchanged where the folder has no such provider.

    Raises:
        TerraformFailed: the provider does not start.
    """
    program = next((folder / ".terraform" / "providers").glob(_PROGRAM), None)
    if program is None:
        yield dict(environment)
        return
    # Tests ask nothing of AWS, and a provider that is configured again refuses to ask in another way (AWS_CA_BUNDLE).
    own = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    with tempfile.TemporaryDirectory(prefix="cw-") as place:  # short, for it has a socket
        command, log = [str(program), "-debug"], Path(place) / "log"
        provider = children.start("Terraform's provider", command, log=log, env={**own, "TMPDIR": place})
        try:
            yield {**environment, "TF_REATTACH_PROVIDERS": _address(provider)}
        finally:
            children.stop(provider)


def can_share(tests: Path) -> bool:
    """Tell whether a file of tests can do with one provider: it has no second configuration beside the first."""
    return not _SECOND_CONFIGURATION.search(tests.read_text())


def _address(provider: Child) -> str:
    deadline = monotonic() + _PATIENCE_SECONDS
    while monotonic() < deadline and provider.is_running:
        if found := _ADDRESS.search(provider.log.read_text(errors="replace")):
            return found[1]
        sleep(0.05)
    raise TerraformFailed(f"{provider.name} does not start:\n{provider.last_lines()}")
