"""Nothing outlives the service, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from time import sleep

import pytest

import rehearsal

HANGS = """
    import os, pathlib, time
    def handler(event, context):
        pathlib.Path("pid.part").write_text(str(os.getpid()))
        pathlib.Path("pid.part").rename("pid")
        time.sleep(600)
"""
SERVES = """
    import sys
    from pathlib import Path
    from rehearsal.functions import DeployedFunction, FolderLogs, LambdaService, CodeLocation, Version
    function = DeployedFunction("coach", {"$LATEST": Version("entry.handler", timeout_seconds=600)})
    location = CodeLocation(Path(sys.executable), Path.cwd())
    with LambdaService([function], location, FolderLogs(Path.cwd() / "logs")) as service:
        service.invoke("coach", b"{}")
"""


class TestLeftovers:
    """A busy environment, and a service that is gone."""

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
    def test_a_busy_environment_ends(self, tmp_path: Path, number: signal.Signals) -> None:
        """A handler that hangs ends with the service, be it killed or interrupted."""
        (tmp_path / "entry.py").write_text(dedent(HANGS))
        environment = {"PYTHONPATH": str(Path(rehearsal.__file__).parents[1]), "TMPDIR": str(tmp_path)}
        command = [sys.executable, "-c", dedent(SERVES)]
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as service:
            try:
                _wait_for((tmp_path / "pid").exists)
            finally:
                service.send_signal(number)
        pid = int((tmp_path / "pid").read_text())

        _wait_for(lambda: not _runs(pid))
        assert number is signal.SIGKILL or not list(tmp_path.glob("rehearsal-functions-*"))


def _runs(pid: int) -> bool:
    """Whether the process is there; one that has ended but is not yet reaped by init is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(2000):
        if condition():
            return
        sleep(0.01)
    pytest.fail("it did not come to pass")
