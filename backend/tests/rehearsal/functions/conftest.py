"""Functions out of their source, served by awslambdaric in this very interpreter."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest

from rehearsal.functions import CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version


@pytest.fixture
def logs(tmp_path: Path) -> FolderLogs:
    """Return a folder for log streams."""
    return FolderLogs(tmp_path / "logs")


@pytest.fixture
def serve(tmp_path: Path, logs: FolderLogs) -> Iterator[Callable[..., LambdaService]]:
    """Return a maker of services whose one function, `coach`, is given by its source."""
    with ExitStack() as stack:

        def make(source: str, *, timeout_seconds: float = 20, memory_mb: int = 256, **options: object) -> LambdaService:
            (tmp_path / "entry.py").write_text(dedent(source))
            version = Version("entry.handler", memory_mb=memory_mb, timeout_seconds=timeout_seconds)
            names = ("dead_letters", "retry_delays_seconds", "chance")
            service = {name: options.pop(name) for name in names if name in options}
            described = {"versions": {"$LATEST": version}} | options
            function = DeployedFunction("coach", **described)  # type: ignore[arg-type]  # whatever the test says
            location = CodeLocation(Path(sys.executable), tmp_path)
            return stack.enter_context(LambdaService([function], location, logs, **service))  # type: ignore[arg-type]  # as above

        yield make
