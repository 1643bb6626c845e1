"""Who may call a function: the resource policy that `aws_lambda_permission` writes.

Source: https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html
"""

import json
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

_SERVICE = "apigateway.amazonaws.com"


def callers_of(lambda_client: Any, function_arn: str) -> tuple[str, ...] | None:
    """Return the patterns of source ARNs API Gateway may call the function for; None where a variable is in its ARN."""
    if "${" in function_arn:
        return None
    name, _, qualifier = function_arn.partition(":function:")[2].partition(":")
    try:
        found = lambda_client.get_policy(FunctionName=name, **({"Qualifier": qualifier} if qualifier else {}))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ()
        raise
    statements = json.loads(found["Policy"])["Statement"]
    return tuple(pattern for statement in statements for pattern in _patterns(statement, function_arn))


def _patterns(statement: dict[str, Any], function_arn: str) -> Iterator[str]:
    principal = statement["Principal"]
    service = principal.get("Service") if isinstance(principal, dict) else principal
    if (statement["Effect"], statement["Resource"]) != ("Allow", function_arn) or service not in {_SERVICE, "*"}:
        return
    sources = [
        pattern
        for operator in statement.get("Condition", {}).values()
        for key, pattern in operator.items()
        if key.lower() == "aws:sourcearn"
    ]
    yield from sources or ["*"]
