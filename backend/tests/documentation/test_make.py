"""What the pages say of `make` that is quick enough to be typed here as it stands."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from tests.documentation.pages import PAGES, ROOT, Command, commands
from tests.terraform import needs_terraform

_AS_THEY_ARE = "-o .venv/.synced -o .venv-image/.synced -o .venv-scan/.synced"
_QUICK = ("make cost", "make tune")
_REPORT = (
    "REPORT RequestId: 1\tDuration: 20.00 ms\tBilled Duration: 20 ms\tMemory Size: 1769 MB\tMax Memory Used: 86 MB\n"
)
QUICK = [one for page in PAGES for one in commands(page) if one.line.startswith(_QUICK) and not one.needs]
PLANNED = [one for page in PAGES for one in commands(page) if one.line.startswith("make ")]


def make(line: str, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Type a line that begins with make in the project's folder; `folder` is what `$PWD` is. Environments stay."""
    typed = line.partition(";")[0].replace("$PWD", str(folder)).removeprefix("make ")
    return subprocess.run(
        ["bash", "-c", f"make --no-print-directory {_AS_THEY_ARE} {' '.join(options)} {typed}"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_EC2_METADATA_DISABLED": "true",
            "NAME": "",
            "ENV": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )


class TestHelp:
    """`make help`."""

    def test_lists_every_verb(self, tmp_path: Path) -> None:
        """Each target a reader may type, with what it does."""
        listed = make("make help", tmp_path)
        assert 0 == listed.returncode
        assert {"  make run", "  make deploy", "  make cost"} <= {
            line[:13].rstrip() for line in listed.stdout.splitlines()
        }


@pytest.mark.skipif(
    not (ROOT / ".venv-scan").exists() and "CI" not in os.environ, reason="the scanners are not installed"
)
class TestBillOfMaterials:
    """`make sbom`."""

    def test_lists_the_image(self, tmp_path: Path) -> None:
        """The packages of the image, and none of the laptop's."""
        written = make("make sbom", tmp_path)
        assert 0 == written.returncode, written.stderr
        found = {one["name"] for one in json.loads((ROOT / "build" / "sbom.cdx.json").read_text())["components"]}
        assert {"fastapi", "awslambdaric"} <= found
        assert {"pytest", "moto"}.isdisjoint(found)


@needs_terraform
@pytest.mark.parametrize("command", QUICK, ids=lambda one: one.line)
class TestQuick:
    """Commands that look at no account."""

    def test_ends_well(self, command: Command, tmp_path: Path) -> None:
        """It prints what it was asked for."""
        (tmp_path / "reports.log").write_text(_REPORT * 30)
        ended = make(command.line, tmp_path)
        assert (0, "") == (ended.returncode, ended.stderr)
        assert "$" in ended.stdout or '"currency": "USD"' in ended.stdout


@pytest.mark.parametrize("command", PLANNED, ids=lambda one: f"{one.page}: {one.line}")
class TestVerbs:
    """Every command that begins with make."""

    def test_is_a_target(self, command: Command, tmp_path: Path) -> None:
        """Make knows it, and what it is given, and would run a program of ours for it."""
        planned = make(command.line, tmp_path, "--dry-run")
        assert 0 == planned.returncode, planned.stderr
        assert any(program in planned.stdout for program in (" -m deployment", " -m rehearsal", " -m pytest"))
