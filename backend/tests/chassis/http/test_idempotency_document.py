"""`Idempotency-Key` in the OpenAPI document."""

import json
from typing import Any

import pytest

from coachwork.tools.openapi import document

Json = dict[str, Any]


@pytest.fixture(scope="module")
def api() -> Json:
    """Return the OpenAPI document."""
    parsed: Json = json.loads(document())
    return parsed


class TestDocument:
    """The header in the OpenAPI document."""

    def test_where_it_is_taken(self, api: Json) -> None:
        """Each POST that wants a token has it once, no other operation has it."""
        taking = {
            operation["operationId"]
            for path in api["paths"].values()
            for operation in path.values()
            if 1 == [one["name"] for one in operation.get("parameters", [])].count("Idempotency-Key")
        }
        posts = [path["post"] for path in api["paths"].values() if "post" in path]
        assert {operation["operationId"] for operation in posts if "security" in operation} == taking
        assert taking.isdisjoint({"register", "login", "refresh"})

    def test_what_it_leads_to(self, api: Json) -> None:
        """Its refusals are documented where it is taken."""
        responses = api["paths"]["/api/v1/chat/send"]["post"]["responses"]
        assert "still in progress" in responses["409"]["description"]
        assert "belongs to another request" in responses["422"]["description"]
        assert "Idempotent-Replayed" in responses["200"]["headers"]
