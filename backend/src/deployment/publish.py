"""The image an environment is to run: found by its content, or built and pushed."""

import subprocess
from dataclasses import replace

from deployment.context import Context
from deployment.errors import StepFailed
from deployment.image.builder import BACKEND, Build
from deployment.image.mirror import Mirror
from deployment.image.push import build_and_push
from deployment.image.source import tag_of
from deployment.steps import Note


def wanted_tag(context: Context) -> str:
    """Return the tag of the image the checkout makes."""
    return tag_of(BACKEND, context.environment.architecture)


def published(context: Context) -> str:
    """Return the digest of the checkout's image; it is built and pushed when the repository does not have it.

    Raises:
        StepFailed: it could not be.
    """
    with context.steps.step("Image") as note:
        tag, repository = wanted_tag(context), context.repository
        if digest := repository.digest_of(tag):
            note(f"{tag} is in the repository")
            return digest
        note("building and pushing")
        build = _build(context, tag)
        login = repository.login()
        build_and_push(build, Mirror.of(context.shell), f"{login.host}/{repository.name}:{tag}", login)
        digest = repository.digest_of(tag)
        if not digest:
            raise StepFailed("Image", f"{repository.uri} took the image and does not have it: {tag}")
        _name_by_revision(context, digest, build.revision, note)
        note(f"{tag} built and pushed")
        return digest


def _build(context: Context, tag: str) -> Build:
    checkout = Build.of_checkout(context.environment.prefix)
    return replace(checkout, tag=f"{context.environment.prefix}:{tag}", architecture=context.environment.architecture)


def _name_by_revision(context: Context, digest: str, revision: str, note: Note) -> None:
    """Say by a tag from which commit it was built, when it was built from one and nothing else."""
    told = subprocess.run(
        ["git", "status", "--porcelain", "--", "."], cwd=BACKEND, capture_output=True, text=True, check=False
    )
    if told.returncode == 0 and not told.stdout.strip():
        note(f"naming it by {revision[:12]}")
        context.repository.name_as_well(digest, f"git-{revision[:12]}")
