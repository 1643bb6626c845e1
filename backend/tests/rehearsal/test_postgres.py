"""The embedded server: keeps its data, wants a password, is alone on its data, runs from anywhere."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from deployment.watchdog import is_over
from rehearsal.postgres import EmbeddedPostgres, PostgresError, running, temporary
from rehearsal.postgres.account import Account, reachable_folder
from rehearsal.postgres.leftovers import sweep_leftovers

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder's path under one that everybody may pass through, as a project's mostly is."""
    with tempfile.TemporaryDirectory(prefix="cw-") as parent:
        Path(parent).chmod(0o711)
        yield Path(parent) / "pg"


@pytest.fixture
def closed_folder(tmp_path: Path) -> Path:
    """Return a folder nobody but its owner may enter."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return the folder that stands in for the one root keeps such data in, open to all."""
    place = Path(tempfile.mkdtemp(prefix="coachwork-", dir="/var/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def note(server: EmbeddedPostgres, text: str) -> None:
    """Write a row and commit it."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute("create table if not exists notes (text text)")
        connection.execute("insert into notes values (%s)", [text])


def notes(server: EmbeddedPostgres) -> list[str]:
    """Read every row."""
    with psycopg.connect(server.url()) as connection:
        return [text for (text,) in connection.execute("select text from notes order by text")]


class TestStart:
    """Starting a server."""

    def test_keeps_data(self, folder: Path) -> None:
        """What was committed is there after a restart, under the same password."""
        with running(folder) as server:
            note(server, "kept")
            password = server.url().partition("@")[0]
        with running(folder) as server:
            assert ["kept"] == notes(server)
            assert password == server.url().partition("@")[0]

    def test_wants_password(self) -> None:
        """Without the right password nobody comes in, not even from this machine."""
        with temporary() as server, pytest.raises(psycopg.OperationalError, match="password authentication"):
            psycopg.connect(server.url(password="wrong"))

    def test_password_is_private(self, folder: Path) -> None:
        """The password's file is its owner's alone."""
        with running(folder):
            assert 0o600 == (folder / "password").stat().st_mode & 0o777

    def test_second_server_is_refused(self, folder: Path) -> None:
        """Two servers never share data; the first goes on."""
        with running(folder) as server:
            with pytest.raises(PostgresError, match="another server is using"):
                EmbeddedPostgres(folder).start()
            note(server, "unharmed")
            assert ["unharmed"] == notes(server)

    def test_cut_off_creation(self, folder: Path) -> None:
        """What a creation that was cut off left behind is swept away."""
        (folder / "data.new").mkdir(parents=True)
        (folder / "data.new" / "half").touch()
        (folder / "data").mkdir()
        with running(folder) as server:
            note(server, "whole")
            assert ["whole"] == notes(server)

    def test_nowhere_to_keep_it(self, folder: Path) -> None:
        """A folder that cannot be made is named."""
        folder.write_text("")
        with pytest.raises(PostgresError, match=r"cannot keep a database in .*pg/deeper"):
            EmbeddedPostgres(folder / "deeper").start()

    def test_dead_at_start(self, folder: Path) -> None:
        """A server that cannot start says why, and lets go of the data."""
        with running(folder) as server:
            settings = server.data / "postgresql.auto.conf"
        settings.write_text("no_such_setting = 1\n")
        with pytest.raises(PostgresError, match="no_such_setting"):
            EmbeddedPostgres(folder).start()
        settings.write_text("")
        with running(folder):
            pass


class TestCrash:
    """A server that was killed."""

    def test_kept_data(self, folder: Path) -> None:
        """After kill -9 the next start recovers what was committed."""
        with running(folder) as server:
            note(server, "committed")
            os.kill(server.pid, signal.SIGKILL)
            server.child.process.wait()
            assert (server.data / "postmaster.pid").exists()
        with running(folder) as server:
            assert ["committed"] == notes(server)

    def test_stale_process_id(self, folder: Path) -> None:
        """A process id left in the data that is another program's by now keeps nobody out."""
        with running(folder) as server:
            note(server, "kept")
            stale = server.data / "postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{server.data}\n")
        with running(folder) as server:
            assert ["kept"] == notes(server)


class TestStop:
    """Stopping a server."""

    def test_leaves_no_process(self) -> None:
        """The server's process group is gone, and stopping again is fine."""
        with temporary() as server:
            pid = server.pid
            server.stop()
            assert is_over(pid)
            assert 0 == server.pid

    def test_removal(self) -> None:
        """A throw-away server leaves no folder."""
        with temporary() as server:
            data = server.data
            assert data.exists()
        assert not data.exists()


@only_root
class TestClosedFolder:
    """Root's project under a folder that `nobody`, who runs the server, cannot enter."""

    def test_runs_elsewhere(self, closed_folder: Path, place: Path) -> None:
        """The data lie in root's place, linked from the folder; no permission above is touched; restarts find them."""
        server = EmbeddedPostgres(closed_folder / "pg", place=place)
        server.start()
        try:
            note(server, "far away")
            assert place in server.data.parents
            assert server.data == (closed_folder / "pg" / "data").readlink()
            assert 0o700 == closed_folder.stat().st_mode & 0o777
        finally:
            server.stop()
        server.start()
        try:
            assert ["far away"] == notes(server)
        finally:
            server.stop()
            server.remove()

    def test_shared_by_a_copied_folder(self, closed_folder: Path, place: Path) -> None:
        """A copy of the folder links to the same data, and is refused while they are in use."""
        server = EmbeddedPostgres(closed_folder / "pg", place=place)
        server.start()
        try:
            copy = closed_folder / "copy"
            copy.mkdir()
            (copy / "data").symlink_to(server.data)
            with pytest.raises(PostgresError, match="another server is using"):
                EmbeddedPostgres(copy, place=place).start()
        finally:
            server.stop()
            server.remove()

    def test_leftovers(self, closed_folder: Path, place: Path) -> None:
        """Data of a temporary folder that has vanished are swept away by the next to come; data in use are not."""
        gone, going = closed_folder / "gone", closed_folder / "going"
        left, in_use = EmbeddedPostgres(gone / "pg", place=place), EmbeddedPostgres(going / "pg", place=place)
        left.start()
        left.stop()
        swept = left.data
        shutil.rmtree(gone)
        in_use.start()
        try:
            assert not swept.exists()
            url = in_use.url()
            shutil.rmtree(going)
            sweep_leftovers(place)
            psycopg.connect(url).close()
        finally:
            in_use.stop()

    def test_place_open_to_others(self, tmp_path: Path) -> None:
        """A place others may write to is not trusted."""
        place = tmp_path / "place"
        place.mkdir()
        place.chmod(0o777)
        with pytest.raises(PostgresError, match="nobody else may write to"):
            reachable_folder(place, Account(65534, 65534), "x-")

    def test_place_closed(self, tmp_path: Path) -> None:
        """A place the account cannot reach is refused by name, and nothing is left in it."""
        tmp_path.chmod(0o700)
        with pytest.raises(PostgresError, match="closed to the user nobody"):
            reachable_folder(tmp_path / "place", Account(65534, 65534), "x-")
        assert [] == list((tmp_path / "place").iterdir())
