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
from rehearsal.scenarios.errors import AlreadyRunning, NotRunning, WorkspaceUnusable
from rehearsal.scenarios.workspace import PROJECT, Workspace

SOURCE = Path(rehearsal.__file__).parents[1]
HOLDS = """
    import sys, time
    from pathlib import Path
    from deployment.children import Children
    from rehearsal.scenarios.workspace import Workspace
    from deployment.signals import Stopped, stop_on_signals
    stop_on_signals()
    workspace = Workspace(Path(sys.argv[1]))
    try:
        with workspace.held() as lock, Children(keep_open=[lock.fileno()]) as children:
            env = {"PATH": "/usr/bin:/bin"}
            child = children.start("sleep", ["sleep", "600"], log=workspace.log("sleep"), env=env)
            workspace.note(lock, {"url": "http://127.0.0.1:1/production"})
            print(child.pid, flush=True)
            time.sleep(600)
    except Stopped:
        pass
"""


@contextmanager
def holder(workspace: Workspace) -> Iterator["subprocess.Popen[str]"]:
    """Yield another process that holds the workspace, with a child; its first line is the child's process id."""
    command = [sys.executable, "-c", dedent(HOLDS), str(workspace.folder)]
    environment = {"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def child_of(process: "subprocess.Popen[str]") -> int:
    """Return the process id it prints once it holds the workspace."""
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace of this test's."""
    return Workspace(tmp_path / "below" / "rehearsal")


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
        assert folder == Workspace.of(environ).folder


class TestHeld:
    """Holding the folder."""

    def test_made_and_gone(self, workspace: Workspace) -> None:
        """It has room for logs and for what programs need, and goes with all that was put there."""
        with workspace.held():
            workspace.log("aws").write_text("words")
            workspace.temporary.joinpath("socket").touch()
        assert [workspace.folder.with_name("rehearsal.lock")] == list(workspace.folder.parent.iterdir())

    def test_gone_after_a_failure(self, workspace: Workspace) -> None:
        """What fails inside is told as it is, and the folder goes."""
        with pytest.raises(ConnectionRefusedError), workspace.held():
            raise ConnectionRefusedError
        assert not workspace.folder.exists()

    def test_two_at_once(self, workspace: Workspace) -> None:
        """The second is told which process plays, and where it serves; the first goes on."""
        with holder(workspace) as process:
            child_of(process)
            with pytest.raises(AlreadyRunning) as refused, workspace.held():
                pass
            assert process.poll() is None
            assert workspace.folder.exists()
        words = (
            f"a rehearsal plays here already: process {process.pid} and serves http://127.0.0.1:1/production. "
            "End it first (make down), or set REHEARSAL_STATE to another folder"
        )
        assert words == str(refused.value)

    def test_after_a_kill(self, workspace: Workspace) -> None:
        """What a killed one left behind is swept at the next start, once its guard has ended its processes."""
        with holder(workspace) as process:
            child = child_of(process)
            workspace.folder.joinpath("left").touch()
            process.kill()
            process.wait()
            with workspace.held() as lock:
                assert not workspace.folder.joinpath("left").exists()
                assert os.getpid() == json.loads(Path(lock.name).read_text())["pid"]
                assert not runs(child)

    def test_unwritable(self, tmp_path: Path) -> None:
        """A place that cannot be made is told with its reason."""
        tmp_path.joinpath("file").touch()
        workspace = Workspace(tmp_path / "file" / "rehearsal")
        with (
            pytest.raises(
                WorkspaceUnusable, match=rf"cannot work in {workspace.folder}: (Not a directory|File exists)"
            ),
            workspace.held(),
        ):
            pass


class TestWithTemporary:
    """A temporary folder that goes with the workspace."""

    def test_a_short_path(self) -> None:
        """Programs are told of it."""
        told = Workspace(Path("/x/rehearsal")).with_temporary({"PATH": "/bin", "TMPDIR": "/tmp"})
        assert {"PATH": "/bin", "TMPDIR": "/x/rehearsal/tmp"} == told

    def test_a_long_path(self) -> None:
        """Where a socket's path would be too long, the user's stays."""
        assert {"TMPDIR": "/tmp"} == Workspace(Path("/", "x" * 80)).with_temporary({"TMPDIR": "/tmp"})


class TestEnd:
    """Ending whoever holds the folder."""

    def test_it_ends(self, workspace: Workspace) -> None:
        """It ends with its processes and its folder, and its address is told."""
        with holder(workspace) as process:
            child = child_of(process)
            assert "http://127.0.0.1:1/production" == workspace.end()
            assert not workspace.folder.exists()
            assert not runs(child)
            assert 0 == process.wait()

    def test_nothing_ever_stood(self, workspace: Workspace) -> None:
        """It says so, and makes no folder."""
        with pytest.raises(NotRunning, match="no rehearsal stands here"):
            workspace.end()
        assert not workspace.folder.parent.exists()

    def test_nothing_stands_any_more(self, workspace: Workspace) -> None:
        """After one that ended by itself, it says so."""
        with workspace.held():
            pass
        with pytest.raises(NotRunning):
            workspace.end()

    def test_a_killed_one(self, workspace: Workspace) -> None:
        """What it left is swept; a process that has its number since is let alone."""
        (workspace.folder / "log").mkdir(parents=True)
        with subprocess.Popen(["sleep", "600"]) as innocent:
            try:
                lock = workspace.folder.with_name("rehearsal.lock")
                lock.write_text(json.dumps({"pid": innocent.pid, "url": "http://127.0.0.1:1/production"}))
                with pytest.raises(NotRunning):
                    workspace.end()
                assert innocent.poll() is None
            finally:
                innocent.kill()
        assert not workspace.folder.exists()


def runs(pid: int) -> bool:
    """Tell whether the process is there and not merely unburied."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
