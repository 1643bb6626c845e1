"""Lambda's Invoke operation, called by AWS's own SDK."""

import base64
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import GatewayServer, InvokeApi

SOURCE = """
    import pathlib
    def handler(event, context):
        print("working")
        if event == "fail":
            raise ValueError("no luck")
        pathlib.Path("seen").write_text(context.aws_request_id)
        return event
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[LambdaService]:
    """Yield a service of one function, `coach`, and one that may not run, `off`."""
    (tmp_path / "entry.py").write_text(dedent(SOURCE))
    versions = {number: Version("entry.handler", timeout_seconds=20) for number in ("$LATEST", "1")}
    functions = [
        DeployedFunction("coach", versions, {"live": Alias("1")}),
        DeployedFunction("off", versions, reserved_concurrency=0),
    ]
    location = CodeLocation(Path(sys.executable), tmp_path)
    with LambdaService(functions, location, FolderLogs(tmp_path / "logs")) as started:
        yield started


@pytest.fixture
def client(service: LambdaService) -> Iterator[Any]:
    """Yield an SDK's client of the service."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    with GatewayServer(InvokeApi(service)) as server:
        once = Config(retries={"total_max_attempts": 1})
        yield session.client("lambda", endpoint_url=server.url, config=once)


class TestInvoke:
    """The Invoke operation."""

    def test_answers(self, client: Any) -> None:
        """The payload, the version and the end of the log come back."""
        answer = client.invoke(FunctionName="coach", Qualifier="live", Payload=b'{"a": 1}', LogType="Tail")

        assert ({"a": 1}, "1") == (json.loads(answer["Payload"].read()), answer["ExecutedVersion"])
        words = [line.split(" ")[0] for line in base64.b64decode(answer["LogResult"]).decode().splitlines()]
        assert ["START", "working", "END", "REPORT"] == words

    def test_reports_a_function_error(self, client: Any) -> None:
        """An exception is a 200 with the error beside it."""
        answer = client.invoke(FunctionName="coach", Payload=b'"fail"')

        assert ("Unhandled", "no luck") == (
            answer["FunctionError"],
            json.loads(answer["Payload"].read())["errorMessage"],
        )

    def test_later(self, client: Any, service: LambdaService, tmp_path: Path) -> None:
        """An event is accepted, and run under the id it was accepted with."""
        answer = client.invoke(FunctionName="coach", InvocationType="Event", Payload=b"{}")
        service.settle()

        assert (202, (tmp_path / "seen").read_text()) == (
            answer["StatusCode"],
            answer["ResponseMetadata"]["RequestId"],
        )

    @pytest.mark.parametrize(
        ("name", "payload", "code", "status"),
        [
            ("absent", b"{}", "ResourceNotFoundException", 404),
            ("coach", b"{", "InvalidRequestContentException", 400),
            ("coach", b'"%s"' % (b"x" * 6 * 1024 * 1024), "RequestTooLargeException", 413),
            ("coach", b'"%s"' % (b"x" * 10 * 1024 * 1024), "RequestTooLargeException", 413),
            ("off", b"{}", "TooManyRequestsException", 429),
        ],
    )
    def test_refuses(self, client: Any, name: str, payload: bytes, code: str, status: int) -> None:
        """What Lambda refuses, the SDK raises as it does for AWS."""
        with pytest.raises(ClientError) as raised:
            client.invoke(FunctionName=name, Payload=payload)

        response = raised.value.response
        assert (code, status) == (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"])
