"""The program as a whole, in an account where little is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws
from tests.terraform import needs_terraform

from deployment.terraform.program import SOURCES

pytestmark = needs_terraform


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Yield an account with nothing in it."""
    with local_aws() as started:
        yield started


def run(aws: LocalAws, work: Path, verb: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a command on dev that keeps what it needs in `work`."""
    shell = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_SECRET_ACCESS_KEY": "test",
        "DEPLOYMENT_STATE": str(work),
        "ENV": "dev",
        "NO_PROXY": "127.0.0.1",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SOURCES.parent / "backend" / "src"),
    }
    command = [sys.executable, "-m", "deployment", verb]
    return subprocess.run(command, env={**shell, **variables}, capture_output=True, text=True, check=False)


class TestMain:
    """Running a command."""

    def test_nowhere_to_write(self, aws: LocalAws, tmp_path: Path) -> None:
        """A disk that is full, or a folder that is none, is told in one line."""
        (tmp_path / "file").write_text("")
        done = run(aws, tmp_path / "file", "status")
        assert 1 == done.returncode
        refused = f"status: this machine refuses: [Errno 20] Not a directory: '{tmp_path}/file/dev'\n"
        assert refused == done.stderr


class TestUnlock:
    """`make unlock`."""

    def test_bootstraps_lock(self, aws: LocalAws, tmp_path: Path) -> None:
        """A first bootstrap that was killed left its lock, and nothing that says that it came to its end."""
        nothing = run(aws, tmp_path, "unlock")
        assert (1, "unlock: nothing is deployed to account 123456789012\n") == (nothing.returncode, nothing.stderr)
        bucket, key = "coachwork-state-123456789012-eu-central-1", "bootstrap/terraform.tfstate.tflock"
        s3 = aws.client("s3")
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps({"ID": "42", "Who": "me@here"}).encode())
        told = run(aws, tmp_path, "unlock")
        assert 1 == told.returncode
        assert "me@here holds it" in told.stderr
        assert "make unlock ENV=dev LOCK=42" in told.stderr
        taken = run(aws, tmp_path, "unlock", LOCK="42")
        assert (0, "") == (taken.returncode, taken.stderr)
        assert 0 == s3.list_objects_v2(Bucket=bucket)["KeyCount"]
        assert "nobody holds its lock" in run(aws, tmp_path, "unlock").stdout
