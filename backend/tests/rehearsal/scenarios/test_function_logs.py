"""What the functions' logs tell, of lines the real runtime client and Lambda's own report wrote."""

import sys
from pathlib import Path
from textwrap import dedent
from time import time

import pytest
from tests.rehearsal.aws_server import local_aws

from rehearsal.functions import CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.scenarios.function_logs import Report, explanations, logged, reports_of, summary

WELL = """
    print('{"level":"INFO","message":"well"}')
    def handler(event, context):
        return event
"""
LOGS_AN_ERROR = """
    def handler(event, context):
        print('{"level":"INFO","message":"all is well"}')
        print('{"level":"ERROR","message":"the database does not answer"}')
        return event
"""
RAISES = """
    def handler(event, context):
        raise RuntimeError("nobody thought of this")
"""
REFUSES = """
    class ConfigurationError(Exception):
        pass
    raise ConfigurationError("The configuration is not usable:\\n  OPENAI_API_KEY: is missing\\n  PORT: is no number")
"""
FILLS = """
    import time
    def handler(event, context):
        kept = b"x" * 500_000_000
        time.sleep(600)
"""
FILLS_AT_IMPORT = """
    import time
    kept = b"x" * 500_000_000
    time.sleep(600)
"""
ASKS_FOR_MORE_THAN_THERE_IS = """
    def handler(event, context):
        try:
            return len(b"x" * 2**60)
        except MemoryError as error:
            print(repr(error))
            return 0
"""
EXITS = """
    import os, signal
    def handler(event, context):
        os.kill(os.getpid(), signal.SIGKILL)
"""
HANGS = """
    import time
    def handler(event, context):
        print('{"level":"ERROR","message":"still waiting for the model"}', flush=True)
        time.sleep(600)
"""


def written(
    folder: Path, source: str, *, handler: str = "entry.handler", times: int = 1, timeout_seconds: float = 20
) -> list[str]:
    """Return the log of a function that was invoked."""
    (folder / "entry.py").write_text(dedent(source))
    version = Version(handler, memory_mb=256, timeout_seconds=timeout_seconds)
    logs = FolderLogs(folder / "logs")
    location = CodeLocation(Path(sys.executable), folder)
    with LambdaService([DeployedFunction("coach", {"$LATEST": version})], location, logs) as service:
        for _ in range(times):
            service.invoke("coach", b"{}")
    return logs.read("/aws/lambda/coach")


class TestSummary:
    """One line on a function that ran."""

    def test_starts_and_calls(self, tmp_path: Path) -> None:
        """Invocations, cold starts and memory are counted."""
        lines = written(tmp_path, WELL, times=3)
        first, *warm = reports_of(lines)
        assert first.init_ms
        assert [None, None] == [report.init_ms for report in warm]
        used = max(report.memory_used_mb for report in (first, *warm))
        told = summary("coach", lines)
        assert told.startswith(f"coach: 3 invocations, 1 cold start (init {first.init_ms:.0f} ms), ")
        assert told.endswith(f" ms p50, at most {used} of 256 MB")

    def test_one(self) -> None:
        """One is told as one."""
        line = (
            "REPORT RequestId: 1\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB"
        )
        assert [Report(1.0, 128, 40, None, "", "")] == reports_of([line])
        assert "coach: 1 invocation, 1.0 ms p50, at most 40 of 128 MB" == summary("coach", [line])

    def test_it_never_ran(self) -> None:
        """Nothing in its log is told."""
        assert "coach: never ran, or its logs did not arrive" == summary("coach", [])


class TestExplanations:
    """What went wrong."""

    def test_nothing(self, tmp_path: Path) -> None:
        """A function that did well is not spoken of."""
        assert [] == explanations({"coach": written(tmp_path, WELL)})

    @pytest.mark.parametrize(
        ("handler", "words"),
        [
            ("entrance.handler", "Unable to import module 'entrance': No module named 'entrance'"),
            ("entry.handle", "Handler 'handle' missing on module 'entry'"),
            ("entry", "Bad handler 'entry': not enough values to unpack (expected 2, got 1)"),
        ],
    )
    def test_a_wrong_handler(self, tmp_path: Path, handler: str, words: str) -> None:
        """It is named with what is wrong about it."""
        lines = written(tmp_path, WELL, handler=handler)
        assert [f"coach: its handler cannot be loaded: {words}"] == explanations({"coach": lines})

    @pytest.mark.parametrize(
        "source",
        [FILLS, FILLS_AT_IMPORT, ASKS_FOR_MORE_THAN_THERE_IS, EXITS],
        ids=["handler", "import", "caught", "killed"],
    )
    def test_out_of_memory(self, tmp_path: Path, source: str) -> None:
        """More memory is asked for, in the word Terraform has for it."""
        told = explanations({"coach": written(tmp_path, source)})
        assert ["coach: it ran out of its 256 MB of memory; give it more (memory_mb)"] == told

    def test_a_refused_configuration(self, tmp_path: Path) -> None:
        """The application's own words are told."""
        words = "The configuration is not usable:\n  OPENAI_API_KEY: is missing\n  PORT: is no number"
        told = explanations({"coach": written(tmp_path, REFUSES)})
        assert [f"coach: it refuses its configuration: {words}"] == told

    def test_a_timeout(self, tmp_path: Path) -> None:
        """How long it was given, and what it said last."""
        [told] = explanations({"coach": written(tmp_path, HANGS, timeout_seconds=1)})
        first, *rest = told.splitlines()
        assert (
            "coach: it ran into its timeout of 1 s; give it more (timeout_seconds), or find what it waited for:"
            == first
        )
        assert "still waiting for the model" in "\n".join(rest)

    def test_an_exception(self, tmp_path: Path) -> None:
        """Its type and words are told."""
        [told] = explanations({"coach": written(tmp_path, RAISES)})
        assert told.startswith("coach: it failed:\n")
        assert "RuntimeError: nobody thought of this" in told

    def test_a_logged_error(self, tmp_path: Path) -> None:
        """What it logged as an error is told, and nothing else."""
        words = 'coach: it failed:\n  {"level":"ERROR","message":"the database does not answer"}'
        assert [words] == explanations({"coach": written(tmp_path, LOGS_AN_ERROR)})


class TestLogged:
    """Reading logs where functions keep them."""

    def test_by_function(self) -> None:
        """Each function's lines since then, oldest first; other groups are not functions'."""
        with local_aws() as aws:
            client = aws.client("logs")
            for group in ("/aws/lambda/one", "/aws/lambda/two", "/aws/apigateway/one"):
                client.create_log_group(logGroupName=group)
                client.create_log_stream(logGroupName=group, logStreamName="stream")
            now_ms = int(time() * 1000)
            events = [{"timestamp": now_ms + number, "message": f"line {number}"} for number in range(3)]
            client.put_log_events(logGroupName="/aws/lambda/one", logStreamName="stream", logEvents=events)
            assert {"one": ["line 0", "line 1", "line 2"], "two": []} == logged(aws.session, aws.url)
            assert {"one": ["line 2"], "two": []} == logged(aws.session, aws.url, now_ms + 2)
