"""CodeDeploy's operations on deployments. Stock moto keeps a deployment, and does nothing with it."""

from threading import Lock
from typing import Any

from moto.codedeploy import models
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import CodeDeployBackend, DeploymentGroup
from moto.codedeploy.responses import CodeDeployResponse, _deployment_info
from moto.core.responses import ActionResult

from rehearsal.aws.extensions.codedeploy import configurations
from rehearsal.aws.extensions.codedeploy.alias_shifter import AliasShifter
from rehearsal.aws.extensions.codedeploy.appspec import Shift
from rehearsal.aws.extensions.codedeploy.deployment import ACTIVE, BeginRollback, Deployment

_stock_create = CodeDeployResponse.create_deployment
_stock_get = CodeDeployResponse.get_deployment
_one_at_a_time = Lock()


def create_deployment(self: CodeDeployResponse) -> ActionResult:
    """Create a deployment and begin it, unless the group has one at work."""
    backend = self.codedeploy_backend
    application, name = self._get_param("applicationName"), self._get_param("deploymentGroupName")
    if not self._get_param("revision"):
        raise CodeDeployException("RevisionRequiredException", "Revision is required")
    with _one_at_a_time:
        if name:
            group = backend.get_deployment_group(application, name)
            _require_idle(backend, group)
            asked = self._get_param("deploymentConfigName") or str(group.deployment_config_name)
            configuration = configurations.find(backend, asked)
        created: Any = _stock_create(self).result
        deployment = _found(backend, created["deploymentId"])
        shifter = _shifter(backend, deployment.deployment_group)
        steps = configurations.steps_of(configuration["trafficRoutingConfig"])
        deployment.start(shifter, steps, _rollbacks(backend))
    return ActionResult(created)


def get_deployment(self: CodeDeployResponse) -> ActionResult:
    """Return a deployment with why it ended and what rolled it back."""
    shown: Any = _stock_get(self).result
    return ActionResult({"deploymentInfo": _shown(self, shown["deploymentInfo"])})


def batch_get_deployments(self: CodeDeployResponse) -> ActionResult:
    """Return several deployments; those there are not are left out."""
    found = self.codedeploy_backend.batch_get_deployments(deployment_ids=self._get_param("deploymentIds"))
    return ActionResult({"deploymentsInfo": [_shown(self, _deployment_info(one)) for one in found]})


def stop_deployment(self: CodeDeployResponse) -> ActionResult:
    """Have a deployment end, and its traffic go back if the request or else the group says so."""
    deployment = _found(self.codedeploy_backend, self._get_param("deploymentId"))
    if deployment.status not in ACTIVE:
        raise CodeDeployException(
            "DeploymentAlreadyCompletedException", f"Deployment {deployment.deployment_id} is already completed"
        )
    deployment.stop(rolls_back=self._get_param("autoRollbackEnabled"))
    return ActionResult({"status": "Pending", "statusMessage": "Stopping the deployment"})


def list_deployment_targets(self: CodeDeployResponse) -> ActionResult:
    """Return the ids of a deployment's targets: the one function."""
    deployment = _found(self.codedeploy_backend, self._get_param("deploymentId"))
    return ActionResult({"targetIds": [_target_id(deployment)] if deployment.shift else []})


def get_deployment_target(self: CodeDeployResponse) -> ActionResult:
    """Return how far a function's alias is."""
    deployment = _found(self.codedeploy_backend, self._get_param("deploymentId"))
    return ActionResult({"deploymentTarget": _target(self, deployment, self._get_param("targetId"))})


def batch_get_deployment_targets(self: CodeDeployResponse) -> ActionResult:
    """Return how far several functions' aliases are."""
    deployment = _found(self.codedeploy_backend, self._get_param("deploymentId"))
    targets = [_target(self, deployment, target_id) for target_id in self._get_param("targetIds") or []]
    return ActionResult({"deploymentTargets": targets})


def install() -> None:
    """Put these in place of moto's own."""
    models.DeploymentInfo = Deployment  # type: ignore[misc, assignment]  # moto makes its deployments by this name
    for operation in (
        create_deployment,
        get_deployment,
        batch_get_deployments,
        stop_deployment,
        list_deployment_targets,
        get_deployment_target,
        batch_get_deployment_targets,
    ):
        setattr(CodeDeployResponse, operation.__name__, operation)


def _require_idle(backend: CodeDeployBackend, group: DeploymentGroup) -> None:
    for deployment in backend.deployments.values():
        if deployment.deployment_group is group and deployment.status in ACTIVE:
            raise CodeDeployException(
                "DeploymentLimitExceededException",
                f"The Deployment Group '{group.deployment_group_name}' already has an active Deployment "
                f"'{deployment.deployment_id}'",
            )


def _rollbacks(backend: CodeDeployBackend) -> BeginRollback:
    def begin(failed: Deployment, shift: Shift) -> Deployment:
        group, back = failed.deployment_group, shift.back()
        rollback = Deployment(
            failed.application,
            group,
            back.revision(),
            "CodeDeployDefault.LambdaAllAtOnce",
            f"Rollback of {failed.deployment_id}",
            *[None] * 5,
            None,
            "codeDeployRollback",
        )
        rollback.rollback_info = {"rollbackTriggeringDeploymentId": failed.deployment_id}
        backend.deployments[rollback.deployment_id] = rollback
        rollback.go_back(_shifter(backend, group), back)
        return rollback

    return begin


def _shifter(backend: CodeDeployBackend, group: DeploymentGroup) -> AliasShifter:
    return AliasShifter(backend.account_id, backend.region_name, group.service_role_arn)


def _found(backend: CodeDeployBackend, deployment_id: str) -> Deployment:
    found = backend.get_deployment(deployment_id)
    assert isinstance(found, Deployment)  # noqa: S101  none is made before `install`
    return found


def _shown(response: CodeDeployResponse, info: dict[str, Any]) -> dict[str, Any]:
    """Return what CodeDeploy shows: what was never set is left out."""
    deployment = _found(response.codedeploy_backend, info["deploymentId"])
    more = {"errorInformation": deployment.error_information, "rollbackInfo": deployment.rollback_info}
    return {key: value for key, value in {**info, **more}.items() if value not in ({}, None, "", [])}


def _target_id(deployment: Deployment) -> str:
    return f"{deployment.shift.function}:{deployment.shift.alias}" if deployment.shift else ""


def _target(response: CodeDeployResponse, deployment: Deployment, target_id: str) -> dict[str, Any]:
    shift = deployment.shift
    if shift is None or target_id != _target_id(deployment):
        raise CodeDeployException("DeploymentTargetDoesNotExistException", f"There is no target {target_id}")
    arn = f"arn:aws:lambda:{response.region}:{response.current_account}:function:{target_id}"
    status = "Failed" if deployment.status == "Stopped" else deployment.status
    return {
        "deploymentTargetType": "LambdaFunction",
        "lambdaTarget": {
            "deploymentId": deployment.deployment_id,
            "targetId": target_id,
            "targetArn": arn,
            "status": status,
            "lastUpdatedAt": deployment.complete_time or deployment.start_time,
            "lifecycleEvents": [{"lifecycleEventName": "AllowTraffic", "status": status}],
            "lambdaFunctionInfo": {
                "functionName": shift.function,
                "functionAlias": shift.alias,
                "currentVersion": shift.current,
                "targetVersion": shift.target,
                "targetVersionWeight": deployment.percent / 100,
            },
        },
    }
