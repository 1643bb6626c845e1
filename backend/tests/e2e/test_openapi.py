"""The OpenAPI document: committed, whole, and true under schemathesis's generated requests."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from jsonschema import Draft202012Validator, ValidationError
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tests.document_tables import DocumentStage
from tests.e2e.operations import api, example, operations
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
ONE_PAGE = {"list_knowledge_shares", "list_programme_templates"}
"""Lists of twenty at most, or that ship with the code: one page, whose `next_cursor` is null."""
RULES_BEYOND_THE_SCHEMA = [positive_data_acceptance]  # forged cursors, unknown slugs, births in the future: 422


@pytest.fixture(scope="session")
def served(
    knowing: Resources, started_documents: DocumentStage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    """Return the application with library, knowledge, buckets and tables, on stage."""
    with object_stage(tmp_path_factory.mktemp("aws")) as objects:
        blobs = {"videos": objects.store, "documents": started_documents.blobs()}
        parts = replace(knowing, blobs=blobs.__getitem__, tables=started_documents.table)
        STAGE.app = create_app(parts, selected(SERVICES))
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

    def test_ids_are_names(self) -> None:
        """An operation's id is a name in any language: words in lower case."""
        assert [] == [one.id for one in operations() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", one.id)]

    def test_examples_are_valid(self) -> None:
        """Every example, and every default, is what its schema takes."""
        wrong = [
            f"{where}: {example!r} {error.message}"
            for where, schema in _schemas(api())
            for example in [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]
            for error in _errors(schema, example)
        ]
        assert [] == wrong

    def test_bodies_can_be_made_up(self) -> None:
        """From what the document says alone, a body can be made that its schema takes."""
        wrong = [
            f"{one.id}: {error.json_path} {error.message}"
            for one in operations()
            if one.body
            for error in _errors(one.body, example(one.body, "some words"))
        ]
        assert [] == wrong

    def test_failures_are_documented(self) -> None:
        """Each operation tells of the failures that what it takes leads to."""
        missing = [
            f"{operation['operationId']}: {status}"
            for path, item in api()["paths"].items()
            for method, operation in item.items()
            for status in _expected_failures(path, method, operation)
            if status not in operation["responses"]
        ]
        assert [] == missing

    def test_pages_are_alike(self) -> None:
        """Whatever answers a page takes `limit`, 1 to 100, and `cursor`, and whoever takes a cursor answers a page."""
        odd = []
        for item in api()["paths"].values():
            for operation in item.values():
                queries = {
                    one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"
                }
                limit = queries.get("limit", {})
                takes = "cursor" in queries and (1, 100) == (limit.get("minimum"), limit.get("maximum"))
                answers = {"items", "next_cursor"} <= _answered(operation).keys()
                if takes != answers and operation["operationId"] not in ONE_PAGE:
                    odd.append(operation["operationId"])
        assert [] == odd

    def test_successes_have_a_shape(self) -> None:
        """What an operation answers is described, unless it is nothing."""
        bare = [
            f"{operation['operationId']}: {status}"
            for item in api()["paths"].values()
            for operation in item.values()
            for status, response in operation["responses"].items()
            if status[0] == "2" and status != "204" and not response.get("content")
        ]
        assert [] == bare

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


def _answered(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of what an operation answers as JSON."""
    for status, response in operation["responses"].items():
        schema = response.get("content", {}).get("application/json", {}).get("schema", {})
        if status.startswith("2") and "$ref" in schema:
            found: dict[str, Any] = api()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            return found.get("properties", {})
    return {}


def _expected_failures(path: str, method: str, operation: dict[str, Any]) -> Iterator[str]:
    headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
    if operation.get("security"):
        yield "401"
    if "{" in path:
        yield "404"
    if path.startswith("/api/"):
        yield "429"
    if "requestBody" in operation:
        yield from ("400", "413", "422")
    if "If-Match" in headers or "if-match" in headers:
        yield "412"
    if method == "post" and operation.get("security"):
        yield "409"


def _errors(schema: dict[str, Any], value: object) -> Iterator[ValidationError]:
    whole = {**schema, "components": api()["components"]}  # where its references point
    yield from Draft202012Validator(whole).iter_errors(value)


def _schemas(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of the document, with where it is: whatever has a type, a reference or alternatives."""
    if isinstance(node, dict):
        if {"type", "$ref", "anyOf"} & node.keys() and "in" not in node:
            yield where, node
        for name, part in node.items():
            if name not in {"examples", "default", "example", "enum", "const"}:
                yield from _schemas(part, f"{where}/{name}")
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from _schemas(part, f"{where}/{index}")
