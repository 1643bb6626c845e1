"""Manifests as ECR knows them: what is pushed is in its API's answers, and what its API has can be pulled."""

import hashlib
import json
from dataclasses import dataclass
from threading import Lock
from typing import Any

from moto.ecr.models import ECRBackend, Image, Repository, ecr_backends

from rehearsal.aws.registry.blobs import Blobs
from rehearsal.aws.registry.passwords import Whose
from rehearsal.aws.registry.refusals import Refused, unknown

_lock = Lock()


@dataclass(frozen=True)
class Pushed:
    """A manifest of an image: its bytes, and what kind they are."""

    digest: str
    media_type: str
    content: str


class Images:
    """The images of one repository of a registry.

    Raises:
        Refused: there is no such repository.
    """

    def __init__(self, whose: Whose, name: str, blobs: Blobs) -> None:
        self._backend: ECRBackend = ecr_backends[whose.account][whose.region]
        if name not in self._backend.repositories:
            message = f"The repository with name '{name}' does not exist in the registry with id '{whose.account}'"
            raise Refused(404, "NAME_UNKNOWN", message)
        self._repository: Repository = self._backend.repositories[name]
        self._blobs = blobs
        self.key = f"{whose.account}/{whose.region}/{name}"

    @property
    def tags(self) -> list[str]:
        """Every tag, sorted."""
        return sorted(tag for image in self._repository.images for tag in image.image_tags)

    def find(self, reference: str) -> Pushed:
        """Return the manifest of a tag or digest."""
        for image in self._repository.images:
            if reference in {image.get_image_digest(), *image.image_tags}:
                return Pushed(image.get_image_digest(), image.image_manifest_media_type or "", image.image_manifest)
        raise unknown("manifest")

    def put(self, reference: str, content: bytes, media_type: str) -> str:
        """Keep a manifest, whose parts are there already, under a tag or its digest; return its digest."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        tag = None if reference.startswith("sha256:") else reference
        if tag is None and reference != digest:
            raise Refused(400, "DIGEST_INVALID", f"The manifest has the digest {digest}, not {reference}")
        with _lock:
            self._require_parts(_parsed(content))
            self._put(tag, Pushed(digest, media_type, content.decode()))
        return digest

    def _put(self, tag: str | None, pushed: Pushed) -> None:
        found = next((one for one in self._repository.images if one.get_image_digest() == pushed.digest), None)
        holder = next((one for one in self._repository.images if tag and tag in one.image_tags), None)
        if holder and holder is not found:
            self._take_tag(holder, str(tag))
        if found is None:
            name, account = self._repository.name, self._repository.registry_id
            known = (pushed.content, name, pushed.media_type, pushed.digest)
            found = Image(account, tag, *known)  # type: ignore[arg-type]  # None is no tag to it, whatever it declares
            self._repository.images.append(found)
        elif tag:
            found.update_tag(tag)

    def _take_tag(self, holder: Image, tag: str) -> None:
        if self._repository.image_tag_mutability.startswith("IMMUTABLE"):
            message = (
                f"The image tag '{tag}' already exists in the '{self._repository.name}' repository and cannot be "
                "overwritten because the tag is immutable."
            )
            raise Refused(400, "TAG_INVALID", message)
        holder.remove_tag(tag)

    def _require_parts(self, manifest: dict[str, Any]) -> None:
        parts = [*manifest.get("layers", []), *([manifest["config"]] if "config" in manifest else [])]
        missing = [part["digest"] for part in parts if not self._blobs.has(self.key, part["digest"])]
        if missing:
            raise Refused(400, "MANIFEST_BLOB_UNKNOWN", f"These were not pushed before: {', '.join(missing)}")
        for part in manifest.get("manifests", []):
            self.find(part["digest"])


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict):
        raise Refused(400, "MANIFEST_INVALID", "The manifest is no JSON object")
    return manifest
