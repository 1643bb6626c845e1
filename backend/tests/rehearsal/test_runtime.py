"""The Runtime API and the execution environment, under AWS's own runtime client."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from time import time

import pytest

from rehearsal.runtime import ExecutionEnvironment, Function, InitError


@pytest.fixture
def function(tmp_path: Path) -> Callable[..., Function]:
    """Return a maker of functions out of their source."""

    def make(source: str, handler: str = "entry.handler", **options: object) -> Function:
        (tmp_path / "entry.py").write_text(dedent(source))
        return Function(handler, Path(sys.executable), tmp_path, log=tmp_path / "log", **options)  # type: ignore[arg-type]  # whatever the test says

    return make


class TestInvoke:
    """One event through the runtime."""

    def test_returns_the_response(self, function: Callable[..., Function]) -> None:
        """What the handler returns arrives, as JSON."""
        with ExecutionEnvironment(function("def handler(event, context): return {'got': event}")) as environment:
            invocation = environment.invoke(b'{"name": "\xc3\xa9"}')

        assert ("response", {"got": {"name": "é"}}) == (invocation.outcome, json.loads(invocation.payload))

    def test_serves_again(self, function: Callable[..., Function]) -> None:
        """One process serves one event after another and keeps what it knows."""
        source = """
            calls = 0
            def handler(event, context):
                global calls
                calls += 1
                return calls
        """
        with ExecutionEnvironment(function(source)) as environment:
            payloads = [environment.invoke(b"{}").payload for _ in range(3)]

        assert [b"1", b"2", b"3"] == payloads

    def test_passes_the_context(self, function: Callable[..., Function]) -> None:
        """The handler sees the request id, the ARN, the deadline and the trace id, as on Lambda."""
        source = """
            import os
            def handler(event, context):
                return [context.aws_request_id, context.invoked_function_arn, context.function_name,
                        context.get_remaining_time_in_millis(), os.environ["_X_AMZN_TRACE_ID"][:7]]
        """
        with ExecutionEnvironment(function(source, name="coach", timeout_seconds=20)) as environment:
            answer = json.loads(environment.invoke(b"{}", request_id="id-1").payload)

        remaining_ms = answer.pop(3)
        assert ["id-1", "arn:aws:lambda:us-east-1:123456789012:function:coach", "coach", "Root=1-"] == answer
        assert 0 < remaining_ms <= 20_000

    def test_measures(self, function: Callable[..., Function]) -> None:
        """Durations of start and invocation, and the peak memory, are the process's own."""
        source = """
            import time
            time.sleep(0.2)
            def handler(event, context):
                time.sleep(0.1)
                return len(b"x" * 64 * 1024 * 1024)
        """
        with ExecutionEnvironment(function(source)) as environment:
            invocation = environment.invoke(b"{}")

        assert environment.init_ms >= 200
        assert invocation.duration_ms >= 100
        assert invocation.max_memory_mb > 64 or not Path("/proc").exists()

    def test_reports_what_the_handler_raised(self, function: Callable[..., Function]) -> None:
        """An exception is the invocation's error; the environment lives on."""
        source = """
            def handler(event, context):
                raise KeyError("lost")
        """
        with ExecutionEnvironment(function(source)) as environment:
            invocation = environment.invoke(b"{}")
            again = environment.invoke(b"{}")

        error = json.loads(invocation.payload)
        assert ("error", "KeyError", "'lost'") == (
            invocation.outcome,
            error["errorType"],
            error["errorMessage"],
        )
        assert "error" == again.outcome

    def test_kills_at_the_timeout(self, function: Callable[..., Function]) -> None:
        """A handler that outlasts its timeout is killed with all it started."""
        source = """
            import os, subprocess, time
            def handler(event, context):
                child = subprocess.Popen(["sleep", "60"])
                open("pids", "w").write(f"{os.getpid()} {child.pid}")
                time.sleep(60)
        """
        described = function(source, timeout_seconds=0.5)
        with ExecutionEnvironment(described) as environment:
            invocation = environment.invoke(b"{}")
            alive = environment.alive

        pids = (described.code / "pids").read_text().split()
        assert ("timeout", False) == (invocation.outcome, alive)
        assert "Task timed out after 0.50 seconds" in json.loads(invocation.payload)["errorMessage"]
        assert [] == [pid for pid in pids if _runs(int(pid))]

    def test_reports_an_exit(self, function: Callable[..., Function]) -> None:
        """A process that ends in the middle of an invocation is an exit, with its status."""
        source = """
            import os
            def handler(event, context):
                os._exit(7)
        """
        with ExecutionEnvironment(function(source)) as environment:
            invocation = environment.invoke(b"{}", request_id="id-1")

        message = "RequestId: id-1 Error: Runtime exited with error: exit status 7"
        assert "exit" == invocation.outcome
        assert {"errorType": "Runtime.ExitError", "errorMessage": message} == json.loads(invocation.payload)

    def test_limits_memory(self, function: Callable[..., Function]) -> None:
        """Who holds more than the configuration gives is killed; what a bare handler needs fits in the least."""
        source = """
            from time import sleep
            def handler(event, context):
                kept = [bytearray(2**20) for _ in range(event)]
                sleep(20 if event > 100 else 0)
                return len(kept)
        """
        with ExecutionEnvironment(function(source, memory_mb=128)) as environment:
            within, beyond = [environment.invoke(megabytes, "id-1") for megabytes in (b"64", b"160")]

        assert b"64" == within.payload
        assert 64 < within.max_memory_mb < 128 == beyond.max_memory_mb
        message = "RequestId: id-1 Error: Runtime exited with error: signal: killed"
        assert {"errorType": "Runtime.OutOfMemory", "errorMessage": message} == json.loads(beyond.payload)

    def test_refuses_a_huge_response(self, function: Callable[..., Function]) -> None:
        """More than 6 MB is an error in Lambda's words."""
        with ExecutionEnvironment(function("def handler(event, context): return 'x' * 7_000_000")) as environment:
            invocation = environment.invoke(b"{}")

        assert "error" == invocation.outcome
        assert "Function.ResponseSizeTooLarge" == json.loads(invocation.payload)["errorType"]

    def test_refuses_when_ended(self, function: Callable[..., Function]) -> None:
        """A dead environment says so instead of waiting."""
        source = """
            import os
            def handler(event, context):
                os._exit(0)
        """
        with ExecutionEnvironment(function(source)) as environment:
            environment.invoke(b"{}")
            with pytest.raises(RuntimeError, match="has ended"):
                environment.invoke(b"{}")

    def test_carries_large_payloads(self, function: Callable[..., Function]) -> None:
        """Megabytes pass both ways unchanged."""
        event = json.dumps("x" * 5_000_000).encode()
        with ExecutionEnvironment(function("def handler(event, context): return event")) as environment:
            invocation = environment.invoke(event)

        assert event == invocation.payload


class TestStart:
    """From spawning to the first poll."""

    def test_inherits_nothing(self, function: Callable[..., Function]) -> None:
        """The process has the function's variables and Lambda's, and none of ours."""
        source = """
            import os
            def handler(event, context): return dict(os.environ)
        """
        described = function(source, environment={"COLOUR": "blue", "AWS_REGION": "moon"}, region="eu-west-1")
        with ExecutionEnvironment(described) as environment:
            seen = json.loads(environment.invoke(b"{}").payload)

        expected = ("blue", "eu-west-1", "entry.handler", "1024", None)
        names = ("COLOUR", "AWS_REGION", "_HANDLER", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "PYTEST_CURRENT_TEST")
        assert expected == tuple(seen.get(name) for name in names)

    def test_reports_a_missing_module(self, function: Callable[..., Function]) -> None:
        """A handler that cannot be imported is an init error in the runtime's words."""
        with pytest.raises(InitError) as raised, ExecutionEnvironment(function("", handler="absent.handler")):
            pass

        error = json.loads(raised.value.payload)
        assert "Runtime.ImportModuleError" == error["errorType"]
        assert "No module named 'absent'" in error["errorMessage"]

    def test_reports_a_crash_at_import(self, function: Callable[..., Function]) -> None:
        """An exception while the module loads is an init error of its type."""
        with pytest.raises(InitError) as raised, ExecutionEnvironment(function("raise ValueError('no key')")):
            pass

        error = json.loads(raised.value.payload)
        assert ("ValueError", "no key") == (error["errorType"], error["errorMessage"])

    def test_reports_an_exit_at_import(self, function: Callable[..., Function]) -> None:
        """A process that ends before its first poll is an init error with its status."""
        with (
            pytest.raises(InitError, match="exit status 3"),
            ExecutionEnvironment(function("import os; os._exit(3)")),
        ):
            pass

    def test_gives_up_on_a_hang(self, function: Callable[..., Function]) -> None:
        """An import that does not end is killed when Lambda's patience is over."""
        described = function("import time; time.sleep(60)", init_timeout_seconds=0.3)
        started = time()

        with pytest.raises(InitError, match="Init took over"), ExecutionEnvironment(described):
            pass

        assert time() - started < 30


def _runs(pid: int) -> bool:
    """Whether the process is there; one that has ended but is not yet reaped by init is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
