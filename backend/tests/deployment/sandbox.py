"""An account with nothing in it, everything a deployment finds around it, and a terminal to type in."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from tests.terraform import copied_sources

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.scenarios.dependencies import ADMIN_EMAIL, Dependencies
from rehearsal.scenarios.deployment_server import DeploymentServer
from rehearsal.scenarios.image_content import ImageContent
from rehearsal.scenarios.images import Images, push
from rehearsal.scenarios.workspace import PROJECT, Workspace

REGION = "eu-central-1"
SOURCE = PROJECT / "backend" / "src"


@dataclass(frozen=True)
class CommandResult:
    """What came of a command."""

    status: int
    output: str
    errors: str

    @property
    def steps(self) -> list[str]:
        """The steps that came to their end, in their order."""
        return [line.partition(": done in ")[0] for line in self.output.splitlines() if ": done in " in line]

    def note(self, step: str) -> str:
        """Return what a step noted at its end."""
        found = next(line for line in self.output.splitlines() if line.startswith(f"{step}: done in "))
        return found.partition("(")[2].rstrip(")")


@dataclass
class Sandbox:
    """Where a deployment is played.

    Args:
        folder: what it keeps on the disk.
        aws: the account.
        dependencies: the services outside it.
        images: what was built.
        shell: the environment of whoever types.
    """

    folder: Path
    aws: LocalAws
    dependencies: Dependencies
    images: Images
    shell: dict[str, str] = field(default_factory=dict)

    @property
    def commands(self) -> Path:
        """A folder with what programs were started with, a file each."""
        return self.folder / "commands"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of whatever is typed."""
        return self.folder / "tmp"

    @property
    def session(self) -> boto3.Session:
        """Keys that may do anything in the account."""
        return boto3.Session("deployer", "deployer", region_name=REGION)

    def type(self, *words: str, say: str = "", **variables: str) -> CommandResult:
        """Type `python -m deployment WORDS`, with something on standard input."""
        done = subprocess.run(
            [sys.executable, "-m", "deployment", *words],
            env={**self.shell, **variables},
            input=say,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return CommandResult(done.returncode, done.stdout, done.stderr)

    def configure(self, **more: str) -> CommandResult:
        """Store what the services have to know."""
        values = {**self.dependencies.secret_values, **more}
        return self.type("config", "--stdin", say=json.dumps(values))

    def publish(self) -> ImageContent:
        """Have the repository hold an image of the project's own sources."""
        task = self.images.lay_out()
        push(self.session, self.aws.url, task, "v1")
        return task


@contextmanager
def running_sandbox(folder: Path, environment: str = "dev", minute_seconds: float = 2.0) -> Iterator[Sandbox]:
    """Yield a sandbox with functions and gateway that follow whatever is deployed."""
    with ExitStack() as stack:
        workspace = Workspace(folder / "workspace")
        lock = stack.enter_context(workspace.held())
        children = stack.enter_context(Children(keep_open=[lock.fileno()]))
        dependencies = Dependencies(workspace, children, os.environ)
        stack.callback(dependencies.stop)
        dependencies.start_aws(minute_seconds)
        dependencies.start_vendors()
        aws = dependencies.aws
        aws.wait()
        images = Images(workspace.images, {"AWS_ENDPOINT_URL": aws.url})
        session = boto3.Session("deployer", "deployer", region_name=REGION)
        server = DeploymentServer(
            aws, session, images, invoke_url="https://id.local/production", port=0, work=workspace.temporary
        )
        server.open()
        stack.callback(server.close)
        sandbox = Sandbox(folder, aws, dependencies, images)
        sandbox.shell = _shell(folder, environment, aws.url, server.url, dependencies)
        yield sandbox


def _shell(folder: Path, environment: str, aws_url: str, api_url: str, dependencies: Dependencies) -> dict[str, str]:
    (folder / "tmp").mkdir()
    return {
        "HOME": str(folder),
        "PATH": f"{_noting(folder)}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(folder / "tmp"),
        "API_URL": api_url,
        "AWS_ACCESS_KEY_ID": "deployer",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_SECRET_ACCESS_KEY": "deployer",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "DEPLOYMENT_STATE": str(folder / "deployment"),
        "ENV": environment,
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": str(SOURCE),
        "SMOKE_ADMIN_EMAIL": ADMIN_EMAIL,
        "SMOKE_ADMIN_PASSWORD": dependencies.admin_password,
        "TERRAFORM_SOURCES": str(copied_sources(folder / "terraform")),
    }


def _noting(folder: Path) -> Path:
    """Return a folder with a `terraform` that notes what it is started with, and starts the real one."""
    programs, commands = folder / "bin", folder / "commands"
    for one in (programs, commands):
        one.mkdir()
    program = programs / "terraform"
    program.write_text(f'#!/bin/sh\necho "$@" >> {commands}/terraform\nexec {shutil.which("terraform")} "$@"\n')
    program.chmod(0o755)
    return programs
