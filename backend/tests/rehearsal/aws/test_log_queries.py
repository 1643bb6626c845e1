"""The questions kept for Logs Insights, which stock moto does not know."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[[str], Any]


class TestQueryDefinitions:
    """CloudWatch Logs Insights."""

    def test_kept(self, deployer: Client, name: str) -> None:
        """A question is read back by the beginning of its name."""
        logs = deployer("logs")
        kept = logs.put_query_definition(name=f"{name}/slow", queryString="fields @message", logGroupNames=["/a"])
        [read] = logs.describe_query_definitions(queryDefinitionNamePrefix=f"{name}/")["queryDefinitions"]

        assert (kept["queryDefinitionId"], f"{name}/slow", "fields @message", ["/a"]) == (
            read["queryDefinitionId"],
            read["name"],
            read["queryString"],
            read["logGroupNames"],
        )

    def test_changed(self, deployer: Client, name: str) -> None:
        """By its id it is changed, its name as well."""
        logs = deployer("logs")
        known = logs.put_query_definition(name=name, queryString="fields a")["queryDefinitionId"]
        logs.put_query_definition(queryDefinitionId=known, name=f"{name}-2", queryString="fields b")

        assert [(known, f"{name}-2", "fields b")] == [
            (one["queryDefinitionId"], one["name"], one["queryString"])
            for one in logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
        ]

    def test_deleted(self, deployer: Client, name: str) -> None:
        """What is deleted is gone, and cannot be deleted or changed again."""
        logs = deployer("logs")
        known = logs.put_query_definition(name=name, queryString="fields a")["queryDefinitionId"]

        assert logs.delete_query_definition(queryDefinitionId=known)["success"]
        assert [] == logs.describe_query_definitions(queryDefinitionNamePrefix=name)["queryDefinitions"]
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            logs.delete_query_definition(queryDefinitionId=known)
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            logs.put_query_definition(queryDefinitionId=known, name=name, queryString="fields b")
