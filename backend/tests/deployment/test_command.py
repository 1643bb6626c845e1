"""The program as a whole: how it ends when this machine does not let it begin."""

import os
import subprocess
import sys
from pathlib import Path

from tests.rehearsal.aws_server import local_aws
from tests.terraform import needs_terraform

from deployment.terraform.program import SOURCES

pytestmark = needs_terraform


class TestMain:
    """Running a command."""

    def test_nowhere_to_write(self, tmp_path: Path) -> None:
        """A disk that is full, or a folder that is none, is told in one line."""
        (tmp_path / "file").write_text("")
        with local_aws() as aws:
            done = subprocess.run(
                [sys.executable, "-m", "deployment", "status"],
                env={
                    "AWS_ACCESS_KEY_ID": "test",
                    "AWS_ENDPOINT_URL": aws.url,
                    "AWS_SECRET_ACCESS_KEY": "test",
                    "DEPLOYMENT_STATE": str(tmp_path / "file"),
                    "ENV": "dev",
                    "NO_PROXY": "127.0.0.1",
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(SOURCES.parent / "backend" / "src"),
                },
                capture_output=True,
                text=True,
                check=False,
            )
        assert 1 == done.returncode
        refused = f"status: this machine refuses: [Errno 20] Not a directory: '{tmp_path}/file/dev'\n"
        assert refused == done.stderr
