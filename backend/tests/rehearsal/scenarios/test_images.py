"""Images laid out in a rehearsal, and ECR's knowledge of them."""

import json
import sys
from pathlib import Path

import pytest
from tests.rehearsal.aws_server import local_aws

from deployment.image.source import tag_of
from rehearsal.functions import ImageUnavailable
from rehearsal.scenarios.image_content import BACKEND, ImageContent
from rehearsal.scenarios.images import Images, push, tags_of
from rehearsal.scenarios.leftovers import empty_repositories

MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []})


@pytest.fixture
def task(tmp_path: Path) -> ImageContent:
    """Return an image's content."""
    return ImageContent(Path(sys.executable), tmp_path, "entry.handler", MANIFEST)


class TestOf:
    """Where functions of an image run."""

    def test_registered(self, task: ImageContent, tmp_path: Path) -> None:
        """Another process finds the code, its interpreter and its command by the digest."""
        Images(tmp_path / "images").register(task)
        found = Images(tmp_path / "images", {"COLOUR": "red"}).of(task.digest.removeprefix("sha256:"))

        assert (task.code, task.python, "entry.handler") == (found.code, found.python, found.command)
        assert {"COLOUR": "red"} == found.environment

    def test_unknown(self, tmp_path: Path) -> None:
        """An image nobody laid out is not there."""
        with pytest.raises(ImageUnavailable, match=r"No image sha256:00 was laid out in this rehearsal"):
            Images(tmp_path).of("00")


class TestTagsOf:
    """The tags a deployment looks for."""

    def test_each_architecture(self) -> None:
        """Whatever processors an environment has, the deployment finds the image of the checkout."""
        assert [tag_of(BACKEND, "arm64"), tag_of(BACKEND, "x86_64")] == tags_of()


class TestPush:
    """Telling ECR."""

    def test_found_by_digest_and_tag(self, task: ImageContent) -> None:
        """ECR finds it by either; a second push changes nothing, and it can be emptied."""
        with local_aws() as aws:
            ecr = aws.client("ecr")
            ecr.create_repository(repositoryName="coachwork")
            push(aws.session, aws.url, task, "v1", "first")
            push(aws.session, aws.url, task, "v1", "first")
            by_tag, by_digest = (
                ecr.describe_images(repositoryName="coachwork", imageIds=[wanted])["imageDetails"]
                for wanted in ({"imageTag": "v1"}, {"imageDigest": task.digest})
            )

            assert [(task.digest, ["v1", "first"])] == [(one["imageDigest"], one["imageTags"]) for one in by_tag]
            assert by_tag == by_digest
            empty_repositories(aws.session, aws.url)
            assert [] == ecr.describe_images(repositoryName="coachwork")["imageDetails"]
