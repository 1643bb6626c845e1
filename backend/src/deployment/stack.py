"""The root of the Terraform on one environment: its state in the account's bucket, its image by digest."""

import json
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment.account import Account
from deployment.children import Children
from deployment.environment import NO_IMAGE, Environment
from deployment.errors import NothingDeployed
from deployment.terraform.events import ApplyProgress, ProgressCallback
from deployment.terraform.program import WORK, Terraform, plain, terraform
from deployment.unsaved_state import keeping_unsaved_state, lock_on, store_unsaved_state

PATIENCE_SECONDS = 300.0
"""How long Terraform may take to come to rest: killed, it would leave its lock, and forget what it has just made."""

_LOCK_TIMEOUT = "-lock-timeout=10s"
_SECRETS = ("module.secrets", "module.migrations_secret")
_WRITTEN_VERSION = "secret_string_wo_version"
_FOREIGN = ("TF_CLI_ARGS", "TF_VAR_", "TF_WORKSPACE", "TF_DATA_DIR", "TF_INPUT", "TF_LOG")


@dataclass(frozen=True)
class Plan:
    """What Terraform would do: how many changes, and all of it in Terraform's own words."""

    add: int
    change: int
    destroy: int
    text: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do, outputs included."""
        return not (self.add or self.change or self.destroy or "Changes to Outputs" in self.text)

    @property
    def words(self) -> str:
        """The changes in a few words."""
        if self.is_empty:
            return "no changes"
        counts = {"to add": self.add, "to change": self.change, "to go": self.destroy}
        return ", ".join(f"{count} {noun}" for noun, count in counts.items() if count) or "outputs alone"


class Stack:
    """What is applied to an environment, and how.

    Args:
        environment: which.
        account: where.
        work: a folder of its own, where Terraform keeps its data and the plan.
        children: ends Terraform should this process die.
        shell: the user's environment: Terraform finds its credentials and providers by it.
    """

    def __init__(
        self, environment: Environment, account: Account, work: Path, children: Children, shell: Mapping[str, str]
    ) -> None:
        self._environment = environment
        self._account = account
        self._work = work
        self._children = children
        self._shell = terraform_environment(shell, account.region)
        self._root = self._terraform({})

    def init(self) -> None:
        """Make the root ready for this environment's state."""
        options = [f"-backend-config={name}={value}" for name, value in self._backend().items()]
        file = self._environment.backend_file
        named = [f"-backend-config={file}"] if file.exists() else []
        self._root.init("-reconfigure", *named, *options)

    def plan(self, digest: str, values_version: int, *, locks: bool = True, refreshes: bool = True) -> Plan:
        """Plan this image, and leave the secrets as they were written last; `apply` does it.

        Without a lock, which who only looks may not have the right to, nothing is left on the disk to apply.
        """
        lock = _LOCK_TIMEOUT if locks else "-lock=false"
        refresh = f"-refresh={str(refreshes).lower()}"
        kept = [f"-out={self._plan_file}"] if locks else []
        said = self._root.run(
            *("plan", "-input=false", "-no-color", lock, refresh, *kept), *self._options(digest, values_version)
        )
        if locks:
            self._plan_file.chmod(0o600)
        return _plan_of(plain(said))

    def apply(self, plan: Plan, hear: ProgressCallback) -> None:
        """Apply what was planned."""
        try:
            watch = ApplyProgress(hear, plan.add + plan.change + plan.destroy)
            with self._keeping_state():
                self._root.run("apply", "-input=false", "-json", _LOCK_TIMEOUT, str(self._plan_file), hear=watch)
        finally:
            self._plan_file.unlink(missing_ok=True)

    def write_secrets(self, values: Mapping[str, str], values_version: int, hear: ProgressCallback) -> None:
        """Write the secrets and nothing else: their values pass through Terraform's memory alone."""
        writer = self._terraform({"TF_VAR_secret_values": json.dumps(dict(values))})
        targets = [f"-target={module}" for module in _SECRETS]
        with self._keeping_state():
            writer.run(
                *("apply", "-input=false", "-auto-approve", "-json", _LOCK_TIMEOUT, *targets),
                *self._options(NO_IMAGE, values_version),
                hear=ApplyProgress(hear),
            )

    def values_version(self, state: Mapping[str, Any] | None = None) -> int:
        """Return with which version the secrets were written last, as the state has it; 0 when they were not."""
        resources = (self.state() if state is None else state).get("resources", [])
        instances = [instance for resource in resources for instance in resource.get("instances", ())]
        return max((int(one["attributes"].get(_WRITTEN_VERSION) or 0) for one in instances), default=0)

    def keep_unfinished(self, state: Mapping[str, Any]) -> None:
        """Have what was made and not finished, when a run was cut off, finished instead of replaced.

        Terraform would make its successor first, as the API's deployments want it, and names are taken. What it lacks
        is seen by the next plan, which compares it with what is there.
        """
        for resource in state.get("resources", ()):
            for instance in resource.get("instances", ()):
                if instance.get("status") == "tainted":
                    self._root.run("untaint", _LOCK_TIMEOUT, address_of(resource, instance))

    def outputs(self) -> dict[str, Any]:
        """Return the outputs of what was applied.

        Raises:
            NothingDeployed: nothing was.
        """
        found = self._root.outputs()
        if "functions" not in found:
            raise NothingDeployed(
                f"{self._environment.folder} is not deployed: make deploy ENV={self._environment.folder}"
            )
        return found

    def state(self) -> dict[str, Any]:
        """Return the whole state; it has no secrets."""
        said = self._root.run("state", "pull")
        found: dict[str, Any] = json.loads(said) if said.strip() else {}
        return found

    def destroy(self, hear: ProgressCallback) -> None:
        """Destroy everything."""
        with self._keeping_state():
            self._root.run(
                *("destroy", "-input=false", "-auto-approve", "-json", _LOCK_TIMEOUT),
                *self._options(NO_IMAGE, 0),
                hear=ApplyProgress(hear),
            )

    @property
    def has_unsaved_state(self) -> bool:
        """Whether a run from here could not store its state."""
        return self._unsaved.exists()

    def store_unsaved_state(self) -> None:
        """Store what that run had made, and take its lock away."""
        store_unsaved_state(self._root, self._unsaved, self.lock())

    def lock(self) -> dict[str, str]:
        """Return who holds the lock on the state; empty when nobody does."""
        backend = self._backend()
        return lock_on(self._account, backend["bucket"], backend["key"])

    def unlock(self, lock_id: str) -> None:
        """Take a lock away."""
        self._root.run("force-unlock", "-force", lock_id)

    @property
    def _plan_file(self) -> Path:
        return self._work / "plan"

    @property
    def _unsaved(self) -> Path:
        return self._work / "unsaved.tfstate"

    def _keeping_state(self) -> AbstractContextManager[None]:
        return keeping_unsaved_state(self._environment.sources, self._unsaved)

    def _backend(self) -> dict[str, str]:
        return {
            "bucket": self._environment.state_bucket(self._account.id),
            "key": self._environment.state_key,
            "region": self._account.region,
        }

    def _options(self, digest: str, values_version: int) -> list[str]:
        given = [f"-var=image_digest={digest}", f"-var=secret_values_version={values_version}"]
        return [*self._environment.variables, *given]

    def _terraform(self, more: Mapping[str, str]) -> Terraform:
        data = self._work / "terraform"
        data.mkdir(parents=True, exist_ok=True)
        return terraform(self._environment.sources, data, {**self._shell, **more}, self._children, PATIENCE_SECONDS)


def work_folder(environment: Environment, shell: Mapping[str, str]) -> Path:
    """Return the folder below build/ (or DEPLOYMENT_STATE) in which work on an environment keeps its data."""
    given = shell.get("DEPLOYMENT_STATE", "").strip()
    base = Path(given).expanduser().resolve() if given else WORK.parent / "deployment"
    folder = base / environment.folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def terraform_environment(shell: Mapping[str, str], region: str) -> dict[str, str]:
    """Return the environment Terraform sees: the user's, without what would change the commands given here.

    Nor does it log (TF_LOG): the provider's log holds requests and answers whole, secrets as well.
    """
    kept = {name: value for name, value in shell.items() if not name.startswith(_FOREIGN)}
    return {**kept, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}


def address_of(resource: Mapping[str, Any], instance: Mapping[str, Any]) -> str:
    """Return what Terraform calls an instance of its state."""
    module = f"{resource['module']}." if resource.get("module") else ""
    key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{module}{resource['type']}.{resource['name']}{key}"


def _plan_of(said: str) -> Plan:
    found = re.search(r"^Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy", said, re.MULTILINE)
    add, change, destroy = (int(found[1]), int(found[2]), int(found[3])) if found else (0, 0, 0)
    begin = said.find("Terraform used the selected providers")
    end = said.find("\n─", begin if begin >= 0 else 0)
    return Plan(add, change, destroy, said[begin if begin >= 0 else 0 : end if end >= 0 else None].strip())
