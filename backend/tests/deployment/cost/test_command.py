"""`make cost` on the repository's own environments, where nothing is deployed."""

import json
import os
from pathlib import Path

import pytest
from tests.terraform import needs_terraform

from deployment.cost.__main__ import main

pytestmark = needs_terraform

_PAGE = Path(__file__).parents[4] / "docs" / "cost.md"
_REPORT = (
    "REPORT RequestId: 1\tDuration: 180.00 ms\tBilled Duration: 200 ms\tMemory Size: 1769 MB\tMax Memory Used: 180 MB\n"
)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Return an environment that names dev, and the PATH Terraform is found along."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ENV": "dev"}


class TestTelling:
    """What is told."""

    def test_json(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """Cents are whole numbers, lines add up, and what is assumed and unverified is said."""
        assert main(["--offline", "--json"], environ) == 0
        told = json.loads(capsys.readouterr().out)

        assert [10_000, 100_000, 1_000_000] == [level["requests"] for level in told["levels"]]
        level = told["levels"][-1]
        assert abs(sum(one["amount_minor"] for one in level["lines"]) - level["gross_minor"]) <= len(level["lines"]) / 2
        assert level["net_minor"] == level["gross_minor"] - level["free_minor"]
        assert {"gross_minor": 5002, "net_minor": 4333} == told["example"]
        assert told["prices"]["api_rest"]["is_verified"] is True
        assert "assumed" in told["provenance"][-1]

    def test_markdown(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """A table as wide in every row, and sentences."""
        assert main(["--offline", "--markdown", "--traffic", "5000,50000"], environ) == 0
        rows = [one for one in capsys.readouterr().out.splitlines() if one.startswith("|")]

        assert {7} == {row.count("|") for row in rows}
        assert "| **to be paid** |" in "\n".join(rows)

    def test_page(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """docs/cost.md shows the bill of prod as it is reckoned."""
        assert main(["--offline", "--markdown"], environ | {"ENV": "prod"}) == 0
        rows = [one for one in capsys.readouterr().out.splitlines() if one.startswith("|")]

        assert "\n".join(rows) in _PAGE.read_text(encoding="utf-8")

    def test_table(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """A person reads of the example and of the server."""
        assert main(["--offline"], environ) == 0
        said = capsys.readouterr().out

        assert "100,000 invocations of 30 s with 1 GB: $50.02 before what is free" in said
        assert "server" in said


class TestMeasuring:
    """Where durations come from."""

    def test_a_file(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        """REPORT lines of a file take the place of what is assumed."""
        file = tmp_path / "reports.log"
        file.write_text(_REPORT * 2)

        assert main(["--offline", "--json", "--log", str(file), "--traffic", "100000"], environ) == 0
        told = json.loads(capsys.readouterr().out)
        duration = next(one for one in told["levels"][0]["lines"] if one["name"] == "api: duration")
        assert "measured: 200 ms of 2 invocations" in duration["why"]


class TestRefusing:
    """What makes no sense."""

    def test_an_unknown_environment(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """Status 1, with those there are."""
        assert main(["--offline"], environ | {"ENV": "nowhere"}) == 1
        assert "ENV=dev" in capsys.readouterr().err

    def test_an_unknown_assumption(self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """Status 1, with those there are."""
        assert main(["--offline", "--assume", "chats=5"], environ) == 1
        assert "chat_percent" in capsys.readouterr().err

    @pytest.mark.parametrize("arguments", [["--traffic", "many"], ["--assume", "chat_percent=-1"], ["--assume", "x"]])
    def test_numbers_that_are_none(self, environ: dict[str, str], arguments: list[str]) -> None:
        """Status 2."""
        with pytest.raises(SystemExit) as refused:
            main(["--offline", *arguments], environ)

        assert refused.value.code == 2
