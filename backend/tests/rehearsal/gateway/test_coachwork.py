"""The whole stage but Terraform: coachwork's handler, deployed to a local AWS, behind the gateway."""

import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.rehearsal.aws_server import local_aws
from tests.rehearsal.gateway.deployment import deploy_function, deploy_rest, permit

from rehearsal.functions import CodeLocation, FolderLogs, LambdaService
from rehearsal.functions.deployed import read_functions
from rehearsal.gateway import Gateway, GatewayServer
from rehearsal.gateway.deployed import read_apis

BACKEND = Path(__file__).parents[3]
IMAGE_PYTHON = BACKEND.parent / ".venv-image" / "bin" / "python"


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> FolderLogs:
    """Return where the function's log streams go."""
    return FolderLogs(tmp_path_factory.mktemp("logs"))


@pytest.fixture(scope="module")
def client(environ: dict[str, str], logs: FolderLogs) -> Iterator[httpx.Client]:
    """Return a client of the deployed API's stage."""
    away = {"CHROMA_HTTP_URL": "http://127.0.0.1:9", "ROOT_PATH": "/production", "CORS_ORIGINS": "http://app.example"}
    settings = {name: value for name, value in environ.items() if name != "CHROMA_PATH"} | away
    location = CodeLocation(IMAGE_PYTHON if IMAGE_PYTHON.exists() else Path(sys.executable), BACKEND / "src")
    with local_aws() as aws:
        deploy_function(aws, settings)
        permit(aws, deploy_rest(aws)["id"])
        functions = read_functions(aws.session, aws.url, "coachwork.aws_lambda.handler")
        [api] = read_apis(aws.session, aws.url)
    with (
        LambdaService(functions, location, logs) as service,
        GatewayServer(Gateway(api, service)) as server,
        httpx.Client(base_url=f"{server.url}/production", timeout=60, trust_env=False) as http,
    ):
        yield http


class TestCoachwork:
    """What a front end sees at the invoke URL."""

    def test_health(self, client: httpx.Client) -> None:
        """The application answers below the stage."""
        assert 200 == client.get("/health").status_code

    def test_docs(self, client: httpx.Client) -> None:
        """Its documentation points to a schema that is there, stage and all."""
        page = client.get("/docs")

        assert (200, True) == (page.status_code, "/production/openapi.json" in page.text)
        assert "paths" in client.get("/openapi.json").json()

    def test_its_errors_are_its_own(self, client: httpx.Client) -> None:
        """What the application refuses is its problem+json, not the gateway's words."""
        response = client.get("/api/v1/no-such-thing")

        assert (404, "application/problem+json") == (response.status_code, response.headers["content-type"])

    def test_preflight(self, client: httpx.Client) -> None:
        """A browser's preflight reaches the application through the gateway."""
        asks = {"Origin": "http://app.example", "Access-Control-Request-Method": "POST"}
        response = client.options("/api/v1/chat/send", headers=asks)

        assert "http://app.example" == response.headers["access-control-allow-origin"]

    def test_reports(self, client: httpx.Client, logs: FolderLogs) -> None:
        """Its log has REPORT lines that name the memory it was given."""
        client.get("/health")

        reports = [line for line in logs.read("/aws/lambda/coach") if line.startswith("REPORT")]
        assert "Memory Size: 1024 MB" in reports[0]
