"""`publish` as it is typed: by buildah, to the local AWS, with an image small enough to build each time."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from tests.terraform import needs_terraform

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.scenarios.workspace import PROJECT

pytestmark = [
    needs_terraform,
    pytest.mark.skipif(not shutil.which("buildah") or os.geteuid() != 0, reason="buildah builds here for root alone"),
]

REGION = "eu-central-1"
BUCKET = f"coachwork-state-123456789012-{REGION}"
EXPIRED = "QVdTOmV4cGlyZWQ="
"""`AWS:expired`, as a login is written down."""


@dataclass(frozen=True)
class Checkout:
    """A copy of the tool beside another Dockerfile, and an account that bootstrap was applied to.

    Args:
        folder: where it lies.
        aws: where it publishes to.
    """

    folder: Path
    aws: LocalAws

    @property
    def told(self) -> Path:
        """The file that the image is made of."""
        return self.folder / "backend" / "told"

    @property
    def note(self) -> Path:
        """Where the digest is written."""
        return self.folder / "build" / "image.env"

    @property
    def images(self) -> dict[str, str]:
        """The digest of each tag of the repository."""
        session = boto3.Session("deployer", "deployer", region_name=REGION)
        found = session.client("ecr", endpoint_url=self.aws.url).list_images(repositoryName="coachwork")["imageIds"]
        return {image["imageTag"]: image["imageDigest"] for image in found}

    def publish(self, before_push: str = ":") -> tuple[int, str, list[str]]:
        """Type it; return its status, what it said, and what buildah was asked for.

        Args:
            before_push: a command of the shell, done before buildah pushes.
        """
        programs, asked = self.folder / "bin", self.folder / "asked"
        programs.mkdir(exist_ok=True)
        asked.write_text("")
        docker, buildah = programs / "docker", programs / "buildah"
        docker.write_text("#!/bin/sh\nexit 1\n")  # no engine answers
        buildah.write_text(
            f'#!/bin/sh\necho "$1" >> {asked}\nif [ "$1" = push ]; then {before_push}; fi\n'
            f'exec {shutil.which("buildah")} "$@"\n'
        )
        for program in (docker, buildah):
            program.chmod(0o755)
        done = subprocess.run(
            [sys.executable, "-m", "deployment", "publish"],
            env={**_shell(self.aws), "PATH": f"{programs}:{os.environ['PATH']}", **_storage(self.folder)},
            cwd=self.folder / "backend",
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, asked.read_text().split()


def _shell(aws: LocalAws) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "deployer",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_SECRET_ACCESS_KEY": "deployer",
        "ENV": "dev",
        "HOME": os.environ["HOME"],
        "NO_PROXY": "127.0.0.1",
        "PYTHONPATH": "src",
    }


def _storage(folder: Path) -> dict[str, str]:
    """Return where buildah keeps its images: not among the machine's own."""
    settings = folder / "storage.conf"
    settings.write_text(f'[storage]\ndriver = "vfs"\nrunroot = "{folder}/run"\ngraphroot = "{folder}/storage"\n')
    return {"CONTAINERS_STORAGE_CONF": str(settings)}


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """Yield one whose image is a file, with a repository and no image."""
    with tempfile.TemporaryDirectory(prefix="cw-") as name, Children() as children:
        folder = Path(name)
        backend = folder / "backend"
        shutil.copytree(PROJECT / "backend" / "src" / "deployment", backend / "src" / "deployment")
        shutil.copytree(PROJECT / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
        (backend / "Dockerfile").write_text("FROM scratch\nARG REVISION\nCOPY told /told\n")
        (backend / ".dockerignore").write_text("*\n!told\n")
        (backend / "told").write_text("one")
        aws = LocalAws.start(children, log=folder / "aws.log")
        aws.wait()
        _bootstrap(aws)
        yield Checkout(folder, aws)
        aws.stop()


def _bootstrap(aws: LocalAws) -> None:
    """Make what publishing takes of bootstrap, whose own tests are elsewhere."""
    session = boto3.Session("deployer", "deployer", region_name=REGION)
    ecr, s3 = (session.client(service, endpoint_url=aws.url) for service in ("ecr", "s3"))
    ecr.create_repository(repositoryName="coachwork", imageTagMutability="IMMUTABLE")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    note = json.dumps({"sources": "", "variables": {}})
    s3.put_object(Bucket=BUCKET, Key="bootstrap/applied.json", Body=note.encode())


class TestPublish:
    """The command as a whole."""

    def test_once_for_each_content(self, checkout: Checkout) -> None:
        """An image is built and pushed when its content is new, and its digest written down each time."""
        status, said, asked = checkout.publish()
        assert (0, ["build", "push"]) == (status, asked), said
        (digest,) = checkout.images.values()
        written = f"digest={digest}\nrepository=123456789012.dkr.ecr.{REGION}.amazonaws.com/coachwork\n"
        assert written == checkout.note.read_text()
        assert f"make deploy ENV=dev IMAGE={digest}" in said

        checkout.note.unlink()
        status, said, asked = checkout.publish()
        assert (0, []) == (status, asked), said
        assert written == checkout.note.read_text()

        checkout.told.write_text("two")
        status, said, asked = checkout.publish()
        assert (0, ["build", "push"], 2) == (status, asked, len(checkout.images)), said
        assert digest not in checkout.note.read_text()

    def test_not_pushed(self, checkout: Checkout) -> None:
        """A push that fails is told as it is and leaves no digest, an older one neither; the same again goes on."""
        checkout.note.parent.mkdir()
        checkout.note.write_text("digest=sha256:older\n")
        expire = f"""sed -i 's/"auth": "[^"]*"/"auth": "{EXPIRED}"/' "$4\""""
        status, said, _ = checkout.publish(expire)
        assert (1, {}, False) == (status, checkout.images, checkout.note.exists()), said
        assert "Image failed:" in said
        assert "coachwork:content-" in said
        assert EXPIRED not in said

        status, said, _ = checkout.publish(f"kill {checkout.aws.child.process.pid}; sleep 1")
        assert (1, False) == (status, checkout.note.exists()), said
        assert "connection refused" in said
