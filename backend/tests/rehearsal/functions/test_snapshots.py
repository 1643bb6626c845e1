"""Versions with a snapshot: what their logs say, and what a failure is to who invokes."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import boto3
import pytest

from deployment.children import Children
from rehearsal.aws import LocalAws
from rehearsal.functions import CodeLocation, DeployedFunction, FolderLogs, LambdaService, RestoreFailed, Version
from rehearsal.functions.deployed import read_functions

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
            location = CodeLocation(Path(sys.executable), tmp_path)
            return stack.enter_context(LambdaService([function], location, logs))

        yield make


class TestReadFunctions:
    """What a deployment says of its functions."""

    def test_published_versions_have_one(self, tmp_path: Path) -> None:
        """A function with SnapStart has a snapshot of each version, and none of what is not published."""
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        image = {"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/coach@sha256:" + "a" * 64}
        session = boto3.Session("local", "local", region_name="us-east-1")
        with Children() as children:
            aws = LocalAws.start(children, log=tmp_path / "aws.log")
            aws.wait()
            iam, client = (session.client(name, endpoint_url=aws.url) for name in ("iam", "lambda"))
            role = iam.create_role(RoleName="coach", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
            described = {"Role": role, "PackageType": "Image", "Code": image, "Publish": True}
            client.create_function(FunctionName="coach", SnapStart={"ApplyOn": "PublishedVersions"}, **described)
            [coach] = read_functions(session, aws.url, "entry.handler")

        assert {"$LATEST": False, "1": True} == {name: one.has_snapshot for name, one in coach.versions.items()}


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
