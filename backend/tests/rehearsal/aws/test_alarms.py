"""Alarms of the local AWS ring for what their metrics are told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.rehearsal.aws.releases import wait_until

Client = Callable[[str], Any]

PERIODS = {"EvaluationPeriods": 1, "Threshold": 0, "ComparisonOperator": "GreaterThanThreshold"}
DAY_SECONDS = 86_400


@pytest.fixture
def metric(name: str) -> dict[str, str]:
    """Return a metric nobody else has."""
    return {"Namespace": name, "MetricName": "Failures"}


@pytest.fixture
def topic(deployer: Client, name: str) -> str:
    """Return a topic whose messages go to a queue of the same name."""
    deployer("sqs").create_queue(QueueName=name)
    made = str(deployer("sns").create_topic(Name=name)["TopicArn"])
    queue_arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
    deployer("sns").subscribe(TopicArn=made, Protocol="sqs", Endpoint=queue_arn)
    return made


class Told:
    """What a topic told its queue of alarms, in order."""

    def __init__(self, deployer: Client, queue: str) -> None:
        self._sqs = deployer("sqs")
        self._url = self._sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        self.messages: list[dict[str, Any]] = []

    def states(self) -> list[str]:
        """Return the states alarms came to, so far."""
        while received := self._sqs.receive_message(QueueUrl=self._url).get("Messages"):
            self.messages += [json.loads(json.loads(message["Body"])["Message"]) for message in received]
        return [message["NewStateValue"] for message in self.messages]


def state_of(deployer: Client, alarm: str) -> str:
    """Return an alarm's state."""
    (found,) = deployer("cloudwatch").describe_alarms(AlarmNames=[alarm])["MetricAlarms"]
    return str(found["StateValue"])


class TestStates:
    """An alarm's state follows its metric."""

    def test_rings_and_is_silent_again(self, deployer: Client, name: str, metric: dict[str, str], topic: str) -> None:
        """It begins without data, rings for what arrives, and is well when that has passed."""
        client, told = deployer("cloudwatch"), Told(deployer, name)
        actions = {"AlarmActions": [topic], "OKActions": [topic]}
        client.put_metric_alarm(
            AlarmName=name, **metric, Statistic="Sum", Period=60, TreatMissingData="notBreaching", **PERIODS, **actions
        )
        wait_until(lambda: told.states() == ["OK"])
        client.put_metric_data(Namespace=name, MetricData=[{"MetricName": "Failures", "Value": 1}])

        wait_until(lambda: told.states() == ["OK", "ALARM", "OK"])

    def test_without_data(self, deployer: Client, name: str, metric: dict[str, str]) -> None:
        """One that makes nothing of missing data has too little."""
        client = deployer("cloudwatch")
        client.put_metric_alarm(AlarmName=name, **metric, Statistic="Sum", Period=60, **PERIODS)
        client.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="a test")

        wait_until(lambda: state_of(deployer, name) == "INSUFFICIENT_DATA")

    def test_other_dimensions(self, deployer: Client, name: str, metric: dict[str, str]) -> None:
        """It looks at the metric with just its dimensions."""
        client = deployer("cloudwatch")
        told = {"MetricName": "Failures", "Value": 1}
        for value, alarm in (("a", f"{name}-a"), ("b", f"{name}-b")):
            dimensions = [{"Name": "Part", "Value": value}]
            client.put_metric_alarm(
                AlarmName=alarm, **metric, Dimensions=dimensions, Statistic="Sum", Period=DAY_SECONDS, **PERIODS
            )
        client.put_metric_data(Namespace=name, MetricData=[{**told, "Dimensions": [{"Name": "Part", "Value": "b"}]}])

        wait_until(lambda: state_of(deployer, f"{name}-b") == "ALARM")
        assert "INSUFFICIENT_DATA" == state_of(deployer, f"{name}-a")

    def test_metric_math(self, deployer: Client, name: str) -> None:
        """An expression over several metrics rings like a metric."""
        queries: list[dict[str, Any]] = [
            {"Id": "share", "Expression": "IF(errors >= 3, 100 * errors / requests, 0)", "ReturnData": True}
        ]
        for query_id, statistic in (("errors", "Sum"), ("requests", "SampleCount")):
            metric = {"Namespace": name, "MetricName": query_id}
            stat = {"Metric": metric, "Period": DAY_SECONDS, "Stat": statistic}
            queries.append({"Id": query_id, "MetricStat": stat, "ReturnData": False})
        client = deployer("cloudwatch")
        client.put_metric_alarm(AlarmName=name, Metrics=queries, **{**PERIODS, "Threshold": 40})
        statistics = {"SampleCount": 6, "Sum": 6, "Minimum": 1, "Maximum": 1}
        told: list[dict[str, Any]] = [{"MetricName": "requests", "StatisticValues": statistics}]
        client.put_metric_data(
            Namespace=name, MetricData=[*told, {"MetricName": "errors", "Values": [1, 0], "Counts": [3, 3]}]
        )

        wait_until(lambda: state_of(deployer, name) == "ALARM")

    def test_waiting_messages(self, deployer: Client, name: str) -> None:
        """Queues tell how many messages wait."""
        url = deployer("sqs").create_queue(QueueName=name)["QueueUrl"]
        metric = {"Namespace": "AWS/SQS", "MetricName": "ApproximateNumberOfMessagesVisible"}
        dimensions = [{"Name": "QueueName", "Value": name}]
        deployer("cloudwatch").put_metric_alarm(
            AlarmName=name, **metric, Dimensions=dimensions, Statistic="Maximum", Period=300, **PERIODS
        )
        wait_until(lambda: state_of(deployer, name) == "OK")
        deployer("sqs").send_message(QueueUrl=url, MessageBody="dead")

        wait_until(lambda: state_of(deployer, name) == "ALARM")


class TestTopics:
    """Whoever is to hear of an alarm does."""

    def test_each_change(self, deployer: Client, name: str, metric: dict[str, str], topic: str) -> None:
        """A change of state is told with the state before; a state that stays is not told again."""
        client, told = deployer("cloudwatch"), Told(deployer, name)
        client.put_metric_alarm(
            AlarmName=name,
            **metric,
            Statistic="Sum",
            Period=60,
            AlarmActions=[topic],
            TreatMissingData="ignore",
            **PERIODS,
        )
        for _ in range(2):
            client.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")

        assert ["ALARM"] == told.states()
        assert [(name, "INSUFFICIENT_DATA")] == [(one["AlarmName"], one["OldStateValue"]) for one in told.messages]
