"""The packages of the image's lock file suffice, and hold no others."""

import json
import os
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from tests.aws_lambda.places import REPOSITORY, SOURCE
from tests.lambda_events import rest_api

from rehearsal.runtime import ExecutionEnvironment, Function

pytestmark = pytest.mark.long(seconds=20)


class TestImage:
    """The packages of the image's lock file, and no others."""

    def test_suffice(self, lambda_environ: dict[str, str]) -> None:
        """Every service loads and answers: the document is whole."""
        function = Function("coachwork.aws_lambda.handler", _image_python(), SOURCE, lambda_environ)
        with ExecutionEnvironment(function) as environment:
            invocation = environment.invoke(json.dumps(rest_api(path="/openapi.json")).encode())

        answer = json.loads(invocation.payload)
        assert 200 == answer["statusCode"], answer
        assert "/health" in json.loads(answer["body"])["paths"]

    def test_import_whole(self, lambda_environ: dict[str, str]) -> None:
        """Every vendor's SDK loads without what is left out of its package."""
        handler = "benchmarks.functions.eager.handler"
        function = Function(handler, _image_python(), SOURCE.parent, lambda_environ, init_timeout_seconds=60)
        with ExecutionEnvironment(function) as environment:
            invocation = environment.invoke(json.dumps(rest_api()).encode())

        assert 200 == json.loads(invocation.payload)["statusCode"]

    def test_hold_no_embedded_index(self, environ: dict[str, str]) -> None:
        """A folder for the vector index is refused with what to do about it, not with a traceback."""
        program = """
            import os
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.errors import VectorIndexUnavailable
            from coachwork.chassis.settings import Settings
            try:
                bootstrap(Settings.load(os.environ)).vector_index("passages")
            except VectorIndexUnavailable as refusal:
                print(refusal.detail)
        """
        asked = [str(_image_python()), "-c", dedent(program)]
        told = subprocess.run(
            asked, env={**environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
        )

        assert "CHROMA_PATH needs the package chromadb, which the image leaves out" == told.stdout.strip()


def _image_python() -> Path:
    """Return the image environment's interpreter, made by the Makefile when it is not there yet."""
    made = subprocess.run(
        ["make", "--silent", "image-environment"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if made.returncode and not os.environ.get("CI"):
        pytest.skip(f"the image's packages could not be installed: {made.stderr.strip()[-300:]}")
    assert 0 == made.returncode, made.stderr
    return REPOSITORY / ".venv-image" / "bin" / "python"
