"""A Python client, generated from the OpenAPI document by openapi-python-client, against the running server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.uvicorn_server import serving

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected
from coachwork.tools.openapi import document

PACKAGE = "coachwork_client"
# pictures and JSON lines are text the generator does not know
AS_TEXT = {"image/svg+xml": "text/plain", "application/jsonl": "text/plain"}
CONFIGURATION = {
    "project_name_override": "coachwork-client",
    "package_name_override": PACKAGE,
    "post_hooks": [],
    "content_type_overrides": AS_TEXT,
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Generate the client, without a warning, into a folder Python imports from; yield what it printed."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(document())
    (folder / "configuration.json").write_text(json.dumps(CONFIGURATION))
    arguments = ["--path", "openapi.json", "--config", "configuration.json", "--meta", "none", "--fail-on-warning"]
    command = [Path(sys.executable).with_name("openapi-python-client"), "generate", *arguments]
    done = subprocess.run([*command, "--output-path", PACKAGE], cwd=folder, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield done.stdout + done.stderr
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def url(knowing: Resources) -> Iterator[str]:
    """Serve the application as `make run` does, on a free port of this machine."""
    with serving(create_app(knowing, selected(knowing.settings.coachwork_services))) as served_at:
        yield served_at


def module(name: str) -> Any:
    """Return a module of the generated package."""
    return import_module(f"{PACKAGE}.{name}" if name else PACKAGE)


class Client:
    """The generated client, as its user holds it."""

    def __init__(self, url: str) -> None:
        self.models = module("models")
        self._client: Any = module("").Client(base_url=url, raise_on_unexpected_status=True)
        self._url = url

    def sign_in(self) -> None:
        """Register somebody, log in, and go on as they."""
        email, password = f"{uuid4()}@example.com", "correct horse battery"
        self.call("users.register", body=self.models.RegisterRequest(email=email, password=password))
        signed_in = self.call("users.login", body=self.models.LoginRequest(email=email, password=password)).parsed
        self.close()
        self._client = module("").AuthenticatedClient(
            base_url=self._url, token=signed_in.access_token, raise_on_unexpected_status=True
        )

    def close(self) -> None:
        """Close its connections."""
        self._client.get_httpx_client().close()

    def call(self, operation: str, *arguments: object, **named: object) -> Any:
        """Call an operation; return status, headers and what was parsed."""
        return module(f"api.{operation}").sync_detailed(*arguments, client=self._client, **named)


@pytest.fixture
def client(generated: str, url: str) -> Iterator[Client]:
    """Yield the client of somebody new who is signed in."""
    made = Client(url)
    made.sign_in()
    yield made
    made.close()


class TestGenerated:
    """The generated package."""

    def test_every_operation_is_there(self, generated: str) -> None:
        """Each operation of the document is a module by its own name, and nothing was left out with a warning."""
        folder = Path(str(module("").__file__)).parent / "api"
        found = {path.stem for path in folder.rglob("*.py") if path.stem != "__init__"}
        paths = json.loads(document())["paths"].values()
        assert {one["operationId"] for path in paths for one in path.values()} == found
        assert "warning" not in generated.lower()


class TestUse:
    """What somebody does with it."""

    def test_who_am_i(self, client: Client) -> None:
        """After register and login, the account."""
        assert "@example.com" in client.call("users.get_me").parsed.email

    def test_workouts(self, client: Client) -> None:
        """A workout is created, once for one key, listed, changed if it is the version seen, and typed throughout."""
        models = client.models
        planned = models.PlannedExerciseRequest(exercise="barbell-back-squat", target_sets=3, target_reps=5)
        body = models.WorkoutRequest(name="Legs", exercises=[planned])
        made, again = (client.call("workouts.create_workout", body=body, idempotency_key="one") for _ in range(2))
        assert (201, made.parsed.id, "true") == (
            again.status_code,
            again.parsed.id,
            again.headers["Idempotent-Replayed"],
        )
        [listed] = client.call("workouts.list_workouts", limit=5).parsed.items
        assert ("Legs", 5) == (listed.name, listed.exercises[0].target_reps)
        patch = models.WorkoutPatch(name="Arms")
        changes = [
            client.call("workouts.change_workout", made.parsed.id, body=patch, if_match=made.headers["ETag"])
            for _ in range(2)
        ]
        assert [200, 412] == [one.status_code for one in changes]
        assert ("Arms", "urn:coachwork:problem:precondition-failed") == (
            changes[0].parsed.name,
            changes[1].parsed.type_,
        )

    def test_chat(self, client: Client) -> None:
        """The coach answers with citations, and the thread can be read."""
        message = client.models.SendMessage(message="How much protein do I need to build muscle?")
        turn = client.call("chat.send_message", body=message).parsed
        assert turn.citations
        thread = client.call("chat.read_thread", turn.thread_id).parsed
        assert [turn.answer] == [one.answer for one in thread.items]

    def test_a_failure(self, client: Client) -> None:
        """A failure is a problem with its fields, not an exception."""
        refused = client.call("workouts.create_workout", body=client.models.WorkoutRequest(name=""))
        assert (422, ["body/name"]) == (refused.status_code, [one.location for one in refused.parsed.errors])
