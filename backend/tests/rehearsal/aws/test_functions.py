"""Functions of a guarded AWS: they write what their role may, and stay as they are deployed."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import boto3
import pytest
from tests.rehearsal.aws.calls import allow
from tests.rehearsal.aws.conftest import TRUST

from rehearsal.aws import LocalAws
from rehearsal.functions import CodeLocation, ResourceNotFound, TooManyRequests
from rehearsal.functions.deliveries import CloudWatchLogs, XRay
from rehearsal.functions.reloading import ReloadingLambda
from rehearsal.gateway import GatewayServer, InvokeApi

pytestmark = pytest.mark.usefixtures("without_functions")

Client = Callable[[str], Any]
Start = Callable[..., ReloadingLambda]

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coach@sha256:"
LOGS = allow(["logs:CreateLogStream", "logs:PutLogEvents"], Sid="WriteLogs")
TRACE = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Sid="Trace")
SOURCE = """
    import os
    def handler(event, context):
        print("working")
        return [os.environ.get("COLOUR"), os.getpid(), os.environ["_X_AMZN_TRACE_ID"]]
    def call(event, context):
        import boto3
        called = boto3.client("lambda").invoke(FunctionName=event, Payload=b"{}")
        return len(called["Payload"].read())
    def fail(event, context):
        raise ValueError("no luck")
"""


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """Return the session of who serves functions."""
    return boto3.Session("deployer", "secret", region_name="us-east-1")


@pytest.fixture
def start(session: boto3.Session, local_aws: LocalAws, deployer: Client, name: str, tmp_path: Path) -> Iterator[Start]:
    """Return a function: give it a role's statements, and it deploys a function of that role and serves it."""
    (tmp_path / "entry.py").write_text(dedent(SOURCE))
    with ExitStack() as stack:

        def deploy(*statements: dict[str, Any], **configuration: Any) -> ReloadingLambda:
            iam, client = deployer("iam"), deployer("lambda")
            role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
            if statements:
                document = json.dumps({"Version": "2012-10-17", "Statement": statements})
                iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=document)
            image = {"PackageType": "Image", "Code": {"ImageUri": f"{IMAGE}{'a' * 64}"}}
            client.create_function(FunctionName=name, Role=role, Timeout=20, **image, **configuration)
            stack.callback(client.delete_function, FunctionName=name)
            logs, traces = CloudWatchLogs(session, local_aws.url), XRay(session, local_aws.url)
            location = CodeLocation(Path(sys.executable), tmp_path, {"AWS_ENDPOINT_URL": local_aws.url})
            return stack.enter_context(
                ReloadingLambda(session, local_aws.url, "entry.handler", location, logs, traces=traces)
            )

        yield deploy


class TestLogs:
    """A function's log is written by its role."""

    def test_allowed(self, start: Start, deployer: Client, local_aws: LocalAws, name: str) -> None:
        """What the role may write is there, and its statement is used."""
        service = start(LOGS)
        deployer("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
        service.invoke(name, b"{}")

        assert "working" in _messages(deployer, name)
        assert ["WriteLogs"] == [one["sid"] for one in local_aws.authorization()["used"] if one["role"] == name]

    def test_denied(self, start: Start, deployer: Client, local_aws: LocalAws, name: str) -> None:
        """A role that may not has no log, the function answers nevertheless, and the denial is on record."""
        service = start()
        deployer("logs").create_log_group(logGroupName=f"/aws/lambda/{name}")
        answer = service.invoke(name, b"{}")

        assert (None, []) == (answer.function_error, _messages(deployer, name))
        assert {"logs:CreateLogStream"} == _denied(local_aws, name)

    def test_makes_no_group_it_may_not(self, start: Start, deployer: Client, local_aws: LocalAws, name: str) -> None:
        """A log group that is not there is made by a role that may, and not by this one."""
        start(LOGS).invoke(name, b"{}")

        groups = deployer("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
        assert ([], {"logs:CreateLogGroup"}) == (groups, _denied(local_aws, name))

    def test_makes_its_group(self, start: Start, deployer: Client, name: str) -> None:
        """A role that may create log groups need not be given one."""
        start(LOGS, allow("logs:CreateLogGroup")).invoke(name, b"{}")

        assert "working" in _messages(deployer, name)


class TestTraces:
    """Segments are sent by the function's role."""

    def test_allowed(self, start: Start, deployer: Client, local_aws: LocalAws, name: str) -> None:
        """The trace that the function was told of can be read, with the service's and the function's segments."""
        service = start(LOGS, TRACE, TracingConfig={"Mode": "Active"})
        header = json.loads(service.invoke(name, b"{}").payload)[2]
        service.settle()

        root = header.partition(";")[0].removeprefix("Root=")
        [trace] = deployer("xray").batch_get_traces(TraceIds=[root])["Traces"]
        documents = [json.loads(segment["Document"]) for segment in trace["Segments"]]
        ids = {document["origin"]: document["id"] for document in documents}
        assert {"AWS::Lambda", "AWS::Lambda::Function"} == ids.keys()
        assert f"Parent={ids['AWS::Lambda::Function']};Sampled=1" == header.partition(";")[2]
        assert root in _summaries(deployer)
        used = {one["sid"]: one["count"] for one in local_aws.authorization()["used"] if one["role"] == name}
        assert 2 == used["Trace"]

    def test_fault(self, start: Start, deployer: Client, name: str) -> None:
        """A function's error is a fault in the summary."""
        service = start(TRACE, TracingConfig={"Mode": "Active"}, ImageConfig={"Command": ["entry.fail"]})
        before = set(_summaries(deployer))
        service.invoke(name, b"{}")
        service.settle()

        [fault] = [summary["HasFault"] for root, summary in _summaries(deployer).items() if root not in before]
        assert fault

    def test_denied(self, start: Start, local_aws: LocalAws, name: str) -> None:
        """A role that may not send has no traces, the function answers, and the denials are on record."""
        service = start(LOGS, allow("logs:CreateLogGroup"), TracingConfig={"Mode": "Active"})
        answer = service.invoke(name, b"{}")
        service.settle()

        assert answer.function_error is None
        assert {"xray:PutTraceSegments", "xray:PutTelemetryRecords"} == _denied(local_aws, name)

    def test_not_asked_for(self, start: Start, local_aws: LocalAws, name: str) -> None:
        """Without active tracing nothing is sampled."""
        service = start(LOGS, TRACE, allow("logs:CreateLogGroup"))
        header = json.loads(service.invoke(name, b"{}").payload)[2]
        service.settle()

        assert header.endswith("Sampled=0")
        assert "Trace" in [one["sid"] for one in local_aws.authorization()["unused"] if one["role"] == name]


class TestCalls:
    """A function calls another as its role."""

    @pytest.mark.parametrize("action", ["lambda:InvokeFunction", "lambda:GetFunction"])
    def test_call(self, start: Start, local_aws: LocalAws, deployer: Client, name: str, action: str) -> None:
        """It reaches the other's own process if the role may, and the caller learns if not."""
        service = start(allow(action), ImageConfig={"Command": ["entry.call"]})
        client = deployer("lambda")
        role = client.get_function_configuration(FunctionName=name)["Role"]
        image = {"PackageType": "Image", "Code": {"ImageUri": f"{IMAGE}{'a' * 64}"}}
        client.create_function(FunctionName=f"{name}-other", Role=role, Timeout=20, **image)
        with GatewayServer(InvokeApi(service)) as server:
            local_aws.invoke_through(server.url)
            answer = service.invoke(name, json.dumps(f"{name}-other").encode())
            local_aws.invoke_through(None)
        client.delete_function(FunctionName=f"{name}-other")

        may = action == "lambda:InvokeFunction"
        assert (None if may else "Unhandled") == answer.function_error
        assert may == (b"AccessDenied" not in answer.payload)


class TestFollowing:
    """What is deployed counts from the next invocation on."""

    def test_configuration(self, start: Start, deployer: Client, name: str) -> None:
        """A changed variable reaches the function; a published version does not change, and stays warm."""
        service, client = start(Environment={"Variables": {"COLOUR": "blue"}}), deployer("lambda")
        client.publish_version(FunctionName=name)
        before = _answer(service, name, "1")
        client.update_function_configuration(FunctionName=name, Environment={"Variables": {"COLOUR": "red"}})

        assert "red" == _answer(service, name)[0]
        assert before == _answer(service, name, "1")

    def test_nothing_changed(self, start: Start, deployer: Client, name: str) -> None:
        """Reading and invoking change nothing, and neither does another service: the environment stays."""
        service = start()
        before = _answer(service, name)
        deployer("lambda").get_function(FunctionName=name)
        deployer("s3").create_bucket(Bucket=name)

        assert before == _answer(service, name)

    def test_code(self, start: Start, deployer: Client, name: str) -> None:
        """A new image is a new environment."""
        service = start()
        before = _answer(service, name)
        deployer("lambda").update_function_code(FunctionName=name, ImageUri=f"{IMAGE}{'b' * 64}")

        assert before != _answer(service, name)

    def test_alias(self, start: Start, deployer: Client, name: str) -> None:
        """An alias can be made and moved."""
        service, client = start(Environment={"Variables": {"COLOUR": "blue"}}), deployer("lambda")
        client.publish_version(FunctionName=name)
        client.update_function_configuration(FunctionName=name, Environment={"Variables": {"COLOUR": "red"}})
        client.publish_version(FunctionName=name)
        client.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        before = _answer(service, name, "live")
        client.update_alias(FunctionName=name, Name="live", FunctionVersion="2")

        assert ["blue", "red"] == [before[0], _answer(service, name, "live")[0]]

    def test_concurrency(self, start: Start, deployer: Client, name: str) -> None:
        """A function can be switched off, and on again, warm as it was."""
        service, client = start(), deployer("lambda")
        before = _answer(service, name)
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        with pytest.raises(TooManyRequests):
            service.invoke(name, b"{}")
        client.delete_function_concurrency(FunctionName=name)

        assert before == _answer(service, name)

    def test_new_and_gone(self, start: Start, deployer: Client, name: str) -> None:
        """A function made later is found, and one deleted is not."""
        service, client = start(), deployer("lambda")
        role = client.get_function_configuration(FunctionName=name)["Role"]
        image = {"PackageType": "Image", "Code": {"ImageUri": f"{IMAGE}{'a' * 64}"}}
        client.create_function(FunctionName=f"{name}-new", Role=role, **image)
        assert 2 == len(_answer(service, f"{name}-new"))
        client.delete_function(FunctionName=f"{name}-new")
        with pytest.raises(ResourceNotFound):
            service.invoke(f"{name}-new", b"{}")


def _answer(service: ReloadingLambda, name: str, qualifier: str | None = None) -> list[Any]:
    """Return what the function says of itself but for its trace, which is another each time."""
    answered: list[Any] = json.loads(service.invoke(name, b"{}", qualifier).payload)
    return answered[:2]


def _messages(deployer: Client, name: str) -> list[str]:
    found = deployer("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    return [event["message"] for event in found]


def _denied(aws: LocalAws, role: str) -> set[str]:
    return {denial["action"] for denial in aws.authorization()["denied"] if denial["role"] == role}


def _summaries(deployer: Client) -> dict[str, Any]:
    now = datetime.now(UTC)
    window = {"StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(hours=1)}
    found = deployer("xray").get_trace_summaries(**window)["TraceSummaries"]
    return {summary["Id"]: summary for summary in found}
