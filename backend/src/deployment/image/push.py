"""Takes a built image to a registry: with Docker or buildah, the password in a file that is gone afterwards."""

import base64
import json
import os
import tempfile
from pathlib import Path

from deployment.image.builder import Build, Buildah, build_with_docker, has_docker, run_builder
from deployment.image.mirror import Mirror
from deployment.image.registry import Login


def build_and_push(build: Build, mirror: Mirror, target: str, login: Login) -> None:
    """Build what `build` describes and push it as `target` (registry/repository:tag).

    Raises:
        BuilderMissing: there is nothing here to build with.
        BuildFailed: it was not built, or the registry did not take it.
    """
    if has_docker():
        build_with_docker(build, mirror)
        run_builder(["docker", "tag", build.tag, target], f"docker tag {target}")
        with _signed_in(login) as folder:
            run_builder(["docker", "push", target], f"docker push {target}", DOCKER_CONFIG=folder, **_engine())
        return
    buildah = Buildah()
    buildah.build(build, mirror)
    push_with_buildah(buildah, build.tag, target, login)


def push_with_buildah(buildah: Buildah, tag: str, target: str, login: Login) -> None:
    """Push what buildah has; raises `BuildFailed` when the registry does not take it."""
    with _signed_in(login) as folder:
        verify = f"--tls-verify={str(not login.is_plain).lower()}"
        buildah.push(tag, f"docker://{target}", "--authfile", str(Path(folder) / "config.json"), verify)


def _engine() -> dict[str, str]:
    """Return where the engine answers: its context is in the very folder that the login's stands in for."""
    command = ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    address = run_builder(command, "docker context inspect")
    return {"DOCKER_HOST": address} if address else {}


def _signed_in(login: Login) -> "tempfile.TemporaryDirectory[str]":
    """Return a folder with what `docker login` would write, for as long as it is open."""
    folder = tempfile.TemporaryDirectory(prefix="coachwork-registry-")
    file = Path(folder.name) / "config.json"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    secret = base64.b64encode(f"{login.user}:{login.password}".encode()).decode()
    with os.fdopen(descriptor, "w") as out:
        json.dump({"auths": {login.host: {"auth": secret}}}, out)
    return folder
