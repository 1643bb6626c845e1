"""IAM's own calls, and the roles that a call hands to a service: on the role or policy named."""

from collections.abc import Mapping, Sequence

from moto.iam.models import iam_backends

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission

_BOUNDED = {
    "AttachRolePolicy",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePolicy",
}
"""These ask for the boundary the role has; `CreateRole` and `PutRolePermissionsBoundary` for the one it is given."""


def iam(call: Call) -> list[Permission]:
    """Return what an IAM call needs, on the role, policy or provider it names, with the boundary it is about."""
    return [Permission(f"iam:{call.operation}", _resource(call), _boundary(call))]


def passing(role: str, service: str) -> list[Permission]:
    """Return what handing `role`, an ARN, to a service takes; nothing without a role."""
    return [Permission("iam:PassRole", role, {"iam:passedtoservice": [service]})] if role else []


def _resource(call: Call) -> str:
    parameters = call.parameters
    for name, kind in (("RoleName", "role"), ("PolicyName", "policy")):
        if name in parameters:
            path = str(parameters.get("Path") or "/")
            return f"arn:aws:iam::{call.account}:{kind}{path}{parameters[name]}"
    return str(parameters.get("PolicyArn") or parameters.get("OpenIDConnectProviderArn") or "*")


def _boundary(call: Call) -> Mapping[str, Sequence[str]]:
    boundary = call.parameters.get("PermissionsBoundary")
    if call.operation in _BOUNDED:
        boundary = _boundary_of(call.account, str(call.parameters.get("RoleName")))
    policy = call.parameters.get("PolicyArn")
    return {
        **({"iam:permissionsboundary": [boundary]} if boundary else {}),
        **({"iam:policyarn": [policy]} if policy else {}),
    }


def _boundary_of(account: str, role_name: str) -> str | None:
    for role in list(iam_backends[account]["aws"].roles.values()):
        if role.name == role_name:
            return role.permissions_boundary_arn
    return None
