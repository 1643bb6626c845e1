"""Versions with a snapshot: what their logs say, and what a failure is to who invokes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from rehearsal.functions import DeployedFunction, FolderLogs, LambdaService, Place, RestoreFailed, Version

GROUP = "/aws/lambda/coach"
WORKS = "def handler(event, context): return event"
FAILS = """
    import snapshot_restore_py as hooks
    def fail():
        raise LookupError("lost")
    hooks.register_after_restore(fail)
    def handler(event, context): return event
"""


@pytest.fixture
def serve(tmp_path: Path, logs: FolderLogs) -> Iterator[Callable[[str], LambdaService]]:
    """Return a maker of services whose one function, `coach`, has a snapshot."""
    with ExitStack() as stack:

        def make(source: str) -> LambdaService:
            (tmp_path / "entry.py").write_text(dedent(source))
            version = Version("entry.handler", timeout_seconds=20, has_snapshot=True)
            function = DeployedFunction("coach", {"1": version})
            place = Place(Path(sys.executable), tmp_path)
            return stack.enter_context(LambdaService([function], place, logs))

        yield make


class TestInvoke:
    """A version with SnapStart."""

    def test_reports_the_restore(self, serve: Callable[[str], LambdaService], logs: FolderLogs) -> None:
        """The start before the snapshot has a line of its own; the first event reports its restore."""
        service = serve(WORKS)
        for _ in range(2):
            service.invoke("coach:1", b"{}")
        lines = logs.read(GROUP)
        first, second = [line for line in lines if line.startswith("REPORT ")]

        assert lines[0].startswith("INIT_REPORT Init Duration: ")
        assert "\tRestore Duration: " in first
        assert "\tBilled Restore Duration: " in first
        assert [] == [line for line in (first, second) if "\tInit Duration: " in line]
        assert "Restore Duration" not in second

    def test_refuses_what_does_not_wake(self, serve: Callable[[str], LambdaService], logs: FolderLogs) -> None:
        """A hook that fails fails the invocation as Lambda's API says it; the log has what it raised, and the type."""
        service = serve(FAILS)
        with pytest.raises(RestoreFailed, match="afterRestore"):
            service.invoke("coach:1", b"{}")

        assert ("SnapStartException", 400) == (RestoreFailed.code, RestoreFailed.status)
        lines = logs.read(GROUP)
        assert "RESTORE_REPORT Status: error\tError Type: Runtime.AfterRestoreError" == lines[-1]
        assert any("LookupError" in line for line in lines), lines
