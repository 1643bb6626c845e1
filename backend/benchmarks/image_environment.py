"""Where it is measured: the interpreter with the image's packages, and the functions to start in it."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rehearsal.runtime import Function

REPOSITORY = Path(__file__).parents[2]
BACKEND = REPOSITORY / "backend"
SOURCE = BACKEND / "src"

VARIANTS = {
    "bare handler": "benchmarks.functions.bare.handler",
    "FastAPI + Mangum": "benchmarks.functions.hello.handler",
    "ours": "coachwork.aws_lambda.handler",
    "ours, all imported": "benchmarks.functions.eager.handler",
}
PLAIN, OURS = "FastAPI + Mangum", "ours"

_SETTINGS = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/nothing",
    "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
    "OPENAI_API_KEY": "none",
    "CHROMA_HTTP_URL": "http://127.0.0.1:9",
    "RATE_LIMIT_PER_ADDRESS": "1000000",  # counted, and never reached
    "RATE_LIMIT_PER_USER": "1000000",
    "CHAT_TOKENS_PER_DAY": "100000000",
    "CHAT_TOKENS_PER_DAY_ALL": "1000000000",
}


@dataclass(frozen=True)
class Interpreter:
    """A Python and where its packages lie; `is_image` when they are the image's and no others."""

    python: Path
    packages: Path
    version: str
    is_image: bool


@cache
def interpreter() -> Interpreter:
    """Return the image environment's Python, or this one where `make image-environment` has not been run."""
    image = REPOSITORY / ".venv-image" / "bin" / "python"
    python = image if image.exists() else Path(sys.executable)
    program = "import sysconfig, platform; print(sysconfig.get_path('purelib'), platform.python_version())"
    told = subprocess.run([str(python), "-c", program], capture_output=True, text=True, check=True)
    packages, version = told.stdout.split()
    return Interpreter(python, Path(packages), version, python == image)


def function(handler: str, settings: Mapping[str, str] | None = None) -> Function:
    """Return a function of the image's packages and our source, with settings that point nowhere by default."""
    environment = {**_SETTINGS, **(settings or {}), "PYTHONPATH": str(SOURCE)}
    return Function(handler, interpreter().python, BACKEND, environment, timeout_seconds=60)


def event(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> bytes:
    """Return API Gateway's REST event, as the runtime gets it."""
    sent = {"Host": "id.execute-api.us-east-1.amazonaws.com", "X-Forwarded-Port": "443", **(headers or {})}
    if body is not None:
        sent["Content-Type"] = "application/json"
    return json.dumps(
        {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {
                "stage": "production",
                "path": f"/production{path}",
                "identity": {"sourceIp": "192.0.2.1"},
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
    ).encode()


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "system": platform.system(),
        "python": interpreter().version,
        "image_packages": interpreter().is_image,
    }
