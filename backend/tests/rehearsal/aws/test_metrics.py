"""What CloudWatch of the local AWS is told: by lines of the log, by functions, by the gateway."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from rehearsal.aws import LocalAws
from rehearsal.functions import (
    Alias,
    Asynchronous,
    CodeLocation,
    DeployedFunction,
    FolderLogs,
    LambdaService,
    TooManyRequests,
    Version,
)
from rehearsal.functions.metrics import CloudWatch
from rehearsal.gateway import Gateway, Request
from rehearsal.gateway.api import Api, Integration, Route, Stage

Client = Callable[[str], Any]

SOURCE = """
def handler(event, context):
    if event.get("path") == "/fails":
        raise ValueError("no luck")
    return {"statusCode": 200, "body": ""}
"""


class TestEmbeddedMetrics:
    """Lines in the embedded metric format become metrics."""

    def test_a_line(self, deployer: Client, name: str) -> None:
        """Every directive's metrics are there, under each set of dimensions; other lines tell nothing."""
        line = {
            "_aws": {
                "Timestamp": 1,
                "CloudWatchMetrics": [
                    {"Namespace": name, "Dimensions": [["function"], []], "Metrics": [{"Name": "Tokens"}]},
                    {"Namespace": name, "Dimensions": [["model"]], "Metrics": [{"Name": "Calls", "Unit": "Count"}]},
                ],
            },
            "Tokens": [3, 4],
            "Calls": 1,
            "function": "coach",
            "model": "small",
        }
        logs, now_ms = deployer("logs"), int(datetime.now(UTC).timestamp() * 1000)
        logs.create_log_group(logGroupName=name)
        logs.create_log_stream(logGroupName=name, logStreamName="s")
        events = [{"timestamp": now_ms, "message": text} for text in (json.dumps(line), '{"_aws": 1}', '"_aws" {')]
        logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=events)

        assert (7.0, 1.0) == (
            total(deployer, name, "Tokens", {"function": "coach"}),
            total(deployer, name, "Calls", {"model": "small"}),
        )
        known = deployer("cloudwatch").list_metrics(Namespace=name)["Metrics"]
        assert {"Tokens", "Calls"} == {one["MetricName"] for one in known}


class TestFunctions:
    """Functions and the gateway tell what they did."""

    @pytest.fixture
    def metrics(self, local_aws: LocalAws) -> CloudWatch:
        """Return what tells CloudWatch."""
        return CloudWatch(boto3.Session("deployer", "secret", region_name="us-east-1"), local_aws.url)

    @pytest.fixture
    def service(self, name: str, metrics: CloudWatch, tmp_path: Path) -> Iterator[LambdaService]:
        """Yield what runs a function, its alias `live` at version 1, one event at a time."""
        (tmp_path / "entry.py").write_text(SOURCE)
        versions = {"1": Version("entry.handler", timeout_seconds=20)}
        function = DeployedFunction(name, versions, {"live": Alias("1")}, reserved_concurrency=1)
        location, logs = CodeLocation(Path(sys.executable), tmp_path), FolderLogs(tmp_path / "logs")
        with LambdaService([function], location, logs, metrics=metrics) as started:
            yield started

    def test_invocations(self, deployer: Client, service: LambdaService, name: str) -> None:
        """Each counts under its function, under what was invoked, and an alias's under the version as well."""
        for qualifier in ("live", "1"):
            service.invoke(name, b"{}", qualifier)
        service.invoke(name, b'{"path": "/fails"}', "live")
        service.settle()
        function, live = {"FunctionName": name}, {"FunctionName": name, "Resource": f"{name}:live"}

        counted = [
            total(deployer, "AWS/Lambda", "Invocations", {**function, **more})
            for more in (
                {},
                live,
                {"Resource": f"{name}:1"},
                {**live, "ExecutedVersion": "1"},
            )
        ]
        assert [3, 2, 1, 2] == counted
        assert (1, 1) == tuple(total(deployer, "AWS/Lambda", "Errors", one) for one in (function, live))
        assert total(deployer, "AWS/Lambda", "Duration", function) > 0
        assert 3 == total(deployer, "AWS/Lambda", "ConcurrentExecutions", function)

    def test_throttles(self, deployer: Client, service: LambdaService, name: str) -> None:
        """Who finds no environment free is counted as throttled, not as an invocation."""
        service.deploy(DeployedFunction(name, {"1": Version("entry.handler")}, reserved_concurrency=0))
        with suppress(TooManyRequests):
            service.invoke(name, b"{}", "1")
        service.settle()

        assert (1, 0) == tuple(
            total(deployer, "AWS/Lambda", counted, {"FunctionName": name}) for counted in ("Throttles", "Invocations")
        )

    def test_dropped(self, deployer: Client, service: LambdaService, name: str) -> None:
        """An event that nobody waits for and that fails for good is counted as dropped."""
        plan = Asynchronous(retries=0)
        service.deploy(DeployedFunction(name, {"1": Version("entry.handler", timeout_seconds=20)}, asynchronous=plan))
        for event in (b"{}", b'{"path": "/fails"}'):
            service.invoke_later(name, event, "1")
        service.settle()

        assert 1 == total(deployer, "AWS/Lambda", "AsyncEventsDropped", {"FunctionName": name})

    def test_requests(self, deployer: Client, service: LambdaService, metrics: CloudWatch, name: str) -> None:
        """Requests count under their API and stage, with who is to blame for those that failed."""
        arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}:live"
        stages = {"production": Stage("production")}
        api = Api("rest", "id", [Route("GET", "/{proxy+}", Integration(arn))], stages, name=name)
        gateway = Gateway(api, service, metrics=metrics)
        statuses = [
            gateway.handle(Request(method, f"/production/{path}")).status
            for method, path in (("GET", "works"), ("GET", "fails"), ("DELETE", "works"))
        ]
        metrics.drain()
        dimensions = {"ApiName": name, "Stage": "production"}

        assert [200, 502, 403] == statuses
        assert [3, 1, 1] == [
            total(deployer, "AWS/ApiGateway", counted, dimensions) for counted in ("Count", "4XXError", "5XXError")
        ]


def total(deployer: Client, namespace: str, name: str, dimensions: dict[str, str]) -> float:
    """Return the sum of a metric with just these dimensions."""
    now = datetime.now(UTC)
    found = deployer("cloudwatch").get_metric_data(
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        MetricDataQueries=[
            {
                "Id": "total",
                "MetricStat": {
                    "Metric": {
                        "Namespace": namespace,
                        "MetricName": name,
                        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                    },
                    "Period": 7200,
                    "Stat": "Sum",
                },
            }
        ],
    )
    return float(sum(found["MetricDataResults"][0]["Values"]))
