"""CodeDeploy's operations on applications, groups and configurations.

Stock moto deletes neither applications nor deployment groups, changes no group, forgets a group's alarms, and knows no
configuration.
"""

from typing import Any

from moto.codedeploy.exceptions import CodeDeployException, DeploymentGroupAlreadyExistsException
from moto.codedeploy.models import DeploymentGroup
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores

from rehearsal.aws.extensions.codedeploy import configurations

_stock_get = CodeDeployResponse.get_deployment_group
_stock_create = CodeDeployResponse.create_deployment_group
_LIMIT_ALARMS = 10
_CHANGED = (
    "alarmConfiguration",
    "autoRollbackConfiguration",
    "blueGreenDeploymentConfiguration",
    "deploymentConfigName",
    "deploymentStyle",
    "serviceRoleArn",
    "triggerConfigurations",
)


def create_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Create a group whose configuration there is, with ten alarms at most."""
    _require_sense(self)
    return _stock_create(self)


def get_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Return a deployment group with its alarms, and without what was never set."""
    shown: Any = _stock_get(self).result
    group: DeploymentGroup = self.codedeploy_backend.get_deployment_group(
        self._get_param("applicationName"), self._get_param("deploymentGroupName")
    )
    info = {**shown["deploymentGroupInfo"], "alarmConfiguration": group.alarm_configuration}
    return ActionResult({"deploymentGroupInfo": {key: value for key, value in info.items() if value not in ({}, None)}})


def update_deployment_group(self: CodeDeployResponse) -> ActionResult:
    """Change what the request names."""
    application, name = self._get_param("applicationName"), self._get_param("currentDeploymentGroupName")
    group = self.codedeploy_backend.get_deployment_group(application, name)
    _require_sense(self)
    for key in _CHANGED:
        if (value := self._get_param(key)) is not None:
            setattr(group, camelcase_to_underscores(key), value)
    renamed = self._get_param("newDeploymentGroupName")
    if renamed and renamed != name:
        _rename(self.codedeploy_backend.deployment_groups[application], group, renamed)
    return ActionResult({"hooksNotCleanedUp": []})


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


def create_deployment_config(self: CodeDeployResponse) -> ActionResult:
    """Create a configuration of Lambda's."""
    name, platform = self._get_param("deploymentConfigName"), self._get_param("computePlatform")
    routing = self._get_param("trafficRoutingConfig") or {"type": "AllAtOnce"}
    return ActionResult({"deploymentConfigId": configurations.make(self.codedeploy_backend, name, platform, routing)})


def get_deployment_config(self: CodeDeployResponse) -> ActionResult:
    """Return a configuration."""
    name = self._get_param("deploymentConfigName")
    return ActionResult({"deploymentConfigInfo": configurations.find(self.codedeploy_backend, name)})


def list_deployment_configs(self: CodeDeployResponse) -> ActionResult:
    """Return the names of all configurations of Lambda."""
    return ActionResult({"deploymentConfigsList": sorted(configurations.all_of(self.codedeploy_backend))})


def delete_deployment_config(self: CodeDeployResponse) -> EmptyResult:
    """Delete a configuration that no group uses; fine when there is none."""
    configurations.delete(self.codedeploy_backend, self._get_param("deploymentConfigName"))
    return EmptyResult()


def install() -> None:
    """Put these in place of moto's own."""
    for operation in (
        create_deployment_group,
        get_deployment_group,
        update_deployment_group,
        delete_application,
        delete_deployment_group,
        create_deployment_config,
        get_deployment_config,
        list_deployment_configs,
        delete_deployment_config,
    ):
        setattr(CodeDeployResponse, operation.__name__, operation)


def _require_sense(response: CodeDeployResponse) -> None:
    alarms = (response._get_param("alarmConfiguration") or {}).get("alarms", [])
    if len(alarms) > _LIMIT_ALARMS:
        raise CodeDeployException("AlarmsLimitExceededException", f"A group has at most {_LIMIT_ALARMS} alarms")
    if name := response._get_param("deploymentConfigName"):
        configurations.find(response.codedeploy_backend, name)


def _rename(groups: dict[str, DeploymentGroup], group: DeploymentGroup, name: str) -> None:
    if name in groups:
        raise DeploymentGroupAlreadyExistsException(f"Deployment group {name} already exists.")
    del groups[group.deployment_group_name]
    group.deployment_group_name = name
    groups[name] = group
