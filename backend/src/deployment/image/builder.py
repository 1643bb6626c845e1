"""Runs the Dockerfile: with Docker where an engine answers, else with buildah, which needs none."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deployment.image.content import Content
from deployment.image.errors import BuilderMissing, BuildFailed
from deployment.image.mirror import Mirror

BASE = "public.ecr.aws/lambda/python:3.12"
BACKEND = Path(__file__).parents[3]
_PLATFORMS = {"arm64": "arm64", "x86_64": "amd64"}
_INSTALL = "Install Docker, or buildah and runc (Debian and Ubuntu: apt install buildah runc)."


@dataclass(frozen=True)
class Build:
    """What goes into a build; the same values and the same files make the same image, byte for byte.

    Args:
        revision: the commit, for the image's label.
        epoch_seconds: the time every file and the image itself get, in seconds since 1970.
        architecture: of the processors it is for, x86_64 or arm64; this machine's own when empty.
    """

    tag: str
    revision: str
    epoch_seconds: int
    context: Path = BACKEND
    architecture: str = ""

    @classmethod
    def of_checkout(cls, name: str = "coachwork") -> "Build":
        """Describe the checkout's last commit; where there is no git, a build without history."""
        told = subprocess.run(
            ["git", "log", "-1", "--format=%H %ct"], cwd=BACKEND, capture_output=True, text=True, check=False
        )
        revision, epoch = told.stdout.split() if told.returncode == 0 else ("unknown", "0")
        return cls(f"{name}:{revision[:12]}", revision, int(epoch))

    def arguments(self) -> list[str]:
        """Return what Docker and buildah are told alike."""
        platform = [f"--platform=linux/{_PLATFORMS[self.architecture]}"] if self.architecture else []
        return ["--tag", self.tag, *platform, "--build-arg", f"REVISION={self.revision}"]


def has_docker() -> bool:
    """Tell whether a Docker engine answers."""
    if not shutil.which("docker"):
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False).returncode == 0


def build_with_docker(build: Build, mirror: Mirror) -> None:
    """Build with the Docker engine.

    Raises:
        BuildFailed: it did not.
    """
    with tempfile.TemporaryDirectory() as folder:
        # Lambda takes a plain image, not an index with an attestation beside it.
        command = ["docker", "build", "--provenance=false", *build.arguments(), *mirror.secrets(Path(folder))]
        epoch = str(build.epoch_seconds)
        run_builder(
            [*command, "--build-arg", f"SOURCE_DATE_EPOCH={epoch}", str(build.context)],
            f"docker build of {build.context}",
            DOCKER_BUILDKIT="1",
            SOURCE_DATE_EPOCH=epoch,
        )


class Buildah:
    """Buildah for root in a container or a sandbox: no engine, no namespaces.

    Args:
        storage: where its images lie; the machine's own storage when None.

    Raises:
        BuilderMissing: it is not installed, or may not work for this user.
    """

    def __init__(self, storage: Path | None = None) -> None:
        if not shutil.which("buildah"):
            raise BuilderMissing(f"There is no buildah. {_INSTALL}")
        if os.geteuid() != 0:
            raise BuilderMissing("Buildah builds here for root alone: in chroots, without user namespaces.")
        self._options: list[str] = []
        if storage:
            folders = ["--root", str(storage / "images"), "--runroot", str(storage / "run"), "--storage-driver"]
            self._options = [*folders, _driver(storage / "probe")]

    def build(self, build: Build, mirror: Mirror, *, pull: bool = True) -> None:
        """Build it anew; with `pull` False the base must be in the storage already.

        Raises:
            BuildFailed: it did not.
        """
        with tempfile.TemporaryDirectory() as folder:
            self._do(
                f"buildah build of {build.context}",
                *("build", "--isolation", "chroot", "--layers", "--no-cache", "--identity-label=false"),
                *("--pull=true" if pull else "--pull=never", "--timestamp", str(build.epoch_seconds)),
                *(*build.arguments(), *mirror.secrets(Path(folder)), str(build.context)),
            )

    def save(self, tag: str, layout: Path) -> Content:
        """Write the image to `layout`, as a registry would get it, and return what is in it."""
        self._do(f"buildah push of {tag}", "push", "--quiet", tag, f"oci:{layout}")
        return Content.read(layout)

    def push(self, tag: str, target: str, *options: str) -> None:
        """Push the image to `target`; raises `BuildFailed` when it is not taken."""
        self._do(f"buildah push to {target}", "push", "--quiet", *options, tag, target)

    @contextmanager
    def unpacked(self, tag: str) -> Iterator[Path]:
        """Yield the folder that is the root of a new container, and remove the container afterwards."""
        container = self._do(f"buildah from {tag}", "from", "--pull-never", tag)
        try:
            yield Path(self._do(f"buildah mount of {tag}", "mount", container))
        finally:
            self._do(f"buildah rm of {tag}", "rm", container)

    def _do(self, what: str, *arguments: str) -> str:
        return run_builder(["buildah", *self._options, *arguments], what)


def build(what: Build, mirror: Mirror) -> None:
    """Build the image with whatever this machine has: Docker, or buildah where no Docker engine answers.

    Raises:
        BuilderMissing: it has neither.
        BuildFailed: it was not built.
    """
    if has_docker():
        build_with_docker(what, mirror)
    else:
        Buildah().build(what, mirror)


def _driver(probe: Path) -> str:
    """Return the faster storage driver, unless this file system or this kernel has none of it."""
    folders = ["--root", str(probe / "images"), "--runroot", str(probe / "run")]
    tried = subprocess.run(
        ["buildah", *folders, "--storage-driver", "overlay", "info"], capture_output=True, check=False
    )
    return "vfs" if tried.returncode else "overlay"


def run_builder(command: Sequence[str], what: str, **variables: str) -> str:
    """Run Docker or buildah and return what it printed; raises `BuildFailed` with the end of that."""
    done = subprocess.run(
        command,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildFailed(what, done.stdout + done.stderr)
    return done.stdout.strip()
