"""Access logs in the stage's own format."""

import json
from pathlib import Path

import pytest
from tests.rehearsal.gateway.apis import RecordingBackend, http_api, rest_api

from rehearsal.functions import FolderLogs, TooManyRequests
from rehearsal.gateway import Gateway, LogFormat, Request, Stage

FORMAT = json.dumps(
    {
        "error": "$context.integration.error",
        "ip": "$context.identity.sourceIp",
        "length": "$context.responseLength",
        "path": "$context.path",
        "requestId": "$context.requestId",
        "resource": "$context.resourcePath",
        "status": "$context.status",
        "unknown": "$context.nothing.of.ours",
    }
)
LOGGED = Stage("production", access_log=LogFormat("/aws/apigateway/coach", FORMAT))


@pytest.fixture
def logs(tmp_path: Path) -> FolderLogs:
    """Return where the lines go."""
    return FolderLogs(tmp_path)


class TestAccessLog:
    """One line a request."""

    def test_served(self, logs: FolderLogs) -> None:
        """A served request is a line with the ids its client got; the query is not part of the path."""
        api = rest_api(stages={"production": LOGGED})
        response = Gateway(api, RecordingBackend(), logs=logs).handle(Request("GET", "/production/x?secret=1"))

        [line] = logs.read("/aws/apigateway/coach")
        assert {
            "error": "-",
            "ip": "127.0.0.1",
            "length": "2",
            "path": "/production/x",
            "requestId": dict(response.headers)["x-amzn-RequestId"],
            "resource": "/{proxy+}",
            "status": "200",
            "unknown": "-",
        } == json.loads(line)

    def test_refused(self, logs: FolderLogs) -> None:
        """What the function did not answer says so; what has no route has no resource."""
        api = rest_api(stages={"production": LOGGED}, routes=rest_api().routes[1:])
        gateway = Gateway(api, RecordingBackend(refusal=TooManyRequests()), logs=logs)
        for target in ("/production/x", "/production"):
            gateway.handle(Request("GET", target))

        lines = [json.loads(line) for line in logs.read("/aws/apigateway/coach")]
        expected = [("500", "Internal server error", "/{proxy+}"), ("403", "-", "-")]
        assert expected == [(line["status"], line["error"], line["resource"]) for line in lines]

    def test_too_large(self, logs: FolderLogs) -> None:
        """A body that was not kept is logged too."""
        Gateway(rest_api(stages={"production": LOGGED}), RecordingBackend(), logs=logs).refuse_body(
            Request("POST", "/production/x")
        )

        [line] = logs.read("/aws/apigateway/coach")
        assert "413" == json.loads(line)["status"]

    def test_none_asked_for(self, logs: FolderLogs, tmp_path: Path) -> None:
        """A stage without a format, or no stage at all, leaves no line."""
        for api, target in [(rest_api(), "/production/x"), (rest_api(), "/absent"), (http_api(), "/x")]:
            Gateway(api, RecordingBackend(), logs=logs).handle(Request("GET", target))

        assert [] == list(tmp_path.iterdir())
