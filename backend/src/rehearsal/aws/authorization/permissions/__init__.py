"""Which permissions a call takes: actions, resources and condition keys, one module for each kind of service.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

from collections.abc import Callable

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions import (
    databases,
    gateways,
    identities,
    keys,
    messages,
    people,
    releases,
    storage,
)
from rehearsal.aws.authorization.permissions.permission import Permission

_READERS: dict[str, Callable[[Call], list[Permission]]] = {
    "acm": keys.certificates,
    "apigateway": gateways.gateway,
    "apigatewayv2": gateways.gateway,
    "budgets": messages.budgets,
    "cloudwatch": messages.metrics,
    "codedeploy": releases.codedeploy,
    "cognito-idp": people.user_pools,
    "dynamodb": databases.tables,
    "ecr": storage.images,
    "iam": identities.iam,
    "kms": keys.kms,
    "lambda": messages.functions,
    "logs": messages.logs,
    "s3": storage.objects,
    "secretsmanager": keys.secrets,
    "sns": messages.topics,
    "sqs": messages.queues,
    "ssm": keys.ssm_parameters,
    "sts": people.roles,
}
_FREE = {"sts:GetCallerIdentity", "sts:GetSessionToken"}


def required_permissions(call: Call) -> list[Permission]:
    """Return the permissions `call` takes, in the order in which AWS would ask for them; none for a free call.

    A service that is not known here is asked for `service:Operation` on `*`.
    """
    if f"{call.service}:{call.operation}" in _FREE:
        return []
    read = _READERS.get(call.service)
    return read(call) if read else [Permission(f"{call.service}:{call.operation}", "*")]
