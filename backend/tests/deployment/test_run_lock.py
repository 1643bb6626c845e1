"""One command at a time on an environment."""

import os
from pathlib import Path

import pytest

from deployment.errors import AlreadyRunning
from deployment.run_lock import run_lock


class TestRunLock:
    """Holding the lock."""

    def test_second(self, tmp_path: Path) -> None:
        """Whoever comes second is told who came first."""
        with (
            run_lock(tmp_path, "make deploy ENV=dev"),
            pytest.raises(AlreadyRunning) as refused,
            run_lock(tmp_path, "make destroy ENV=dev"),
        ):
            pass
        words = f"make deploy ENV=dev (process {os.getpid()}) is running here: wait for its end, or stop it"
        assert words == str(refused.value)

    def test_afterwards(self, tmp_path: Path) -> None:
        """Whoever comes afterwards holds it."""
        with run_lock(tmp_path, "make deploy ENV=dev --with-a-long-option"):
            pass
        with run_lock(tmp_path, "make destroy ENV=dev"):
            assert f"make destroy ENV=dev (process {os.getpid()})\n" == (tmp_path / "lock").read_text()

    def test_environments(self, tmp_path: Path) -> None:
        """Another environment has a lock of its own."""
        (tmp_path / "dev").mkdir()
        (tmp_path / "prod").mkdir()
        with run_lock(tmp_path / "dev", "make deploy ENV=dev"), run_lock(tmp_path / "prod", "make deploy ENV=prod"):
            pass
