"""Events of a log as a person reads them."""

import json
from typing import Any

import pytest

from deployment.logs.line import pretty, without_secrets


def shown(message: str) -> str:
    """Return an event with this message, without its time and function."""
    return pretty({"timestamp": 1_700_000_000_000, "message": message}, "api").partition("api")[2].strip()


def told(**fields: Any) -> str:
    """Return a line of JSON as it is shown."""
    return shown(json.dumps(fields))


class TestPretty:
    """Unfolding."""

    def test_json(self) -> None:
        """Level and message come first, then what else there is to know."""
        line = told(level="INFO", message="answered", location="a.py:1", status=200, path="/health", request_id="r-1")
        assert "INFO     answered  status=200 path=/health request_id=r-1" == line

    def test_a_stack_trace(self) -> None:
        """Its lines stand below."""
        line = told(level="ERROR", message="failed", exception="Traceback:\n  File a.py")
        assert ["ERROR    failed", "    Traceback:", "      File a.py"] == line.splitlines()

    def test_report(self) -> None:
        """Lambda's report is one short line."""
        report = (
            "REPORT RequestId: r-1\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 1024 MB\t"
            "Max Memory Used: 99 MB\tInit Duration: 250.6 ms\t\n"
        )
        assert "REPORT   12 ms, 99 MB, started in 251 ms  r-1" == shown(report)

    @pytest.mark.parametrize("message", ["START RequestId: r Version: 1\n", "END RequestId: r\n", "INIT_START Runtime"])
    def test_what_says_nothing(self, message: str) -> None:
        """Beginnings and ends are left out."""
        assert "" == pretty({"timestamp": 0, "message": message}, "api")

    def test_text(self) -> None:
        """What is no JSON stays as it is."""
        assert "[ERROR] Runtime.ImportModuleError" == shown("[ERROR] Runtime.ImportModuleError\n")

    @pytest.mark.parametrize("name", ["password", "authorization", "openai_api_key", "access_token", "DATABASE_URL"])
    def test_secret_fields(self, name: str) -> None:
        """What is called like a secret is none of the reader's business."""
        assert f"INFO     x  {name}=***" == told(level="INFO", message="x", **{name: "hunter2"})


class TestWithoutSecrets:
    """Blotting out."""

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("postgresql://app:hunter2@db:5432/x", "postgresql://app:***@db:5432/x"),
            ("key sk-abcdefghijkl refused", "key sk-*** refused"),
            ("Bearer abcdefgh.ijkl", "Bearer ***"),
            ("eyJhbGciOiJF.eyJzdWIi.c2ln", "***"),
            ("sb_secret_abcdefghij", "sb_secret_***"),
            ("-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----", "***"),
            ("answered 200 in 3 ms", "answered 200 in 3 ms"),
        ],
    )
    def test_forms(self, text: str, left: str) -> None:
        """What has the form of a key, a token or a password goes, and nothing else."""
        assert left == without_secrets(text)
