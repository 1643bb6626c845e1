"""Secrets by name, from a real Secrets Manager protocol: moto's server."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from coachwork.chassis.errors import ConfigurationError
from coachwork.chassis.settings import Settings

REGION = "eu-central-1"
OPEN = {"ENVIRONMENT": "development", "CHROMA_PATH": "/tmp/chroma", "AWS_REGION": REGION}
SECRET = {"DATABASE_URL": "postgresql://u:from-the-secret@h/d", "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Yield a local AWS."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    yield f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    server.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield a Secrets Manager that this process reaches as a function reaches AWS: by its environment."""
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("secretsmanager", region_name=REGION)
    yield client
    for secret in client.list_secrets()["SecretList"]:
        client.delete_secret(SecretId=secret["ARN"], ForceDeleteWithoutRecovery=True)


def problem_of(environ: dict[str, str]) -> str:
    """Return the one problem that loading these settings has."""
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(environ)
    [problem] = caught.value.problems
    return f"{problem.variable} {problem.message}"


class TestSecrets:
    """COACHWORK_SECRETS_NAME."""

    def test_its_values_become_settings(self, store: Any) -> None:
        """The environment holds a name, never a value."""
        store.create_secret(Name="fitness", SecretString=json.dumps(SECRET))
        settings = Settings.load({**OPEN, "COACHWORK_SECRETS_NAME": "fitness"})
        assert settings.database_url is not None
        assert SECRET["DATABASE_URL"] == settings.database_url.get_secret_value()

    def test_the_environment_wins(self, store: Any) -> None:
        """A variable set on the function overrides the secret's."""
        store.create_secret(Name="fitness", SecretString=json.dumps({**SECRET, "LOG_LEVEL": "DEBUG"}))
        settings = Settings.load({**OPEN, "COACHWORK_SECRETS_NAME": "fitness", "LOG_LEVEL": "ERROR"})
        assert "ERROR" == settings.log_level

    def test_a_missing_secret_is_named(self, store: Any) -> None:
        """What AWS says is told, without a stack trace."""
        environ = {**OPEN, "COACHWORK_SECRETS_NAME": "nowhere"}
        assert "COACHWORK_SECRETS_NAME could not be read: ResourceNotFoundException" == problem_of(environ)

    @pytest.mark.parametrize("text", ["not json", "[]", '{"DATABASE_URL": 5}'])
    def test_a_secret_of_another_form_is_refused(self, store: Any, text: str) -> None:
        """Its content is not shown."""
        store.create_secret(Name="fitness", SecretString=text)
        problem = problem_of({**OPEN, "COACHWORK_SECRETS_NAME": "fitness"})
        assert problem.startswith("COACHWORK_SECRETS_NAME names a secret that is not")
        assert text not in problem
