"""A function with two published versions, and CodeDeploy set up to release it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

Client = Callable[[str], Any]

_PATIENCE_SECONDS = 60
_REPOSITORY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coachwork"
_DIGESTS: Sequence[str] = (f"sha256:{'1' * 64}", f"sha256:{'2' * 64}")
_MOVES: Sequence[str] = ("lambda:GetAlias", "lambda:UpdateAlias", "cloudwatch:DescribeAlarms")
_ENDED = {"Succeeded", "Failed", "Stopped"}


@dataclass(frozen=True)
class Release:
    """The function, its alias `live` at version 1, and an application and a group of its name."""

    client: Client
    name: str

    @classmethod
    def prepare(
        cls, client: Client, name: str, *, actions: Sequence[str] = _MOVES, digests: Sequence[str] = _DIGESTS
    ) -> "Release":
        """Make them; `actions` are what the group's role may do, `digests` those of the versions' images."""
        release = cls(client, name)
        lambdas, codedeploy = client("lambda"), client("codedeploy")
        role = release._role("lambda.amazonaws.com", name, [])
        lambdas.create_function(
            FunctionName=name,
            Role=role,
            PackageType="Image",
            Code={"ImageUri": f"{_REPOSITORY}@{digests[0]}"},
            Timeout=20,
            Publish=True,
        )
        for digest in digests[1:]:
            release.publish(digest)
        lambdas.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
        codedeploy.create_application(applicationName=name, computePlatform="Lambda")
        client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace="Nothing",
            MetricName="Nothing",
            Statistic="Sum",
            Period=3600,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="ignore",
        )
        codedeploy.create_deployment_group(
            applicationName=name,
            deploymentGroupName=name,
            deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce",
            serviceRoleArn=release._role("codedeploy.amazonaws.com", f"{name}-release", actions),
            alarmConfiguration={"enabled": True, "alarms": [{"name": name}]},
            autoRollbackConfiguration={
                "enabled": True,
                "events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
            },
        )
        return release

    def publish(self, digest: str) -> str:
        """Publish one more version, from the image of this digest; return its number."""
        image = f"{_REPOSITORY}@{digest}"
        made = self.client("lambda").update_function_code(FunctionName=self.name, ImageUri=image, Publish=True)
        return str(made["Version"])

    def configure(self, kind: str, percent: int, minutes: int) -> str:
        """Make a deployment configuration, `Canary` or `Linear`; return its name."""
        name, key = f"{self.name}-{kind}-{percent}-{minutes}", kind.lower()
        routing = {f"{key}Percentage": percent, f"{key}Interval": minutes}
        self.client("codedeploy").create_deployment_config(
            deploymentConfigName=name,
            computePlatform="Lambda",
            trafficRoutingConfig={"type": f"TimeBased{kind}", f"timeBased{kind}": routing},
        )
        return name

    def deploy(self, current: str = "1", target: str = "2", *, config: str = "", **more: Any) -> str:
        """Create a deployment; return its id."""
        given = {"deploymentConfigName": config} if config else {}
        content = json.dumps(self.appspec(current, target))
        revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
        asked = {"applicationName": self.name, "deploymentGroupName": self.name, "revision": revision}
        return str(self.client("codedeploy").create_deployment(**(asked | given | more))["deploymentId"])

    def appspec(self, current: str, target: str) -> dict[str, Any]:
        """Return the AppSpec file that asks for it."""
        properties = {"Name": self.name, "Alias": "live", "CurrentVersion": current, "TargetVersion": target}
        resource = {"Type": "AWS::Lambda::Function", "Properties": properties}
        return {"version": 0.0, "Resources": [{"function": resource}]}

    def deployment(self, deployment_id: str) -> dict[str, Any]:
        """Return what CodeDeploy says of a deployment."""
        found: dict[str, Any] = self.client("codedeploy").get_deployment(deploymentId=deployment_id)
        return dict(found["deploymentInfo"])

    def ended(self, deployment_id: str) -> dict[str, Any]:
        """Return what CodeDeploy says of a deployment once it has ended."""
        wait_until(lambda: self.deployment(deployment_id)["status"] in _ENDED)
        return self.deployment(deployment_id)

    def alias(self) -> tuple[str, dict[str, float]]:
        """Return the alias's version, and what share others take from it."""
        found = self.client("lambda").get_alias(FunctionName=self.name, Name="live")
        return found["FunctionVersion"], (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights", {})

    def watch_errors(self) -> None:
        """Let the group's alarm ring for the first error that callers of the alias see."""
        dimensions = {"FunctionName": self.name, "Resource": f"{self.name}:live"}
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=self.name,
            Namespace="AWS/Lambda",
            MetricName="Errors",
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            Statistic="Sum",
            Period=60,
            EvaluationPeriods=1,
            Threshold=0,
            ComparisonOperator="GreaterThanThreshold",
            TreatMissingData="notBreaching",
        )

    def ring(self, state: str = "ALARM") -> None:
        """Put the group's alarm into a state."""
        self.client("cloudwatch").set_alarm_state(AlarmName=self.name, StateValue=state, StateReason="a test")

    def _role(self, service: str, name: str, actions: Sequence[str]) -> str:
        trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}]
        document = json.dumps({"Version": "2012-10-17", "Statement": trust})
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        if actions:
            allowed = [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]
            policy = json.dumps({"Version": "2012-10-17", "Statement": allowed})
            self.client("iam").put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy)
        return str(role)


def wait_until(holds: Callable[[], bool]) -> None:
    """Return once it holds, and fail if it never does."""
    deadline = monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.05)
