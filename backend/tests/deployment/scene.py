"""An account with nothing in it, everything a deployment finds around it, and a terminal to type in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import boto3
from tests.rehearsal.play.sources import copied_sources

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.play.images import Images, push
from rehearsal.play.place import PROJECT, Place
from rehearsal.play.stage import Stage
from rehearsal.play.surroundings import ADMIN_EMAIL, Surroundings
from rehearsal.play.task import Task

REGION = "eu-central-1"
SOURCE = PROJECT / "backend" / "src"


@dataclass(frozen=True)
class Typed:
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
class Scene:
    """Where a deployment is played.

    Args:
        folder: what it keeps on the disk.
        aws: the account.
        surroundings: the services outside it.
        images: what was built.
        shell: the environment of whoever types.
    """

    folder: Path
    aws: LocalAws
    surroundings: Surroundings
    images: Images
    shell: dict[str, str] = field(default_factory=dict)

    @property
    def session(self) -> boto3.Session:
        """Keys that may do anything in the account."""
        return boto3.Session("deployer", "deployer", region_name=REGION)

    def client(self, service: str) -> "object":
        """Return a client of the account."""
        return self.session.client(service, endpoint_url=self.aws.url)

    def type(self, *words: str, say: str = "", **variables: str) -> Typed:
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
        return Typed(done.returncode, done.stdout, done.stderr)

    def configure(self, **more: str) -> Typed:
        """Store what the services have to know."""
        values = {**self.surroundings.secret_values, **more}
        return self.type("config", "--stdin", say=json.dumps(values))

    def publish(self, backend: Path | None = None, tag: str = "v1") -> Task:
        """Have the repository hold an image of these sources; the project's own when None."""
        task = self.images.lay_out(backend) if backend else self.images.lay_out()
        push(self.session, self.aws.url, task, tag)
        return task


@contextmanager
def playing(folder: Path, environment: str = "dev", minute_seconds: float = 2.0) -> Iterator[Scene]:
    """Yield a scene with functions and gateway that follow whatever is deployed."""
    with ExitStack() as stack:
        place = Place(folder / "place")
        lock = stack.enter_context(place.held())
        children = stack.enter_context(Children(keep_open=[lock.fileno()]))
        surroundings = Surroundings(place, children, os.environ)
        stack.callback(surroundings.stop)
        surroundings.start_aws(minute_seconds)
        surroundings.start_vendors()
        aws = surroundings.aws
        aws.wait()
        images = Images(place.images, {"AWS_ENDPOINT_URL": aws.url})
        session = boto3.Session("deployer", "deployer", region_name=REGION)
        stage = Stage(aws, session, images, invoke_url="https://id.local/production", port=0, work=place.temporary)
        stage.open()
        stack.callback(stage.close)
        scene = Scene(folder, aws, surroundings, images)
        scene.shell = _shell(folder, environment, aws.url, stage.url, surroundings)
        yield scene


def _shell(folder: Path, environment: str, aws_url: str, api_url: str, surroundings: Surroundings) -> dict[str, str]:
    kept: Mapping[str, str] = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
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
        "SMOKE_ADMIN_PASSWORD": surroundings.admin_password,
        "TERRAFORM_SOURCES": str(copied_sources(folder / "terraform")),
    }
