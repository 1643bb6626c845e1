"""DynamoDB: every table and index that a call names, each with the action it takes there."""

import re
from typing import Any

from rehearsal.aws.authorization.calls import Call
from rehearsal.aws.authorization.permissions.permission import Permission

_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
_STATEMENTS = {"ExecuteStatement", "ExecuteTransaction", "BatchExecuteStatement"}
_PARTIQL = {"select": "PartiQLSelect", "insert": "PartiQLInsert", "update": "PartiQLUpdate", "delete": "PartiQLDelete"}
_QUOTED_TABLE = re.compile(r'(?:from|into|update)\s+"?([A-Za-z0-9_.-]+)"?(?:\."?([A-Za-z0-9_.-]+)"?)?', re.IGNORECASE)


def tables(call: Call) -> list[Permission]:
    """Return what a DynamoDB call needs: one permission for each table, index, or part of a transaction."""
    parameters = call.parameters
    if call.operation in {"BatchGetItem", "BatchWriteItem"}:
        return [Permission(f"dynamodb:{call.operation}", _table(call, name)) for name in parameters["RequestItems"]]
    if call.operation in {"TransactWriteItems", "TransactGetItems"}:
        return [_part(call, kind, part) for item in parameters["TransactItems"] for kind, part in item.items()]
    if call.operation in _STATEMENTS:
        return [_statement(call, text) for text in _texts(parameters)]
    name = parameters.get("TableName") or parameters.get("ResourceArn")
    if not name:
        return [Permission(f"dynamodb:{call.operation}", "*")]
    resource = _table(call, name)
    if parameters.get("IndexName"):
        resource = f"{resource}/index/{parameters['IndexName']}"
    return [Permission(f"dynamodb:{call.operation}", resource)]


def _part(call: Call, kind: str, part: dict[str, Any]) -> Permission:
    return Permission(f"dynamodb:{_TRANSACTION[kind]}", _table(call, part["TableName"]))


def _texts(parameters: Any) -> list[str]:
    if "Statement" in parameters:
        return [parameters["Statement"]]
    return [one["Statement"] for one in parameters.get("Statements") or parameters["TransactStatements"]]


def _statement(call: Call, text: str) -> Permission:
    action = _PARTIQL.get(text.split(None, 1)[0].lower(), call.operation)
    found = _QUOTED_TABLE.search(text)
    resource = _table(call, found[1]) if found else "*"
    return Permission(f"dynamodb:{action}", f"{resource}/index/{found[2]}" if found and found[2] else resource)


def _table(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn(f"table/{name}")
