"""CodeDeploy, on the application, group or configuration it names; a group hands its role to CodeDeploy.

Sources: https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-permissions-reference.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html (which knows no resource for
stopping a deployment, where the former names its group: who may on `*` may by both)
"""

from moto.codedeploy.models import codedeploy_backends

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.identities import passing
from rehearsal.aws.authorization.permissions.permission import Permission

_OF_A_GROUP = {
    "CreateDeployment",
    "CreateDeploymentGroup",
    "DeleteDeploymentGroup",
    "GetDeploymentGroup",
    "ListDeployments",
}
_OF_NOTHING = {
    "BatchGetDeploymentTargets",
    "GetDeploymentTarget",
    "ListApplications",
    "ListDeploymentConfigs",
    "ListDeploymentTargets",
    "StopDeployment",
}


def codedeploy(call: Call) -> list[Permission]:
    """Return what a call to CodeDeploy needs."""
    role = str(call.parameters.get("serviceRoleArn") or "")
    action = f"codedeploy:{call.operation}"
    if call.operation in _OF_NOTHING:
        return [Permission(action, "*")]
    deployments = call.parameters.get("deploymentIds") or [str(call.parameters.get("deploymentId"))]
    if groups := {group for one in deployments if (group := _group_of(call, one))}:
        return [Permission(action, group) for group in sorted(groups)]
    return [Permission(action, _resource(call)), *passing(role, "codedeploy.amazonaws.com")]


def _group_of(call: Call, deployment_id: str) -> str | None:
    """Return the ARN of the group a deployment is of, or None where nobody knows it."""
    found = codedeploy_backends[call.account][call.region].deployments.get(deployment_id)
    if found is None:
        return None
    return call.arn(
        f"deploymentgroup:{found.application.application_name}/{found.deployment_group.deployment_group_name}"
    )


def _resource(call: Call) -> str:
    parameters = call.parameters
    application = parameters.get("applicationName")
    if call.operation in _OF_A_GROUP:
        return call.arn(f"deploymentgroup:{application}/{parameters.get('deploymentGroupName')}")
    if call.operation == "UpdateDeploymentGroup":
        return call.arn(f"deploymentgroup:{application}/{parameters['currentDeploymentGroupName']}")
    if application:
        return call.arn(f"application:{application}")
    if "deploymentConfigName" in parameters:
        return call.arn(f"deploymentconfig:{parameters['deploymentConfigName']}")
    return str(parameters.get("ResourceArn") or "*")
