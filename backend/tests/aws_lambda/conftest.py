"""The handler under AWS's own runtime client, and beside its routes one that tells what arrived."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from tests.aws_lambda.places import SOURCE, Answer
from tests.lambda_events import Event

from rehearsal.runtime import ExecutionEnvironment, Function

MIRROR = """
    from fastapi import Request, Response
    from coachwork.aws_lambda import app, handler
    from coachwork.chassis.errors import DatabaseUnavailable
    from coachwork.chassis.http.services import Service

    def note(resources, task, invocation):
        print("noted", task, invocation.function_arn, invocation.deadline.left_seconds > 0)
        if task.subject_id.int == 503:
            raise DatabaseUnavailable

    def take(resources, key, invocation):
        print("taken", key, invocation.function_arn, invocation.deadline.left_seconds > 0)
        if key == "originals/503":
            raise DatabaseUnavailable

    app.state.services = [Service("mirror", (), {"mirror.note": lambda: note}, {"documents": lambda: take})]

    @app.get("/picture")
    def picture() -> Response:
        return Response("<svg/>", media_type="image/svg+xml")

    @app.api_route("/mirror/{rest:path}", methods=["GET", "POST"])
    async def mirror(request: Request, rest: str):
        return {
            "method": request.method, "path": request.scope["path"], "rest": rest,
            "root_path": request.scope["root_path"], "query": request.query_params.multi_items(),
            "header": request.headers.get("x-colour"), "cookies": request.cookies,
            "body": (await request.body()).decode("latin-1"), "client": request.client.host,
        }
"""


@pytest.fixture(scope="module")
def lambda_environ(environ: dict[str, str]) -> dict[str, str]:
    """Return the function's variables; the vector index is somewhere else, as in the cloud."""
    return {
        **{name: value for name, value in environ.items() if name != "CHROMA_PATH"},
        "CHROMA_HTTP_URL": "http://127.0.0.1:9",
        "DOCUMENTS_BUCKET_NAME": "papers",
        "PYTHONPATH": str(SOURCE),
    }


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, lambda_environ: dict[str, str]
) -> Iterator[ExecutionEnvironment]:
    """Yield the very handler, and beside its routes one that tells what arrived."""
    folder = tmp_path_factory.mktemp("task")
    (folder / "mirrored.py").write_text(dedent(MIRROR))
    function = Function("mirrored.handler", Path(sys.executable), folder, lambda_environ)
    with ExecutionEnvironment(function) as started:
        yield started


@pytest.fixture(scope="module")
def invoke(environment: ExecutionEnvironment) -> Callable[[Event], Answer]:
    """Return a function that sends an event and returns the gateway's view of the answer."""

    def send(event: Event) -> Answer:
        invocation = environment.invoke(json.dumps(event).encode(), request_id="request-of-lambda")
        assert invocation.outcome == "response", invocation.payload
        answer: Answer = json.loads(invocation.payload)
        return answer

    return send
