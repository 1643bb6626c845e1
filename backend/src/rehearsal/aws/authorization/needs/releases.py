"""CodeDeploy, on the application, group or configuration it names; a group hands its role to CodeDeploy."""

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.needs.identities import passing
from rehearsal.aws.authorization.needs.need import Need

_OF_A_GROUP = {"CreateDeployment", "CreateDeploymentGroup", "DeleteDeploymentGroup", "GetDeploymentGroup"}
_LISTS = {"ListApplications", "ListDeploymentConfigs"}


def codedeploy(call: Call) -> list[Need]:
    """Return what a call to CodeDeploy needs."""
    role = str(call.parameters.get("serviceRoleArn") or "")
    return [
        Need(f"codedeploy:{call.operation}", _resource(call)),
        *passing(role, "codedeploy.amazonaws.com"),
    ]


def _resource(call: Call) -> str:
    parameters = call.parameters
    application = parameters.get("applicationName")
    if call.operation in _LISTS:
        return "*"
    if call.operation in _OF_A_GROUP:
        return call.arn(f"deploymentgroup:{application}/{parameters.get('deploymentGroupName')}")
    if call.operation == "UpdateDeploymentGroup":
        return call.arn(f"deploymentgroup:{application}/{parameters['currentDeploymentGroupName']}")
    if application:
        return call.arn(f"application:{application}")
    if "deploymentConfigName" in parameters:
        return call.arn(f"deploymentconfig:{parameters['deploymentConfigName']}")
    return str(parameters.get("ResourceArn") or "*")
