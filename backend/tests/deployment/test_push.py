"""An image's way into ECR: by buildah, to the registry of the local AWS."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from deployment.account import Account
from deployment.children import Children
from deployment.image import Build, Buildah, ImageError, Mirror
from deployment.image.push import push_with_buildah
from deployment.image.registry import Login, Repository
from rehearsal.aws import LocalAws

NAME = "coachwork-pushed"
ACCOUNT = "123456789012"
needs_buildah = pytest.mark.skipif(
    not shutil.which("buildah") or os.geteuid() != 0, reason="buildah builds here for root alone"
)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """Yield a local AWS."""
    with Children() as children:
        started = LocalAws.start(children, log=tmp_path_factory.mktemp("aws") / "log")
        started.wait()
        yield started
        started.stop()


@pytest.fixture
def repository(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """Yield an empty repository whose tags stay."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    session = boto3.Session("local", "local", region_name="us-east-1")
    account = Account(ACCOUNT, "aws", f"arn:aws:iam::{ACCOUNT}:root", "us-east-1", session)
    account.client("ecr").create_repository(repositoryName=NAME, imageTagMutability="IMMUTABLE")
    yield Repository(account, NAME)
    account.client("ecr").delete_repository(repositoryName=NAME, force=True)


def built(folder: Path, content: str) -> tuple[Buildah, Build]:
    """Return a builder and what it has built: an image of one file."""
    folder.mkdir()
    (folder / "told").write_text(content)
    (folder / "Dockerfile").write_text("FROM scratch\nARG REVISION\nCOPY told /told\n")
    buildah, build = Buildah(folder / "storage"), Build(f"coachwork:{content}", "none", 0, folder)
    buildah.build(build, Mirror({}), pull=False)
    return buildah, build


class TestLogin:
    """What ECR gives out."""

    def test_is_for_its_own_registry(self, aws: LocalAws, repository: Repository) -> None:
        """The registry is where ECR says, which is not where images are named after."""
        login = repository.login()

        assert (f"127.0.0.1:{aws.port}", "AWS", True) == (login.host, login.user, login.is_plain)
        assert login.password not in repr(login)


@needs_buildah
class TestPush:
    """Buildah and the registry."""

    def test_takes_it_there(self, repository: Repository, tmp_path: Path) -> None:
        """ECR tells the digest of what was pushed, and a second time changes nothing."""
        buildah, build = built(tmp_path / "one", "one")
        login = repository.login()
        for _ in range(2):
            push_with_buildah(buildah, build.tag, f"{login.host}/{NAME}:one", login)

        assert buildah.save(build.tag, tmp_path / "layout").digest == repository.digest_of("one")

    def test_tags_stay(self, repository: Repository, tmp_path: Path) -> None:
        """Another image under the same tag is refused, in ECR's words."""
        login = repository.login()
        buildah, build = built(tmp_path / "one", "one")
        push_with_buildah(buildah, build.tag, f"{login.host}/{NAME}:same", login)
        buildah, build = built(tmp_path / "two", "two")
        with pytest.raises(ImageError, match="already exists"):
            push_with_buildah(buildah, build.tag, f"{login.host}/{NAME}:same", login)

    def test_wants_the_password(self, repository: Repository, tmp_path: Path) -> None:
        """A guessed one is refused."""
        buildah, build = built(tmp_path / "one", "one")
        login = Login(repository.login().host, "AWS", "guessed", is_plain=True)
        with pytest.raises(ImageError, match=r"(?i)unauthorized|authentication required|Log in"):
            push_with_buildah(buildah, build.tag, f"{login.host}/{NAME}:one", login)
