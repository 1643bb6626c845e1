"""The image an environment is to run: found by its content, or built and pushed."""

import subprocess
from dataclasses import replace

from deployment.desk import Desk
from deployment.errors import StepFailed
from deployment.image.builder import BACKEND, Build
from deployment.image.mirror import Mirror
from deployment.image.push import build_and_push
from deployment.image.source import tag_of
from deployment.steps import Note


def wanted_tag(desk: Desk) -> str:
    """Return the tag of the image the checkout makes."""
    return tag_of(BACKEND, desk.environment.architecture)


def published(desk: Desk) -> str:
    """Return the digest of the checkout's image; it is built and pushed when the repository does not have it.

    Raises:
        StepFailed: it could not be.
    """
    with desk.steps.step("Image") as note:
        tag, repository = wanted_tag(desk), desk.repository
        if digest := repository.digest_of(tag):
            note(f"{tag} is in the repository")
            return digest
        note("building and pushing")
        build = _build(desk, tag)
        login = repository.login()
        build_and_push(build, Mirror.of(desk.shell), f"{login.host}/{repository.name}:{tag}", login)
        digest = repository.digest_of(tag)
        if not digest:
            raise StepFailed("Image", f"{repository.uri} took the image and does not have it: {tag}")
        _name_by_revision(desk, digest, build.revision, note)
        note(f"{tag} built and pushed")
        return digest


def _build(desk: Desk, tag: str) -> Build:
    checkout = Build.of_checkout(desk.environment.prefix)
    return replace(checkout, tag=f"{desk.environment.prefix}:{tag}", architecture=desk.environment.architecture)


def _name_by_revision(desk: Desk, digest: str, revision: str, note: Note) -> None:
    """Say by a tag from which commit it was built, when it was built from one and nothing else."""
    told = subprocess.run(
        ["git", "status", "--porcelain", "--", "."], cwd=BACKEND, capture_output=True, text=True, check=False
    )
    if told.returncode == 0 and not told.stdout.strip():
        note(f"naming it by {revision[:12]}")
        desk.repository.name_as_well(digest, f"git-{revision[:12]}")
