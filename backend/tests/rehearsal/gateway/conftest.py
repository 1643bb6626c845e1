"""An API before real functions."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent
from typing import Any

import httpx
import pytest
from tests.rehearsal.gateway.apis import rest_api

from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import Api, Gateway, GatewayServer


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Callable[..., httpx.Client]]:
    """Return a maker of clients of an API before a function, `coach`, given by its source."""
    with ExitStack() as stack:

        def make(source: str, api: Api | None = None, *, timeout_seconds: float = 20, **options: Any) -> httpx.Client:
            (tmp_path / "entry.py").write_text(dedent(source))
            versions = {"1": Version("entry.handler", memory_mb=256, timeout_seconds=timeout_seconds)}
            function = DeployedFunction("coach", versions, {"live": Alias("1")}, **options)
            location = CodeLocation(Path(sys.executable), tmp_path)
            service = stack.enter_context(LambdaService([function], location, FolderLogs(tmp_path / "logs")))
            server = stack.enter_context(GatewayServer(Gateway(api or rest_api(), service)))
            return stack.enter_context(httpx.Client(base_url=server.url, timeout=60, trust_env=False))

        yield make
