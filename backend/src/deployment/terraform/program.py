"""The program `terraform`, run on one folder, with its data kept elsewhere."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deployment.children import Children
from deployment.terraform.providers import provider_environment, without_missing_configuration

SOURCES = Path(__file__).parents[4] / "terraform"
"""The repository's Terraform."""

WORK = Path(__file__).parents[4] / "build" / "terraform"
"""What Terraform's providers take on this disk, kept between runs."""

LOCK_FILE = ".terraform.lock.hcl"
_OLDEST = (1, 11)
_HOW_TO_INSTALL = (
    "install it from https://developer.hashicorp.com/terraform/install"
    " (macOS: brew install hashicorp/tap/terraform; Linux: unpack the one file into a folder of your PATH)"
)
_FEWER_COLLECTIONS = {"GOGC": "800"}
"""Terraform and its provider end within minutes: looking for garbage less often saves a third of their work."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class TerraformUnusable(Exception):
    """Terraform is missing or too old; the message says what to do."""


class TerraformFailed(Exception):
    """A command of Terraform's failed with `status`; the message is what it said."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Terraform:
    """Terraform on `folder`, with `environment` and nothing else of this process's.

    Args:
        program: its path.
        folder: the root module to work on.
        data: where it keeps its data (TF_DATA_DIR), so none lies among the sources.
        environment: every variable it sees.
        guardian: ends it should this process die before it can.
        patience_seconds: how long it may take to come to rest when it is left before its end: asked to stop, it ends
            what it is at, writes its state and gives its lock back. Without patience it is killed.
    """

    program: str
    folder: Path
    data: Path
    environment: Mapping[str, str]
    guardian: Children | None = None
    patience_seconds: float = 0.0

    def init(self, *options: str) -> None:
        """Run `terraform init`: providers as the lock file says, from the registry or a mirror on this disk.

        Raises:
            TerraformFailed: it failed.
        """
        lock_file = self.folder / LOCK_FILE
        environment = provider_environment(self.environment, lock_file, WORK)
        with _alone():
            self._run(["init", "-input=false", "-lockfile=readonly", *options], environment)

    def run(self, *arguments: str, hear: Callable[[str], None] | None = None) -> str:
        """Run a command and return what it printed; `hear` is told each line as it comes.

        Raises:
            TerraformFailed: it failed.
        """
        return self._run(arguments, self.environment, hear)

    def outputs(self) -> dict[str, object]:
        """Return the outputs of what was applied, by name."""
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}

    def _run(
        self, arguments: Sequence[str], environment: Mapping[str, str], hear: Callable[[str], None] | None = None
    ) -> str:
        said: list[str] = []
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [self.program, *arguments],
                cwd=self.folder,
                env={**environment, "TF_DATA_DIR": str(self.data), "TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C on a terminal is for us, and ends it in good order
            )
            with self._guarded(process):
                for line in process.stdout or ():
                    said.append(line.decode(errors="replace"))
                    if hear:
                        hear(said[-1])
                status = process.wait()
            errors.seek(0)
            if status < 0:
                how = signal.strsignal(-status) or f"signal {-status}"
                raise TerraformFailed(f"terraform {arguments[0]} was ended by somebody else: {how}", status)
            if status:
                raise TerraformFailed(plain("".join(said) + errors.read().decode(errors="replace")), status)
        return "".join(said)

    @contextlib.contextmanager
    def _guarded(self, process: "subprocess.Popen[bytes]") -> Iterator[None]:
        """Kill it, and the providers it started, when it is left before its end."""
        if self.guardian:
            self.guardian.adopt(process.pid)
        try:
            with process:
                try:
                    yield
                except BaseException:
                    self._end(process)
                    raise
        finally:
            if self.guardian:
                self.guardian.release(process.pid)

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        if self.patience_seconds:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=self.patience_seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def terraform(
    folder: Path,
    data: Path,
    environ: Mapping[str, str],
    guardian: Children | None = None,
    patience_seconds: float = 0.0,
) -> Terraform:
    """Return Terraform on `folder`, as it is found along PATH.

    Raises:
        TerraformUnusable: there is none, or it is too old for write-only arguments.
    """
    program = found_program(environ)
    environment = {**_FEWER_COLLECTIONS, **without_missing_configuration(environ)}
    return Terraform(program, folder, data, environment, guardian, patience_seconds)


def found_program(environ: Mapping[str, str]) -> str:
    """Return the path of `terraform`.

    Raises:
        TerraformUnusable: there is none, or it is too old for write-only arguments.
    """
    program = shutil.which("terraform", path=environ.get("PATH", ""))
    if program is None:
        raise TerraformUnusable(f"there is no terraform in PATH: {_HOW_TO_INSTALL}")
    said = subprocess.run(
        [program, "version", "-json"],
        env={**_unoptioned(without_missing_configuration(environ)), "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r'"terraform_version": *"((\d+)\.(\d+)[^"]*)"', said.stdout)
    if found is None:
        raise TerraformUnusable(f"{program} does not tell its version: {_HOW_TO_INSTALL}")
    if (int(found[2]), int(found[3])) < _OLDEST:
        raise TerraformUnusable(f"{program} is {found[1]}; 1.11 or newer is needed: {_HOW_TO_INSTALL}")
    return program


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Wait for another `terraform init` of this checkout: a cache of providers is not made for two at once."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "init.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _unoptioned(environ: Mapping[str, str]) -> dict[str, str]:
    """Return `environ` without the options a shell adds to commands, which need not be those of this one."""
    return {name: value for name, value in environ.items() if not name.startswith("TF_CLI_ARGS")}


def plain(text: str) -> str:
    """Return `text` without colours, and without blank lines at its ends."""
    return _COLOURS.sub("", text).strip("\n")
