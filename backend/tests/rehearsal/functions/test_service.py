"""Invocations as Lambda answers them, under AWS's own runtime client."""

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest
from tests.rehearsal.functions.handlers import ECHO, PID, WAITS, Serve

from rehearsal.functions import (
    Alias,
    FolderLogs,
    InvalidRequestContent,
    RequestTooLarge,
    ResourceNotFound,
    TooManyRequests,
    Version,
)

GROUP = "/aws/lambda/coach"


class TestInvoke:
    """Synchronous invocation."""

    def test_answers(self, serve: Serve) -> None:
        """What the handler returns comes back, without an error."""
        answer = serve(ECHO).invoke("coach", b'{"a": 1}')

        assert ({"a": 1}, None, "$LATEST") == (json.loads(answer.payload), answer.function_error, answer.version)

    def test_reuses_a_warm_environment(self, serve: Serve) -> None:
        """The second event goes to the same process."""
        service = serve(PID)

        assert service.invoke("coach", b"{}").payload == service.invoke("coach", b"{}").payload

    @pytest.mark.parametrize("name", ["coach", "arn:aws:lambda:us-east-1:123456789012:function:coach:$LATEST"])
    def test_knows_names_and_arns(self, serve: Serve, name: str) -> None:
        """A function is called by its name or its ARN."""
        assert b"1" == serve(ECHO).invoke(name, b"1").payload

    @pytest.mark.parametrize("name", ["absent", "coach:blue", "no such name"])
    def test_refuses_the_unknown(self, serve: Serve, name: str) -> None:
        """No function, no alias, no name at all: not found."""
        with pytest.raises(ResourceNotFound, match="Function not found"):
            serve(ECHO).invoke(name, b"{}")

    def test_refuses_a_huge_event(self, serve: Serve) -> None:
        """More than 6 MB is refused before the function sees it."""
        with pytest.raises(RequestTooLarge, match="6291456 bytes"):
            serve(ECHO).invoke("coach", b'"%s"' % (b"x" * 6 * 1024 * 1024))

    def test_refuses_what_is_no_json(self, serve: Serve) -> None:
        """An event is JSON."""
        with pytest.raises(InvalidRequestContent):
            serve(ECHO).invoke("coach", b"{")


class TestConcurrency:
    """As many environments as are reserved."""

    def test_scales_out_and_throttles(self, serve: Serve, tmp_path: Path) -> None:
        """Events at the same time get processes of their own, up to the reserved number; the next is refused."""
        service = serve(WAITS, reserved_concurrency=2)
        with ThreadPoolExecutor(2) as threads:
            running = [threads.submit(service.invoke, "coach", b"{}") for _ in range(2)]
            _wait_for(lambda: len(list(tmp_path.glob("started-*"))) == 2)
            with pytest.raises(TooManyRequests, match="Rate Exceeded"):
                service.invoke("coach", b"{}")
            (tmp_path / "go").touch()
            pids = {future.result().payload for future in running}

        assert 2 == len(pids)
        assert service.invoke("coach", b"{}").payload in pids

    def test_none_reserved_is_none(self, serve: Serve) -> None:
        """Zero switches a function off."""
        with pytest.raises(TooManyRequests):
            serve(ECHO, reserved_concurrency=0).invoke("coach", b"{}")

    def test_leaves_nothing_running(self, serve: Serve, tmp_path: Path) -> None:
        """Closing ends warm and busy environments alike."""
        service = serve(WAITS)
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(service.invoke, "coach", b"{}")
            _wait_for(lambda: bool(list(tmp_path.glob("started-*"))))
            service.close()
            answer = running.result()

        pid = int(next(tmp_path.glob("started-*")).name.partition("-")[2])
        assert "Runtime.ExitError" == json.loads(answer.payload)["errorType"]
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


class TestFailures:
    """Functions that go wrong: an unhandled error each time, and a working service after it."""

    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            ("raise ValueError('no key')", "ValueError"),
            ("import os; os._exit(3)", "Runtime.ExitError"),
            ("def other(event, context): pass", "Runtime.HandlerNotFound"),
            ("def handler(event, context): raise KeyError('lost')", "KeyError"),
            ("import os\ndef handler(event, context): os._exit(1)", "Runtime.ExitError"),
            ("import time\ndef handler(event, context): time.sleep(60)", "Sandbox.Timedout"),
            ("def handler(event, context): return {1, 2}", "Runtime.MarshalError"),
            ("def handler(event, context): return 'x' * 7_000_000", "Function.ResponseSizeTooLarge"),
            (
                "import time\ndef handler(event, context): kept = [b'x' * 3 * 10**8, time.sleep(60)]",
                "Runtime.OutOfMemory",
            ),
        ],
    )
    def test_reports(self, serve: Serve, logs: FolderLogs, source: str, kind: str) -> None:
        """The error has Lambda's type, and the log a REPORT that names it."""
        service = serve(source, timeout_seconds=1)

        answers = [service.invoke("coach", b"{}") for _ in range(2)]

        assert ["Unhandled"] * 2 == [answer.function_error for answer in answers]
        assert [kind] * 2 == [json.loads(answer.payload)["errorType"] for answer in answers]
        reports = [line for line in logs.read(GROUP) if line.startswith("REPORT")]
        status = "Status: timeout" if kind == "Sandbox.Timedout" else f"Status: error\tError Type: {kind}"
        assert [True, True] == [line.endswith(status) for line in reports]

    def test_a_dead_environment_is_replaced(self, serve: Serve) -> None:
        """After an exit the next event starts a fresh process."""
        source = """
            import os
            def handler(event, context):
                os._exit(1) if event else None
                return "alive"
        """
        service = serve(source)

        assert ["Unhandled", None] == [service.invoke("coach", event).function_error for event in (b"1", b"0")]


class TestLogs:
    """What CloudWatch would have."""

    def test_report(self, serve: Serve, logs: FolderLogs) -> None:
        """START, the function's lines, END and REPORT stand in order; only a cold start has an init duration."""
        source = """
            print("loading")
            def handler(event, context):
                print("one\\ntwo")
        """
        service = serve(source)
        first = service.invoke("coach", b"{}")
        service.invoke("coach", b"{}")

        lines = logs.read(GROUP)
        cold, warm = (line.split("\t") for line in lines if line.startswith("REPORT"))
        words = [line.split(" ")[0] for line in lines]
        assert ["loading", *["START", "one", "two", "END", "REPORT"] * 2] == words
        assert f"START RequestId: {first.request_id} Version: $LATEST" == lines[1]
        names = ["Duration", "Billed Duration", "Memory Size", "Max Memory Used", "Init Duration"]
        assert names == [field.partition(":")[0] for field in cold[1:]]
        assert names[:-1] == [field.partition(":")[0] for field in warm[1:]]
        assert "Memory Size: 256 MB" == cold[3]

    def test_the_function_knows_its_stream(self, serve: Serve, tmp_path: Path) -> None:
        """The stream's name in the environment is the one it is logged under."""
        source = """
            import os
            def handler(event, context):
                return context.log_group_name + "/" + context.log_stream_name
        """
        name = json.loads(serve(source).invoke("coach", b"{}").payload)

        assert (tmp_path / "logs" / f"{name.strip('/')}.log").is_file()


class TestVersions:
    """Versions and aliases."""

    def test_weights(self, serve: Serve) -> None:
        """An alias sends its share of events to the other version."""
        versions = {"1": Version("entry.old"), "2": Version("entry.new")}
        source = """
            def old(event, context): return ["old", context.function_version, context.invoked_function_arn[-10:]]
            def new(event, context): return ["new", context.function_version, context.invoked_function_arn[-10:]]
        """
        chances = iter([0.05, 0.1, 0.9])
        service = serve(source, versions=versions, aliases={"live": Alias("1", {"2": 0.1})}, chance=chances.__next__)

        answers = [json.loads(service.invoke("coach", b"{}", "live").payload) for _ in range(3)]

        assert [["new", "2", "coach:live"], *[["old", "1", "coach:live"]] * 2] == answers

    def test_deploys_anew(self, serve: Serve, tmp_path: Path) -> None:
        """A new configuration ends the environments of the versions it changes, and no others."""
        version = Version("entry.handler", timeout_seconds=20)
        service = serve(PID, versions={"$LATEST": version, "1": version})
        before = [service.invoke("coach", b"{}", qualifier).payload for qualifier in ("$LATEST", "1")]
        changed = {"$LATEST": replace(version, memory_mb=512), "1": version}
        service.deploy(replace(service.deployed("coach"), versions=changed, reserved_concurrency=2))
        after = [service.invoke("coach", b"{}", qualifier).payload for qualifier in ("$LATEST", "1")]

        assert [False, True] == [old == new for old, new in zip(before, after, strict=True)]

    def test_deploys_under_an_event(self, serve: Serve, tmp_path: Path) -> None:
        """An event that runs when its function is changed ends in good order; the next one meets the change."""
        service = serve(WAITS)
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(service.invoke, "coach", b"{}")
            _wait_for(lambda: bool(list(tmp_path.glob("started-*"))))
            deployed = service.deployed("coach")
            changed = {"$LATEST": replace(deployed.versions["$LATEST"], memory_mb=512)}
            service.deploy(replace(deployed, versions=changed))
            (tmp_path / "go").touch()
            answer = running.result()

        assert answer.function_error is None
        assert answer.payload != service.invoke("coach", b"{}").payload

    def test_removes(self, serve: Serve) -> None:
        """What is not deployed any longer is not found."""
        service = serve(ECHO)
        service.deploy_all([])
        with pytest.raises(ResourceNotFound):
            service.invoke("coach", b"{}")


def _wait_for(condition: Callable[[], bool], attempts: Iterable[int] = range(2000)) -> None:
    for _ in attempts:
        if condition():
            return
        sleep(0.01)
    pytest.fail("it did not come to pass")
