"""CodeDeploy moves an alias as it does on AWS."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # comes with moto, without its types
from tests.rehearsal.aws.calls import code_of
from tests.rehearsal.aws.releases import Release, wait_until

Client = Callable[[str], Any]


@pytest.fixture
def release(deployer: Client, name: str) -> Release:
    """Return a function at version 1, to be released all at once."""
    return Release.prepare(deployer, name)


class TestShift:
    """A deployment that nothing stops."""

    def test_all_at_once(self, release: Release) -> None:
        """The alias stands at the target, and the deployment has succeeded."""
        ended = release.ended(release.deploy())

        assert ("Succeeded", ("2", {})) == (ended["status"], release.alias())
        assert 1 == ended["deploymentOverview"]["Succeeded"]
        assert "errorInformation" not in ended

    def test_canary(self, release: Release) -> None:
        """A share goes first, for as long as the configuration says, and then all."""
        deployment = release.deploy(config=release.configure("Canary", 10, 5))
        wait_until(lambda: release.alias() == ("1", {"2": 0.1}))

        assert "InProgress" == release.deployment(deployment)["status"]
        assert ("Succeeded", ("2", {})) == (release.ended(deployment)["status"], release.alias())

    def test_linear(self, release: Release) -> None:
        """The share grows step by step."""
        deployment = release.deploy(config=release.configure("Linear", 40, 3))
        wait_until(lambda: release.alias() == ("1", {"2": 0.4}))
        wait_until(lambda: release.alias() == ("1", {"2": 0.8}))

        assert ("Succeeded", ("2", {})) == (release.ended(deployment)["status"], release.alias())

    def test_yaml(self, release: Release) -> None:
        """The AppSpec file may be YAML, in a revision of type String."""
        content = yaml.safe_dump(release.appspec("1", "2"))
        revision = {"revisionType": "String", "string": {"content": content}}

        assert "Succeeded" == release.ended(release.deploy(revision=revision))["status"]

    def test_target(self, deployer: Client, release: Release) -> None:
        """The deployment's target tells the function, the versions and the share."""
        deployment = release.deploy()
        release.ended(deployment)
        client = deployer("codedeploy")
        (target_id,) = client.list_deployment_targets(deploymentId=deployment)["targetIds"]
        found = client.get_deployment_target(deploymentId=deployment, targetId=target_id)["deploymentTarget"]

        said = found["lambdaTarget"]["lambdaFunctionInfo"]
        assert ("1", "2", 1.0) == (said["currentVersion"], said["targetVersion"], said["targetVersionWeight"])
        assert "Succeeded" == found["lambdaTarget"]["status"]

    def test_waited_for(self, deployer: Client, release: Release) -> None:
        """The SDK's own waiter sees it succeed, and it is listed among what succeeded."""
        deployment = release.deploy(config="CodeDeployDefault.LambdaAllAtOnce")
        deployer("codedeploy").get_waiter("deployment_successful").wait(
            deploymentId=deployment, WaiterConfig={"Delay": 1}
        )
        listed = deployer("codedeploy").list_deployments(
            applicationName=release.name, deploymentGroupName=release.name, includeOnlyStatuses=["Succeeded"]
        )

        assert [deployment] == listed["deployments"]


class TestRollback:
    """A deployment that ends before its time."""

    def test_alarm(self, release: Release) -> None:
        """An alarm stops it at once; another deployment has given all traffic back to the version before."""
        deployment = release.deploy(config=release.configure("Canary", 10, 600))
        wait_until(lambda: release.alias() == ("1", {"2": 0.1}))
        release.ring()
        ended = release.ended(deployment)
        back = release.deployment(ended["rollbackInfo"]["rollbackDeploymentId"])

        assert ("Stopped", "ALARM_ACTIVE") == (ended["status"], ended["errorInformation"]["code"])
        assert release.name in ended["errorInformation"]["message"]
        assert ("1", {}) == release.alias()
        assert ("Succeeded", "codeDeployRollback") == (back["status"], back["creator"])
        assert deployment == back["rollbackInfo"]["rollbackTriggeringDeploymentId"]

    def test_alarm_before(self, release: Release) -> None:
        """An alarm that rings already lets nothing begin."""
        release.ring()
        ended = release.ended(release.deploy())

        assert ("Stopped", "ALARM_ACTIVE") == (ended["status"], ended["errorInformation"]["code"])
        assert ("1", {}) == release.alias()
        assert "rollbackInfo" not in ended

    def test_stopped(self, deployer: Client, release: Release) -> None:
        """Whoever stops it says whether traffic goes back."""
        deployment = release.deploy(config=release.configure("Canary", 10, 600))
        wait_until(lambda: release.alias() == ("1", {"2": 0.1}))
        deployer("codedeploy").stop_deployment(deploymentId=deployment, autoRollbackEnabled=True)
        ended = release.ended(deployment)

        assert ("Stopped", "MANUAL_STOP") == (ended["status"], ended["errorInformation"]["code"])
        assert ("1", {}) == release.alias()
        assert "DeploymentAlreadyCompletedException" == code_of(
            deployer("codedeploy").stop_deployment, deploymentId=deployment
        )

    def test_stopped_where_it_is(self, deployer: Client, release: Release) -> None:
        """Stopped without a rollback, the share stays what it was."""
        deployment = release.deploy(config=release.configure("Canary", 10, 600))
        wait_until(lambda: release.alias() == ("1", {"2": 0.1}))
        deployer("codedeploy").stop_deployment(deploymentId=deployment, autoRollbackEnabled=False)

        assert "Stopped" == release.ended(deployment)["status"]
        assert ("1", {"2": 0.1}) == release.alias()


class TestRefusal:
    """What cannot be deployed moves nothing."""

    @pytest.mark.parametrize(
        ("current", "target", "code"),
        [
            ("2", "1", "INVALID_LAMBDA_CONFIGURATION"),
            ("1", "1", "INVALID_LAMBDA_CONFIGURATION"),
            ("1", "77", "INVALID_LAMBDA_FUNCTION"),
        ],
    )
    def test_versions(self, release: Release, current: str, target: str, code: str) -> None:
        """The alias has to stand at the current version, and the target has to exist and be another."""
        ended = release.ended(release.deploy(current, target))

        assert ("Failed", code) == (ended["status"], ended["errorInformation"]["code"])
        assert ("1", {}) == release.alias()

    def test_hooks(self, release: Release) -> None:
        """Lifecycle hooks are not played, and it is said."""
        content = json.dumps({**release.appspec("1", "2"), "Hooks": [{"BeforeAllowTraffic": "check"}]})
        revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
        ended = release.ended(release.deploy(revision=revision))

        assert "lifecycle hooks" in ended["errorInformation"]["message"]

    def test_two_at_once(self, release: Release) -> None:
        """A group does one deployment at a time."""
        release.deploy(config=release.configure("Canary", 10, 600))

        assert "DeploymentLimitExceededException" == code_of(release.deploy)

    def test_role(self, deployer: Client, name: str) -> None:
        """A group whose role may not move the alias does not."""
        release = Release.prepare(deployer, name, actions=["lambda:GetAlias", "cloudwatch:DescribeAlarms"])
        ended = release.ended(release.deploy())

        assert ("Failed", "IAM_ROLE_PERMISSIONS") == (ended["status"], ended["errorInformation"]["code"])
        assert ("1", {}) == release.alias()

    def test_unknown_configuration(self, release: Release) -> None:
        """A configuration has to exist."""
        assert "DeploymentConfigDoesNotExistException" == code_of(release.deploy, config="absent")


class TestConfigurations:
    """How traffic moves is a thing of its own."""

    def test_read_back(self, deployer: Client, release: Release) -> None:
        """It is as it was made, and AWS's own are there as well."""
        name = release.configure("Canary", 10, 5)
        client = deployer("codedeploy")
        read = client.get_deployment_config(deploymentConfigName=name)["deploymentConfigInfo"]

        canary = {"canaryPercentage": 10, "canaryInterval": 5}
        assert {"type": "TimeBasedCanary", "timeBasedCanary": canary} == read["trafficRoutingConfig"]
        known = client.list_deployment_configs()["deploymentConfigsList"]
        assert {name, "CodeDeployDefault.LambdaCanary10Percent5Minutes"} <= set(known)

    def test_in_use(self, deployer: Client, release: Release) -> None:
        """One that a group uses cannot be deleted; the group can change to another, and then it can."""
        name, client = release.configure("Linear", 10, 1), deployer("codedeploy")
        group = {"applicationName": release.name, "currentDeploymentGroupName": release.name}
        client.update_deployment_group(**group, deploymentConfigName=name)
        assert "DeploymentConfigInUseException" == code_of(client.delete_deployment_config, deploymentConfigName=name)

        client.update_deployment_group(**group, deploymentConfigName="CodeDeployDefault.LambdaAllAtOnce")
        client.delete_deployment_config(deploymentConfigName=name)
        assert "DeploymentConfigDoesNotExistException" == code_of(
            client.get_deployment_config, deploymentConfigName=name
        )

    @pytest.mark.parametrize(("percent", "minutes"), [(100, 5), (10, 0), (10, 3000)])
    def test_senseless(self, release: Release, percent: int, minutes: int) -> None:
        """A share is 1 to 99 percent, a step at least a minute, and all of it two days at most."""
        assert "InvalidTrafficRoutingConfigurationException" == code_of(
            release.configure, kind="Canary", percent=percent, minutes=minutes
        )
