"""The services a chat turn stands on, local and real: Postgres, Chroma over HTTP, a model that answers at once."""

import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.image_environment import BACKEND, VARIANTS, event, function
from rehearsal.postgres import EmbeddedPostgres
from rehearsal.runtime import ExecutionEnvironment, Function, Invocation
from rehearsal.vendors.chroma_server import running_chroma
from rehearsal.vendors.openai_api import running_openai

_PASSWORD = "a password of the benchmark"  # noqa: S105  of an account that lives as long as this process
_ACCOUNT = {"email": "bench@example.com", "password": _PASSWORD}


@dataclass(frozen=True)
class Setup:
    """Everything in place: the function, a signed-in caller's token, and the two logins of the database."""

    function: Function
    access_token: str
    owner_url: str
    app_url: str

    @property
    def headers(self) -> dict[str, str]:
        """What the caller's requests carry."""
        return {"Authorization": f"Bearer {self.access_token}"}

    def ask(self, message: str) -> bytes:
        """Return the event of one chat message in a new thread."""
        return event("POST", "/api/v1/chat/send", {"message": message}, self.headers)


@contextmanager
def set_up() -> Iterator[Setup]:
    """Yield the setup, filled by the commands an operator runs; take it down afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="cw-bench-") as folder,
        _durable_postgres(Path(folder) / "postgres") as postgres,
        running_chroma(Path(folder) / "chroma") as chroma_url,
        running_openai() as openai,
    ):
        settings = {
            "DATABASE_URL": postgres.url(user="coachwork_app", password=secrets.token_urlsafe(16)),
            "AUTH_SIGNING_KEYS": _signing_key(),
            "OPENAI_API_KEY": "local",
            "OPENAI_BASE_URL": openai.url,
            "CHROMA_HTTP_URL": chroma_url,
        }
        described = function(VARIANTS["ours"], settings)
        for tool in ("migrate", "seed"):
            _run_tool(tool, {**described.environment, "MIGRATION_DATABASE_URL": postgres.url()})
        yield Setup(described, _sign_in(described), postgres.url(), settings["DATABASE_URL"])


@contextmanager
def _durable_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Yield a server that waits for its disk, as in the cloud."""
    server = EmbeddedPostgres(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        server.remove()


def _run_tool(name: str, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", f"coachwork.tools.{name}"]
    done = subprocess.run(command, cwd=BACKEND, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"coachwork.tools.{name} failed: {done.stderr.strip()[-1000:]}")


def _signing_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _sign_in(described: Function) -> str:
    with ExecutionEnvironment(described) as environment:
        environment.invoke(event("POST", "/api/v1/users/register", _ACCOUNT))
        token: str = answer_of(environment.invoke(event("POST", "/api/v1/users/login", _ACCOUNT)))["access_token"]
    return token


def answer_of(invocation: Invocation) -> dict[str, Any]:
    """Return the body of an answer as the gateway would hand it out."""
    answer: dict[str, Any] = json.loads(json.loads(invocation.payload)["body"])
    return answer
