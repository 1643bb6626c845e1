"""What is left of an account's bootstrap, and emptying its bucket, on a local AWS."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import boto3
import pytest
from tests.terraform import needs_terraform

from deployment.account import Account
from deployment.bootstrap import NOTE_KEY, Bootstrap
from deployment.children import Children
from deployment.environment import Environment
from deployment.errors import StepFailed
from deployment.image.registry import Repository
from deployment.stored_data import delete_versions
from deployment.terraform.program import SOURCES
from rehearsal.aws import LocalAws

ENVIRONMENT = Environment("dev", SOURCES, {"aws_region": "us-east-1", "prefix": "coachwork"})


@pytest.fixture(scope="module")
def aws_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the local AWS; each test has names of its own there."""
    with Children() as children:
        aws = LocalAws.start(children, log=tmp_path_factory.mktemp("aws") / "aws.log")
        aws.wait()
        yield aws.url


@pytest.fixture
def account(aws_url: str, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return an account."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_url)
    session = boto3.Session("deployer", "deployer", region_name="us-east-1")
    return Account("123456789012", "aws", "arn:aws:iam::123456789012:root", "us-east-1", session)


class Forbidding(BaseHTTPRequestHandler):
    """S3, asked for a bucket whose owner is not who was expected."""

    def do_HEAD(self) -> None:
        """Refuse, without words, as S3 does."""
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's signature
        """Write nothing."""


class TestStateOnDisk:
    """A destruction that was cut off."""

    @needs_terraform
    def test_cut_off(self, account: Account, tmp_path: Path) -> None:
        """Its state lies on the disk, and it goes on from there; not where the bucket still has it."""
        with Children() as children:
            bootstrap = Bootstrap(ENVIRONMENT, account, tmp_path, children, os.environ)
            assert bootstrap.state_on_disk() is None
            folder = tmp_path / "bootstrap" / "bootstrap"
            folder.mkdir(parents=True)
            (folder / "terraform.tfstate").write_text("{}")
            found = bootstrap.state_on_disk()
            assert found is not None
            assert folder == found.folder
            assert not bootstrap.is_left()
            account.client("ecr").create_repository(repositoryName="coachwork")
            assert bootstrap.is_left()
            account.client("s3").create_bucket(Bucket=bootstrap.bucket)
            note = b'{"sources": "", "variables": {}}'
            account.client("s3").put_object(Bucket=bootstrap.bucket, Key=NOTE_KEY, Body=note)
            assert bootstrap.state_on_disk() is None

    def test_repository_gone(self, account: Account) -> None:
        """A repository that went with the first attempt is empty."""
        repository = Repository(account, "gone")
        repository.empty()
        assert [] == repository.digests()


class TestIsLeft:
    """Looking for the bucket."""

    @needs_terraform
    def test_another_accounts(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A bucket of that name that is somebody else's is named, and not used."""
        session = boto3.Session("deployer", "deployer", region_name="us-east-1")
        account = Account("123456789012", "aws", "arn", "us-east-1", session)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Forbidding)
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        words = "the bucket coachwork-state-123456789012-us-east-1 is another account's"
        try:
            with Children() as children, pytest.raises(StepFailed, match=words):
                Bootstrap(ENVIRONMENT, account, tmp_path, children, os.environ).is_left()
        finally:
            server.shutdown()
            server.server_close()


class TestDeleteVersions:
    """Emptying a bucket."""

    def test_all(self, account: Account) -> None:
        """Old versions and markers of deletion go as well."""
        s3 = account.client("s3")
        s3.create_bucket(Bucket="things")
        s3.put_bucket_versioning(Bucket="things", VersioningConfiguration={"Status": "Enabled"})
        for key in ("a", "a", "b"):
            s3.put_object(Bucket="things", Key=key, Body=b"")
        s3.delete_object(Bucket="things", Key="a")
        assert 4 == delete_versions(account, "things")
        assert 0 == delete_versions(account, "things")

    def test_refused(self, account: Account) -> None:
        """What may not be deleted is named: AWS's answer as a whole is no error."""
        s3 = account.client("s3")
        s3.create_bucket(Bucket="kept", ObjectLockEnabledForBucket=True)
        until = datetime.now(UTC) + timedelta(days=1)
        s3.put_object(
            Bucket="kept", Key="locked", Body=b"", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until
        )
        with pytest.raises(StepFailed, match=r"(?s)Emptying kept failed.*locked: AccessDenied"):
            delete_versions(account, "kept")
