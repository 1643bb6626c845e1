"""CloudWatch Logs: the questions kept for Logs Insights, which stock moto does not know.

Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

from time import time
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

_kept: WeakKeyDictionary[LogsBackend, dict[str, dict[str, Any]]] = WeakKeyDictionary()


def put_query_definition(self: LogsResponse) -> ActionResult:
    """Keep a question, or change one by its id; two may bear one name."""
    questions = _questions(self)
    given = self._get_param("queryDefinitionId")
    if given and given not in questions:
        raise JsonRESTError("ResourceNotFoundException", "The specified query definition does not exist.")
    known = given or str(uuid4())
    questions[known] = {
        "queryDefinitionId": known,
        "name": self._get_param("name"),
        "queryString": self._get_param("queryString"),
        "queryLanguage": self._get_param("queryLanguage") or "CWLI",
        "lastModified": int(time() * 1000),
        "logGroupNames": self._get_param("logGroupNames") or [],
    }
    return ActionResult({"queryDefinitionId": known})


def describe_query_definitions(self: LogsResponse) -> ActionResult:
    """Return the questions whose names begin as asked, by name."""
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    found = [one for one in _questions(self).values() if one["name"].startswith(prefix)]
    return ActionResult({"queryDefinitions": sorted(found, key=lambda one: str(one["name"]))})


def delete_query_definition(self: LogsResponse) -> ActionResult:
    """Forget a question."""
    if _questions(self).pop(self._get_param("queryDefinitionId"), None) is None:
        raise JsonRESTError("ResourceNotFoundException", "The specified query definition does not exist.")
    return ActionResult({"success": True})


def install() -> None:
    """Put these beside moto's own."""
    for operation in (put_query_definition, describe_query_definitions, delete_query_definition):
        setattr(LogsResponse, operation.__name__, operation)


def _questions(response: LogsResponse) -> dict[str, dict[str, Any]]:
    return _kept.setdefault(response.logs_backend, {})
