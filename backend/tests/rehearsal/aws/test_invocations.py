"""Functions invoked through the local AWS run where they really run."""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.rehearsal.aws.calls import allow, code_of

from rehearsal.aws import LocalAws
from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import GatewayServer, InvokeApi

Client = Callable[[str], Any]
AsRole = Callable[..., Client]

COACH = "arn:aws:lambda:us-east-1:123456789012:function:coach"
SOURCE = """
    import pathlib
    def handler(event, context):
        print("working")
        if event == "fail":
            raise ValueError("no luck")
        pathlib.Path("seen").write_text(context.aws_request_id)
        return [event, context.invoked_function_arn]
"""


@pytest.fixture
def service(local_aws: LocalAws, tmp_path: Path) -> Iterator[LambdaService]:
    """Yield what runs the function `coach` for the local AWS."""
    (tmp_path / "entry.py").write_text(dedent(SOURCE))
    versions = {number: Version("entry.handler", timeout_seconds=20) for number in ("$LATEST", "1")}
    function = DeployedFunction("coach", versions, {"live": Alias("1")})
    with (
        LambdaService(
            [function], CodeLocation(Path(sys.executable), tmp_path), FolderLogs(tmp_path / "logs")
        ) as started,
        GatewayServer(InvokeApi(started)) as server,
    ):
        local_aws.invoke_through(server.url)
        yield started
        local_aws.invoke_through(None)


@pytest.mark.usefixtures("service")
class TestDeployer:
    """Whoever deploys may invoke."""

    def test_answers(self, deployer: Client) -> None:
        """The payload, the version and the end of the log come back."""
        answer = deployer("lambda").invoke(FunctionName="coach", Qualifier="live", Payload=b'{"a": 1}', LogType="Tail")

        payload = json.loads(answer["Payload"].read())
        assert ([{"a": 1}, f"{COACH}:live"], "1") == (payload, answer["ExecutedVersion"])
        assert b"working" in base64.b64decode(answer["LogResult"])

    def test_by_arn(self, deployer: Client) -> None:
        """An ARN may name the alias."""
        answer = deployer("lambda").invoke(FunctionName=f"{COACH}:live", Payload=b"1")

        assert [1, f"{COACH}:live"] == json.loads(answer["Payload"].read())

    def test_reports_a_function_error(self, deployer: Client) -> None:
        """An exception is a 200 with the error beside it."""
        answer = deployer("lambda").invoke(FunctionName="coach", Payload=b'"fail"')

        assert "Unhandled" == answer["FunctionError"]
        assert "no luck" == json.loads(answer["Payload"].read())["errorMessage"]

    def test_refuses(self, deployer: Client) -> None:
        """What Lambda refuses comes back as it refused it."""
        invoke = deployer("lambda").invoke
        assert "ResourceNotFoundException" == code_of(invoke, FunctionName="absent")
        assert "ResourceNotFoundException" == code_of(
            invoke, FunctionName="coach", Qualifier="absent", InvocationType="DryRun"
        )
        assert "InvalidRequestContentException" == code_of(invoke, FunctionName="coach", Payload=b"{")

    def test_later(self, deployer: Client, service: LambdaService, tmp_path: Path) -> None:
        """An event is accepted, and run."""
        answer = deployer("lambda").invoke(FunctionName="coach", InvocationType="Event", Payload=b"{}")
        service.settle()

        assert 202 == answer["StatusCode"]
        assert answer["ResponseMetadata"]["RequestId"] == (tmp_path / "seen").read_text()

    def test_the_old_way(self, deployer: Client, service: LambdaService, tmp_path: Path) -> None:
        """InvokeAsync accepts an event as well."""
        answer = deployer("lambda").invoke_async(FunctionName="coach", InvokeArgs=b"{}")
        service.settle()

        assert (202, True) == (answer["Status"], (tmp_path / "seen").exists())


@pytest.mark.usefixtures("service")
class TestRole:
    """A role needs lambda:InvokeFunction on what it invokes."""

    def test_allowed(self, as_role: AsRole) -> None:
        """A statement with the alias's ARN lets it invoke the alias, in earnest or to see whether it may."""
        client = as_role(allow("lambda:InvokeFunction", f"{COACH}:live"))("lambda")
        called = {"FunctionName": "coach", "Qualifier": "live"}

        assert 200 == client.invoke(**called, Payload=b"1")["StatusCode"]
        assert 204 == client.invoke(**called, InvocationType="DryRun")["StatusCode"]

    @pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
    def test_denied(self, as_role: AsRole, tmp_path: Path, kind: str) -> None:
        """One with another's does not, and the function sees nothing."""
        client = as_role(allow("lambda:InvokeFunction", f"{COACH}:live"))("lambda")

        with pytest.raises(ClientError, match=f"lambda:InvokeFunction on resource: {COACH} ") as caught:
            client.invoke(FunctionName="coach", InvocationType=kind, Payload=b"1")
        assert 403 == caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
        assert not (tmp_path / "seen").exists()


class TestNowhere:
    """Without the functions' own service nothing runs, and no SDK tries again."""

    def test_not_started(self, deployer: Client) -> None:
        """It is said that none was started."""
        with pytest.raises(ClientError, match="No functions run here"):
            deployer("lambda").invoke(FunctionName="coach")

    def test_gone(self, local_aws: LocalAws, deployer: Client) -> None:
        """It is said where they do not answer."""
        local_aws.invoke_through("http://127.0.0.1:9")
        with pytest.raises(ClientError, match=r"do not answer at http://127\.0\.0\.1:9"):
            deployer("lambda").invoke(FunctionName="coach")
        local_aws.invoke_through(None)
