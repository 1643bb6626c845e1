"""CodeDeploy. Stock moto deletes neither applications nor deployment groups, and forgets a group's alarms."""

from typing import Any

from moto.codedeploy.models import DeploymentGroup
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult

_stock_get = CodeDeployResponse.get_deployment_group


def get_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Return a deployment group with its alarms, and without what was never set."""
    shown: Any = _stock_get(self).result
    group: DeploymentGroup = self.codedeploy_backend.get_deployment_group(
        self._get_param("applicationName"), self._get_param("deploymentGroupName")
    )
    info = {**shown["deploymentGroupInfo"], "alarmConfiguration": group.alarm_configuration}
    return ActionResult({"deploymentGroupInfo": {key: value for key, value in info.items() if value not in ({}, None)}})


def delete_application(self: CodeDeployResponse) -> EmptyResult:
    """Delete an application with its groups; fine when there is none."""
    name = self._get_param("applicationName")
    self.codedeploy_backend.applications.pop(name, None)
    self.codedeploy_backend.deployment_groups.pop(name, None)
    return EmptyResult()


def delete_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Delete a deployment group; fine when there is none."""
    groups = self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {})
    groups.pop(self._get_param("deploymentGroupName"), None)
    return ActionResult({"hooksNotCleanedUp": []})


def install() -> None:
    """Put these in place of moto's own."""
    for operation in (get_deployment_group, delete_application, delete_deployment_group):
        setattr(CodeDeployResponse, operation.__name__, operation)
