"""Every image that was laid out in a rehearsal: what the functions run, and what ECR is told of.

Kept in a folder, so that another process can lay out one more while the functions of a rehearsal serve.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from itertools import product
from pathlib import Path
from uuid import uuid4

import boto3

from deployment.image.source import tag_of
from rehearsal.functions import CodeLocation, ImageUnavailable
from rehearsal.scenarios.image_content import BACKEND, PYTHON, ImageContent, lay_out


class Images:
    """The images of one rehearsal; the places its functions run in.

    Args:
        folder: where they are laid out.
        environment: variables every function gets besides its own.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = environment or {}

    def lay_out(self, backend: Path = BACKEND, python: Path = PYTHON) -> ImageContent:
        """Lay an image out from the sources in `backend`; functions of its digest run it from now on.

        Raises:
            StepFailed: it cannot be laid out.
        """
        task = lay_out(self._folder / uuid4().hex, backend, python)
        self.register(task)
        return task

    def register(self, task: ImageContent) -> None:
        """Let functions of this image's digest run it from now on."""
        about = {"python": str(task.python), "code": str(task.code), "command": task.command}
        self._folder.mkdir(parents=True, exist_ok=True)
        index = self._index(task.digest.removeprefix("sha256:"))
        whole = index.with_suffix(".new")
        whole.write_text(json.dumps(about))
        whole.replace(index)

    def of(self, code_sha256: str) -> CodeLocation:
        """Return where functions of the image with this digest, without `sha256:`, run.

        Raises:
            ImageUnavailable: none of that digest was laid out.
        """
        try:
            about = json.loads(self._index(code_sha256).read_text())
        except OSError as error:
            raise ImageUnavailable(f"No image sha256:{code_sha256} was laid out in this rehearsal") from error
        return CodeLocation(Path(about["python"]), Path(about["code"]), self._environment, about["command"])

    def _index(self, code_sha256: str) -> Path:
        return self._folder / f"{code_sha256}.json"


def tags_of(backend: Path = BACKEND) -> list[str]:
    """Return the tags under which a deployment looks for the image of these sources: one for each architecture."""
    return [tag_of(backend, architecture) for architecture in ("arm64", "x86_64")]


def push(session: boto3.Session, aws_url: str | None, task: ImageContent, *tags: str) -> None:
    """Have every repository of ECR hold the image under these tags; fine when it does.

    Args:
        session: whose keys may write to ECR.
        aws_url: where ECR answers; None is where the session's environment says.
    """
    ecr = session.client("ecr", endpoint_url=aws_url)
    names = [repository["repositoryName"] for repository in ecr.describe_repositories()["repositories"]]
    for name, tag in product(names, tags):
        with suppress(ecr.exceptions.ImageAlreadyExistsException):
            ecr.put_image(repositoryName=name, imageManifest=task.manifest, imageDigest=task.digest, imageTag=tag)
