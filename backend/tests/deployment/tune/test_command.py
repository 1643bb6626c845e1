"""`make tune` on REPORT lines of a file."""

import json
import os
from pathlib import Path

import pytest
from tests.terraform import needs_terraform

from deployment.tune.__main__ import main

pytestmark = needs_terraform

_LINE = (
    "REPORT RequestId: {0}\tDuration: {1:.2f} ms\tBilled Duration: {1:.0f} ms\t"
    "Memory Size: 1024 MB\tMax Memory Used: 180 MB\n"
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment that names dev, and the PATH Terraform is found along."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ENV": "dev"}


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Return the path of a log with a hundred invocations of 1 to 100 ms."""
    file = tmp_path / "reports.log"
    file.write_text("".join(f"START RequestId: {ms}\n" + _LINE.format(ms, float(ms)) for ms in range(1, 101)))
    return str(file)


class TestLog:
    """Recommended from a file."""

    def test_json(self, environ: dict[str, str], log: str, capsys: pytest.CaptureFixture[str]) -> None:
        """p95 of 95 ms with 1,024 MB is at most 190 ms with 512: within 200 ms."""
        assert main(["--log", log, "--p95-ms", "200", "--json"], environ) == 0
        (told,) = json.loads(capsys.readouterr().out)

        assert (95.0, 100) == (told["measured"][0]["p95_ms"], told["measured"][0]["invocations"])
        assert told["recommendation"]["memory_mb"] == 512

    def test_table(self, environ: dict[str, str], log: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A person reads the size, the reasons, and what a million cost."""
        assert main(["--log", log], environ) == 0
        said = capsys.readouterr().out

        assert "reports.log: 1024 MB" in said
        assert "0.84" in said  # 1,000,000 x 50.5 ms x 1 GB x $0.0000166667

    def test_without_reports(self, environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is recommended of what nobody called."""
        (tmp_path / "empty.log").write_text("START RequestId: 1\n")

        assert main(["--log", str(tmp_path / "empty.log")], environ) == 0
        assert "empty.log: nothing to say\n  - no invocation was reported" in capsys.readouterr().out


class TestRefusing:
    """What makes no sense."""

    @pytest.mark.parametrize("arguments", [["--memory", "64"], ["--memory", "big"], ["--rounds", "0"], ["--days", "0"]])
    def test_numbers_that_are_none(self, environ: dict[str, str], arguments: list[str]) -> None:
        """Status 2."""
        with pytest.raises(SystemExit) as refused:
            main(arguments, environ)

        assert refused.value.code == 2

    def test_an_unknown_environment(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """Status 1, with those there are."""
        assert main([], environ | {"ENV": ""}) == 1
        assert "ENV=dev" in capsys.readouterr().err
