"""The account's repository of images: which it has, and how one gets there."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.errors import NothingDeployed

_ABSENT = {"ImageNotFoundException", "RepositoryNotFoundException"}
_THERE_ALREADY = {"ImageAlreadyExistsException", "ImageTagAlreadyExistsException"}
_MANIFESTS = (
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
)


@dataclass(frozen=True)
class Login:
    """What a registry wants before it takes an image; for half a day.

    `is_plain` where it answers without TLS, as one on this machine does.
    """

    host: str
    user: str
    password: str = field(repr=False)
    is_plain: bool = False


class Repository:
    """One repository of ECR.

    Args:
        account: whose.
        name: its name.
    """

    def __init__(self, account: Account, name: str) -> None:
        self._ecr = account.client("ecr")
        self._name = name

    @property
    def name(self) -> str:
        """What ECR calls it."""
        return self._name

    @property
    def uri(self) -> str:
        """What Lambda calls it."""
        found = self._ecr.describe_repositories(repositoryNames=[self._name])["repositories"][0]
        return str(found["repositoryUri"])

    def digest_of(self, tag: str) -> str:
        """Return the digest of the image with this tag; empty when there is none."""
        found = self._described(imageTag=tag)
        return str(found["imageDigest"]) if found else ""

    def tags_of(self, digest: str) -> list[str]:
        """Return the tags of an image; none when it is not there."""
        found = self._described(imageDigest=digest)
        return sorted(found.get("imageTags", ())) if found else []

    def require(self, digest: str) -> None:
        """Return when the image is there.

        Raises:
            NothingDeployed: it is not.
        """
        if self._described(imageDigest=digest) is None:
            raise NothingDeployed(
                f"the repository {self._name} has no image {digest}: make publish, or leave IMAGE out"
            )

    def login(self) -> Login:
        """Return what `docker login` wants."""
        given = self._ecr.get_authorization_token()["authorizationData"][0]
        user, _, password = base64.b64decode(given["authorizationToken"]).decode().partition(":")
        address = urlsplit(given["proxyEndpoint"])
        return Login(address.netloc, user, password, address.scheme == "http")

    def name_as_well(self, digest: str, tag: str) -> None:
        """Give an image one more tag; tags cannot be moved, so one that is another's stays where it is."""
        found = self._ecr.batch_get_image(
            repositoryName=self._name, imageIds=[{"imageDigest": digest}], acceptedMediaTypes=list(_MANIFESTS)
        )["images"]
        if not found:
            return
        try:
            self._ecr.put_image(repositoryName=self._name, imageManifest=found[0]["imageManifest"], imageTag=tag)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THERE_ALREADY:
                raise

    def digests(self) -> list[str]:
        """Return every image; none where there is no repository."""
        pages = self._ecr.get_paginator("list_images").paginate(repositoryName=self._name)
        try:
            return sorted({image["imageDigest"] for page in pages for image in page["imageIds"]})
        except self._ecr.exceptions.RepositoryNotFoundException:
            return []

    def empty(self) -> None:
        """Delete every image."""
        digests = self.digests()
        for begin in range(0, len(digests), 100):
            ids = [{"imageDigest": digest} for digest in digests[begin : begin + 100]]
            self._ecr.batch_delete_image(repositoryName=self._name, imageIds=ids)

    def _described(self, **image: str) -> Mapping[str, Any] | None:
        try:
            found = self._ecr.describe_images(repositoryName=self._name, imageIds=[image])["imageDetails"]
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return found[0] if found else None
