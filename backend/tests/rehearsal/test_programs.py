"""The copy of Postgres's programs for a user who cannot reach the wheel."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.postgres.account import unprivileged_account
from rehearsal.postgres.programs import copied_programs, program

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs the copy")


@pytest.fixture
def place() -> Iterator[Path]:
    """Return a folder of root's that others can pass through."""
    place = Path(tempfile.mkdtemp(prefix="coachwork-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


class TestCopiedPrograms:
    """Copying the programs."""

    def test_runs(self, place: Path) -> None:
        """The copy runs as the other user, is made once, and leaves nothing beside it."""
        account = unprivileged_account()
        assert account is not None
        first = copied_programs(account, place)
        made = first.stat().st_ino
        assert account.can_run(first / "postgres")
        assert account.can_run(first / "initdb")
        assert made == copied_programs(account, place).stat().st_ino
        assert 1 == len(list(place.iterdir()))


class TestProgram:
    """Finding a program."""

    def test_own_wheel(self, tmp_path: Path) -> None:
        """Whoever can reach the wheel runs it as it is."""
        assert "site-packages" in str(program("postgres", None, tmp_path))
        assert [] == list(tmp_path.iterdir())
