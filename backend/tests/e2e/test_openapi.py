"""The OpenAPI document: committed, whole, and true under schemathesis's generated requests."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tests.object_store import object_stage

from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import SERVICES
from coachwork.main import create_app
from coachwork.services.registry import selected
from coachwork.tools.openapi import document

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"


class Stage:
    """An ASGI application that is named when tests are collected and set up when they run."""

    app: FastAPI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        await self.app(scope, receive, send)


STAGE = Stage()
SCHEMA = schemathesis.openapi.from_dict(json.loads(document()))
SCHEMA.app = STAGE
RULES_BEYOND_THE_SCHEMA = [positive_data_acceptance]  # forged cursors, unknown slugs, births in the future: 422


@pytest.fixture(scope="session")
def served(knowing: Resources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """Return the application with library, knowledge and a bucket, on stage."""
    with object_stage(tmp_path_factory.mktemp("aws")) as objects:
        STAGE.app = create_app(replace(knowing, blobs=lambda: objects.store), selected(SERVICES))
        yield STAGE.app


@SCHEMA.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_word(
    case: schemathesis.Case,
    served: FastAPI,
    client_for: Callable[..., TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> None:
    """No 5xx and no undocumented status, content type or shape, whatever is sent."""
    case.call_and_validate(headers=sign_in(client_for(served)), excluded_checks=RULES_BEYOND_THE_SCHEMA)


class TestDocument:
    """docs/openapi.json."""

    def test_the_committed_one_is_current(self) -> None:
        """`make openapi` writes it; a change of the API changes it."""
        assert DOCUMENT.read_text(encoding="utf-8") == document()

    def test_every_operation_is_named_and_described(self) -> None:
        """A client can be generated: ids are unique and stable, each operation says what it does."""
        operations = [operation for path in json.loads(document())["paths"].values() for operation in path.values()]
        ids = [operation["operationId"] for operation in operations]
        assert sorted(set(ids)) == sorted(ids)
        assert all(operation["description"] and operation["tags"] for operation in operations)

    def test_failures_are_problems(self) -> None:
        """Each documented failure has the one shape."""
        responses = [
            (status, response)
            for path in json.loads(document())["paths"].values()
            for operation in path.values()
            if operation["operationId"] != "read_health"  # its 503 has the shape of its 200
            for status, response in operation["responses"].items()
        ]
        shapes = {next(iter(response["content"])) for status, response in responses if status[0] in "45"}
        assert {"application/problem+json"} == shapes
