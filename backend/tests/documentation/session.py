"""A terminal into which the pages that call the API are pasted, one after the other."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.documentation.pages import ROOT, Command, commands
from tests.pdfs import pdf

SESSION = ("README.md", "docs/fitness.md", "docs/knowledge.md")
_ELSEWHERE = ("make ", "openapi-python-client ", "PYTHONPATH=src ")
_OWN = "make grant "
_LAST = "-X DELETE $API/users/me"
_DUE = "2027-03-21"
"""The day a page's goal is due: some day it will have passed."""

_BEGINNING = """set -euo pipefail
curl() { command curl --fail-with-body --show-error "$@"; }
make() { command make --no-print-directory -o .venv/.synced -C "$PROJECT" "$@"; }
"""
_LEASE = ["This lease is of a flat.", "Either party may end the lease with a notice of three months."]


def pasted() -> list[Command]:
    """Return the commands in the order in which they are pasted: as on the pages, but for the account's deletion."""
    found = [one for page in SESSION for one in commands(page) if not one.needs and _is_pasted(one)]
    return sorted(found, key=lambda one: _LAST in one.line)


def _is_pasted(command: Command) -> bool:
    return command.line.startswith(_OWN) or not command.line.startswith(_ELSEWHERE)


def paste(url: str, folder: Path, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Paste them all into one shell, which ends with the first that fails; each is told on standard error before.

    Args:
        url: where the application answers, in place of the pages' own.
        folder: an empty one; the files that the pages speak of are put there.
        environ: the environment of the run that serves.
    """
    for name in ("lease.pdf", "manual.pdf"):
        (folder / name).write_bytes(pdf([f"{name}: {_LEASE[0]}", _LEASE[1]]))
    (folder / "squat.mp4").write_bytes(b"ftypmp42" * 1_000)
    due = (datetime.now(UTC) + timedelta(days=120)).date().isoformat()
    lines = [f"echo {number}: {one.page} >&2\n{one.text}" for number, one in enumerate(pasted())]
    script = _BEGINNING + "\n".join(lines).replace("http://127.0.0.1:8000", url).replace(_DUE, due)
    return subprocess.run(
        ["bash", "-s"],
        input=script,
        cwd=folder,
        env={**environ, "PROJECT": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
