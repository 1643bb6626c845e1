"""Environments that begin from a snapshot, under AWS's own runtime client."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from rehearsal.runtime import Credentials, ExecutionEnvironment, Function, InitError, RestoreError

HOOKS = """
    import os, snapshot_restore_py as hooks
    done = []
    hooks.register_before_snapshot(lambda: done.append("before"))
    hooks.register_after_restore(lambda: done.append("after"))
    def handler(event, context):
        return done
"""
FAILS = """
    import snapshot_restore_py as hooks
    def fail():
        raise LookupError("lost")
    hooks.register_{moment}(fail)
    def handler(event, context):
        return None
"""


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., Function]:
    """Return a maker of functions with a snapshot out of their source."""

    def make(source: str, **options: object) -> Function:
        (tmp_path / "entry.py").write_text(dedent(source))
        described = {"has_snapshot": True, "log": tmp_path / "log"} | options
        return Function("entry.handler", Path(sys.executable), tmp_path, **described)  # type: ignore[arg-type]  # whatever the test says

    return make


class TestEnter:
    """A start up to the snapshot, and on from there."""

    def test_runs_the_hooks(self, function: Callable[..., Function]) -> None:
        """Before the snapshot the one, after it the other; both are measured apart."""
        with ExecutionEnvironment(function(HOOKS)) as environment:
            done = json.loads(environment.invoke(b"{}").payload)

        assert ["before", "after"] == done
        assert environment.init_ms > 0
        assert environment.restore_ms is not None

    def test_without_a_snapshot(self, function: Callable[..., Function]) -> None:
        """Nothing runs the hooks of a function that starts on demand."""
        with ExecutionEnvironment(function(HOOKS, has_snapshot=False)) as environment:
            assert (b"[]", None) == (environment.invoke(b"{}").payload, environment.restore_ms)

    def test_waits_where_the_snapshot_is_taken(self, function: Callable[..., Function], tmp_path: Path) -> None:
        """Started alone, it has not been restored; what has changed since is seen by what runs afterwards."""
        source = """
            import pathlib, snapshot_restore_py as hooks
            told = []
            hooks.register_after_restore(lambda: told.append(pathlib.Path("told").read_text()))
            def handler(event, context):
                return told
        """
        environment = ExecutionEnvironment(function(source))
        environment.start()
        (tmp_path / "told").write_text("in between")
        with environment:
            assert b'["in between"]' == environment.invoke(b"{}").payload

    def test_tells_of_open_connections(self, function: Callable[..., Function]) -> None:
        """A connection that is open when the snapshot is taken would be open, and dead, in every copy."""
        source = """
            import os, socket
            listening = socket.create_server(("127.0.0.1", 0))
            calling = socket.create_connection(listening.getsockname())
            def handler(event, context):
                return None
        """
        with ExecutionEnvironment(function(source)) as careless, ExecutionEnvironment(function(HOOKS)) as careful:
            assert (1, 0) == (careless.snapshot_connections, careful.snapshot_connections)

    def test_fails_before_the_snapshot(self, function: Callable[..., Function]) -> None:
        """Then there is no version to publish: it is an error of the start."""
        with (
            pytest.raises(InitError, match="lost"),
            ExecutionEnvironment(function(FAILS.format(moment="before_snapshot"))),
        ):
            pass

    def test_fails_after_the_restore(self, function: Callable[..., Function]) -> None:
        """The copy is of no use; what the hook raised is told."""
        with (
            pytest.raises(RestoreError) as caught,
            ExecutionEnvironment(function(FAILS.format(moment="after_restore"))),
        ):
            pass

        assert caught.value.payload is not None
        assert "LookupError" == json.loads(caught.value.payload)["errorType"]

    def test_knows_no_keys_and_no_log(self, function: Callable[..., Function]) -> None:
        """What a snapshot would outlive is not in its environment; its keys are asked for, with the token alone."""
        source = """
            import json, os
            from urllib.error import HTTPError
            from urllib.request import Request, urlopen
            def handler(event, context):
                url = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
                token = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
                given = json.load(urlopen(Request(url, headers=token)))
                try:
                    urlopen(url)
                except HTTPError as error:
                    refused = error.code
                names = ("AWS_ACCESS_KEY_ID", "AWS_LAMBDA_LOG_STREAM_NAME")
                return given["AccessKeyId"], refused, [name for name in names if name in os.environ]
        """
        with ExecutionEnvironment(function(source, credentials=Credentials("key", "secret", "session"))) as environment:
            assert ["key", 403, []] == json.loads(environment.invoke(b"{}").payload)
