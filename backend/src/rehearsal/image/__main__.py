"""`python -m rehearsal.image` proves the image: status 0 when it is as it should be, 1 with the reason when not."""

import json
import os
import sys
from collections.abc import Mapping

from deployment.image.content import Layer
from deployment.image.errors import ImageError
from deployment.progress import say
from rehearsal.image.proof import Proof, prove

_PATH = "/api/v1/health/"
# As deployed, with everything it would speak to out of reach: that it says so shows its drivers at work.
_SETTINGS = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://nobody:nothing@127.0.0.1:9/nothing",
    "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
    "OPENAI_API_KEY": "none",
    "CHROMA_HTTP_URL": "http://127.0.0.1:9",
}
_NAMES = ("AWS's base (a stand-in)", "packages", "source")
_EXPECTED = (503, '{"status":"unavailable","database":"unreachable","rag":"unreachable"}')


def main(environ: Mapping[str, str]) -> int:
    """Prove it; return the exit status."""
    try:
        _report(prove(_event(), _SETTINGS, lambda step: say(sys.stdout, f"{step} ..."), environ))
    except ImageError as error:
        say(sys.stderr, f"image: {error}")
        return 1
    return 0


def _report(proof: Proof) -> None:
    if (proof.status, proof.body) != _EXPECTED:
        raise ImageError(f"{_PATH} answered {proof.status}: {proof.body}")
    for name, layer in zip(_NAMES, proof.content.layers, strict=True):
        say(sys.stdout, _size(name, layer))
    say(sys.stdout, f"started in {proof.init_ms:.0f} ms; GET {_PATH} answered {proof.status}: {proof.body}")
    say(sys.stdout, f"image: {proof.content.digest}, twice")


def _size(name: str, layer: Layer) -> str:
    return f"  {name:<24} {layer.file_bytes / 1e6:6.1f} MB, {layer.transfer_bytes / 1e6:5.1f} MB compressed"


def _event() -> bytes:
    """Return API Gateway's event for a GET, as far as a handler needs it."""
    headers = {"Host": "id.execute-api.us-east-1.amazonaws.com", "X-Forwarded-Port": "443"}
    return json.dumps(
        {
            "resource": "/{proxy+}",
            "path": _PATH,
            "httpMethod": "GET",
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "requestContext": {"stage": "production", "path": _PATH, "identity": {"sourceIp": "192.0.2.1"}},
            "body": None,
            "isBase64Encoded": False,
        }
    ).encode()


if __name__ == "__main__":
    sys.exit(main(os.environ))
