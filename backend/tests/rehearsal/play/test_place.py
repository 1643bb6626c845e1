"""The folder a rehearsal keeps its things in."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

import rehearsal
from rehearsal.play.errors import AlreadyPlaying, NothingStands, PlaceUnusable
from rehearsal.play.place import PROJECT, Place

SOURCE = Path(rehearsal.__file__).parents[1]
HOLDS = """
    import sys, time
    from pathlib import Path
    from deployment.children import Children
    from rehearsal.play.place import Place
    from deployment.signals import Stopped, stop_on_signals
    stop_on_signals()
    place = Place(Path(sys.argv[1]))
    try:
        with place.held() as lock, Children(keep_open=[lock.fileno()]) as children:
            env = {"PATH": "/usr/bin:/bin"}
            child = children.start("sleep", ["sleep", "600"], log=place.log("sleep"), env=env)
            place.note(lock, {"url": "http://127.0.0.1:1/production"})
            print(child.pid, flush=True)
            time.sleep(600)
    except Stopped:
        pass
"""


@contextmanager
def holder(place: Place) -> Iterator["subprocess.Popen[str]"]:
    """Yield another process that holds the place, with a child; its first line is the child's process id."""
    command = [sys.executable, "-c", dedent(HOLDS), str(place.folder)]
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def child_of(process: "subprocess.Popen[str]") -> int:
    """Return the process id it prints once it holds the place."""
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return a place of this test's."""
    return Place(tmp_path / "below" / "rehearsal")


class TestOf:
    """Reading REHEARSAL_STATE."""

    @pytest.mark.parametrize(
        ("environ", "folder"),
        [
            ({}, PROJECT / "build" / "rehearsal"),
            ({"REHEARSAL_STATE": ""}, PROJECT / "build" / "rehearsal"),
            ({"REHEARSAL_STATE": "mine"}, PROJECT / "mine"),
            ({"REHEARSAL_STATE": "/mine"}, Path("/mine")),
            ({"REHEARSAL_STATE": "~/mine"}, Path("~/mine").expanduser()),
        ],
    )
    def test_a_folder(self, environ: dict[str, str], folder: Path) -> None:
        """It is the project's build folder, or what is named."""
        assert folder == Place.of(environ).folder


class TestHeld:
    """Holding the folder."""

    def test_made_and_gone(self, place: Place) -> None:
        """It has room for logs and for what programs need, and goes with all that was put there."""
        with place.held():
            place.log("aws").write_text("words")
            place.temporary.joinpath("socket").touch()
        assert [place.folder.with_name("rehearsal.lock")] == list(place.folder.parent.iterdir())

    def test_gone_after_a_failure(self, place: Place) -> None:
        """What fails inside is told as it is, and the folder goes."""
        with pytest.raises(ConnectionRefusedError), place.held():
            raise ConnectionRefusedError
        assert not place.folder.exists()

    def test_two_at_once(self, place: Place) -> None:
        """The second is told which process plays, and where it serves; the first goes on."""
        with holder(place) as process:
            child_of(process)
            with pytest.raises(AlreadyPlaying) as refused, place.held():
                pass
            assert process.poll() is None
            assert place.folder.exists()
        words = (
            f"a rehearsal plays here already: process {process.pid} and serves http://127.0.0.1:1/production. "
            "End it first (make down), or set REHEARSAL_STATE to another folder"
        )
        assert words == str(refused.value)

    def test_after_a_kill(self, place: Place) -> None:
        """What a killed one left behind is swept at the next start, once its guard has ended its processes."""
        with holder(place) as process:
            child = child_of(process)
            place.folder.joinpath("left").touch()
            process.kill()
            process.wait()
            with place.held() as lock:
                assert not place.folder.joinpath("left").exists()
                assert os.getpid() == json.loads(Path(lock.name).read_text())["pid"]
                assert not runs(child)

    def test_unwritable(self, tmp_path: Path) -> None:
        """A place that cannot be made is told with its reason."""
        tmp_path.joinpath("file").touch()
        place = Place(tmp_path / "file" / "rehearsal")
        with (
            pytest.raises(PlaceUnusable, match=rf"cannot work in {place.folder}: (Not a directory|File exists)"),
            place.held(),
        ):
            pass


class TestWithTemporary:
    """A temporary folder that goes with the place."""

    def test_a_short_path(self) -> None:
        """Programs are told of it."""
        told = Place(Path("/x/rehearsal")).with_temporary({"PATH": "/bin", "TMPDIR": "/tmp"})
        assert {"PATH": "/bin", "TMPDIR": "/x/rehearsal/tmp"} == told

    def test_a_long_path(self) -> None:
        """Where a socket's path would be too long, the user's stays."""
        assert {"TMPDIR": "/tmp"} == Place(Path("/", "x" * 80)).with_temporary({"TMPDIR": "/tmp"})


class TestEnd:
    """Ending whoever holds the folder."""

    def test_it_ends(self, place: Place) -> None:
        """It ends with its processes and its folder, and its address is told."""
        with holder(place) as process:
            child = child_of(process)
            assert "http://127.0.0.1:1/production" == place.end()
            assert not place.folder.exists()
            assert not runs(child)
            assert 0 == process.wait()

    def test_nothing_ever_stood(self, place: Place) -> None:
        """It says so, and makes no folder."""
        with pytest.raises(NothingStands, match="no rehearsal stands here"):
            place.end()
        assert not place.folder.parent.exists()

    def test_nothing_stands_any_more(self, place: Place) -> None:
        """After one that ended by itself, it says so."""
        with place.held():
            pass
        with pytest.raises(NothingStands):
            place.end()

    def test_a_killed_one(self, place: Place) -> None:
        """What it left is swept; a process that has its number since is let alone."""
        (place.folder / "log").mkdir(parents=True)
        with subprocess.Popen(["sleep", "600"]) as innocent:
            try:
                lock = place.folder.with_name("rehearsal.lock")
                lock.write_text(json.dumps({"pid": innocent.pid, "url": "http://127.0.0.1:1/production"}))
                with pytest.raises(NothingStands):
                    place.end()
                assert innocent.poll() is None
            finally:
                innocent.kill()
        assert not place.folder.exists()


def runs(pid: int) -> bool:
    """Tell whether the process is there and not merely unburied."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
