"""The registry behind ECR, by its own HTTP, and what ECR's API then tells."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.rehearsal.aws.conftest import Client

OCI = "application/vnd.oci.image.manifest.v1+json"
LAYER = b"a layer" * 1_000
CONFIG = b'{"architecture": "amd64"}'


def digest_of(content: bytes) -> str:
    """Return how a registry names it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def manifest(layer: bytes = LAYER) -> bytes:
    """Return the manifest of an image of one layer."""
    described = [{"digest": digest_of(part), "size": len(part), "mediaType": "any"} for part in (CONFIG, layer)]
    return json.dumps({"schemaVersion": 2, "mediaType": OCI, "config": described[0], "layers": described[1:]}).encode()


@pytest.fixture
def repository(deployer: Client, name: str) -> str:
    """Return a repository whose tags may move."""
    deployer("ecr").create_repository(repositoryName=name)
    return name


@pytest.fixture
def registry(deployer: Client) -> Iterator[httpx.Client]:
    """Yield an HTTP client that is logged in."""
    [given] = deployer("ecr").get_authorization_token()["authorizationData"]
    user, _, password = b64decode(given["authorizationToken"]).decode().partition(":")
    with httpx.Client(base_url=given["proxyEndpoint"], auth=(user, password), trust_env=False) as client:
        yield client


@pytest.fixture
def push(registry: httpx.Client, repository: str) -> Callable[..., httpx.Response]:
    """Return what pushes an image: its parts, then its manifest."""

    def put(tag: str = "one", layer: bytes = LAYER) -> httpx.Response:
        for part in (CONFIG, layer):
            begun = registry.post(f"/v2/{repository}/blobs/uploads/")
            registry.put(begun.headers["Location"], params={"digest": digest_of(part)}, content=part)
        path = f"/v2/{repository}/manifests/{tag}"
        return registry.put(path, content=manifest(layer), headers={"Content-Type": OCI})

    return put


class TestLogin:
    """The password of ECR's token."""

    def test_opens(self, registry: httpx.Client) -> None:
        """Who has it may ask."""
        assert 200 == registry.get("/v2/").status_code

    @pytest.mark.parametrize("auth", [None, ("AWS", "guessed"), ("somebody", None)])
    def test_refuses(self, registry: httpx.Client, auth: tuple[str, str | None] | None) -> None:
        """Without it, or with another's name, nobody does; the answer says how one logs in."""
        assert isinstance(registry.auth, httpx.BasicAuth)
        known = b64decode(registry.auth._auth_header.partition(" ")[2]).decode().partition(":")[2]
        with httpx.Client(base_url=registry.base_url, trust_env=False) as client:
            answer = client.get("/v2/", auth=(auth[0], auth[1] or known) if auth else None)

        assert (401, "UNAUTHORIZED") == (answer.status_code, answer.json()["errors"][0]["code"])
        assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")

    def test_leaves_signed_requests_alone(self, deployer: Client) -> None:
        """API Gateway's second API has paths that begin alike."""
        assert [] == [api for api in deployer("apigatewayv2").get_apis()["Items"] if api["Name"] == "absent"]


class TestBlobs:
    """Parts of images."""

    def test_in_pieces(self, registry: httpx.Client, repository: str) -> None:
        """What came piece by piece, of a length nobody told before, is there as a whole."""
        begun = registry.post(f"/v2/{repository}/blobs/uploads/")
        sent = registry.patch(begun.headers["Location"], content=iter([LAYER[:3_000], LAYER[3_000:]]))
        done = registry.put(sent.headers["Location"], params={"digest": digest_of(LAYER)})
        found = registry.get(f"/v2/{repository}/blobs/{digest_of(LAYER)}")

        assert (202, f"0-{len(LAYER) - 1}", 201) == (sent.status_code, sent.headers["Range"], done.status_code)
        assert LAYER == found.content

    def test_at_once(self, registry: httpx.Client, repository: str) -> None:
        """One request may do."""
        path = f"/v2/{repository}/blobs/uploads/"
        assert 201 == registry.post(path, params={"digest": digest_of(LAYER)}, content=LAYER).status_code

    def test_another_digest(self, registry: httpx.Client, repository: str) -> None:
        """What is not what it is said to be is refused, and not kept."""
        path = f"/v2/{repository}/blobs/uploads/"
        refused = registry.post(path, params={"digest": digest_of(b"other")}, content=LAYER)

        assert (400, "DIGEST_INVALID") == (refused.status_code, refused.json()["errors"][0]["code"])
        assert 404 == registry.head(f"/v2/{repository}/blobs/{digest_of(b'other')}").status_code

    def test_of_another_repository(
        self, registry: httpx.Client, push: Callable[..., httpx.Response], deployer: Client, name: str
    ) -> None:
        """A repository has its own."""
        push()
        deployer("ecr").create_repository(repositoryName=f"{name}/other")

        assert 404 == registry.head(f"/v2/{name}/other/blobs/{digest_of(LAYER)}").status_code

    def test_no_repository(self, registry: httpx.Client) -> None:
        """Nothing is pushed to where there is no repository."""
        refused = registry.post("/v2/absent/blobs/uploads/")

        assert (404, "NAME_UNKNOWN") == (refused.status_code, refused.json()["errors"][0]["code"])


class TestManifests:
    """Whole images."""

    def test_ecr_knows_them(
        self, deployer: Client, repository: str, push: Callable[..., httpx.Response], registry: httpx.Client
    ) -> None:
        """What was pushed has its digest and tag in ECR's own answers, and can be pulled by either."""
        pushed = push("v1")
        [told] = deployer("ecr").describe_images(repositoryName=repository)["imageDetails"]

        assert (201, digest_of(manifest())) == (pushed.status_code, pushed.headers["Docker-Content-Digest"])
        assert (digest_of(manifest()), ["v1"]) == (told["imageDigest"], told["imageTags"])
        for reference in ("v1", digest_of(manifest())):
            assert manifest() == registry.get(f"/v2/{repository}/manifests/{reference}").content
        assert ["v1"] == registry.get(f"/v2/{repository}/tags/list").json()["tags"]

    def test_one_more_tag(self, deployer: Client, repository: str, push: Callable[..., httpx.Response]) -> None:
        """The same image under another name is one image with two."""
        push("v1")
        push("v2")
        [told] = deployer("ecr").describe_images(repositoryName=repository)["imageDetails"]

        assert ["v1", "v2"] == sorted(told["imageTags"])

    def test_a_tag_moves(self, deployer: Client, repository: str, push: Callable[..., httpx.Response]) -> None:
        """Another image under the same name takes it, where names may move."""
        push("v1")
        push("v1", b"another layer")
        asked = {"repositoryName": repository, "imageIds": [{"imageTag": "v1"}]}
        [told] = deployer("ecr").describe_images(**asked)["imageDetails"]

        assert digest_of(manifest(b"another layer")) == told["imageDigest"]

    def test_a_tag_stays(self, deployer: Client, repository: str, push: Callable[..., httpx.Response]) -> None:
        """Where they may not, it is refused in ECR's words; the same image again is no other."""
        deployer("ecr").put_image_tag_mutability(repositoryName=repository, imageTagMutability="IMMUTABLE")
        push("v1")
        refused = push("v1", b"another layer")

        assert (400, "TAG_INVALID") == (refused.status_code, refused.json()["errors"][0]["code"])
        assert 201 == push("v1").status_code

    def test_without_its_parts(self, registry: httpx.Client, repository: str) -> None:
        """A manifest comes last."""
        path = f"/v2/{repository}/manifests/v1"
        refused = registry.put(path, content=manifest(), headers={"Content-Type": OCI})

        assert "MANIFEST_BLOB_UNKNOWN" == refused.json()["errors"][0]["code"]

    @pytest.mark.parametrize(
        ("reference", "content", "code"),
        [
            (digest_of(b"other"), manifest(), "DIGEST_INVALID"),
            ("v1", b"[]", "MANIFEST_INVALID"),
            ("v1", b"no json", "MANIFEST_INVALID"),
        ],
    )
    def test_that_is_none(
        self, registry: httpx.Client, repository: str, reference: str, content: Any, code: str
    ) -> None:
        """What is no manifest, or not the one it is said to be, is refused."""
        path = f"/v2/{repository}/manifests/{reference}"
        assert code == registry.put(path, content=content, headers={"Content-Type": OCI}).json()["errors"][0]["code"]

    def test_removed(
        self, deployer: Client, repository: str, push: Callable[..., httpx.Response], registry: httpx.Client
    ) -> None:
        """What ECR's API removes is gone from the registry."""
        push("v1")
        deployer("ecr").batch_delete_image(repositoryName=repository, imageIds=[{"imageTag": "v1"}])

        assert 404 == registry.get(f"/v2/{repository}/manifests/v1").status_code
