"""Everything about the Terraform that can be known without a cloud: format, validity, the modules' own tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from deployment.terraform.program import LOCK_FILE, SOURCES, WORK, Terraform, TerraformFailed, plain, terraform
from deployment.terraform.providers import provider_environment

# Terraform and its provider end within seconds: looking for garbage less often saves a third of their work.
_GARBAGE = "800"


@dataclass(frozen=True)
class Outcome:
    """What came of one folder: how many of its tests passed, or what Terraform said."""

    folder: str
    passed: int
    complaint: str


def badly_formatted(environ: Mapping[str, str], sources: Path = SOURCES) -> str:
    """Return the names of files that `terraform fmt` would change, one a line."""
    program = terraform(sources, WORK, environ)
    try:
        program.run("fmt", "-check", "-recursive")
    except TerraformFailed as failure:
        return str(failure)
    return ""


def checked(environ: Mapping[str, str], sources: Path = SOURCES) -> Iterator[Outcome]:
    """Yield what came of every folder with tests, side by side on the machine's cores, in the folders' order."""
    environment = provider_environment({"GOGC": _GARBAGE, **environ}, sources / LOCK_FILE, WORK)
    with _copied(sources) as copy, ThreadPoolExecutor(os.cpu_count()) as workers:
        folders = sorted(path.parent for path in copy.rglob("tests") if path.is_dir())
        programs = [terraform(folder, folder / ".terraform", environment) for folder in folders]
        init_lock = Lock()
        yield from workers.map(lambda program: _outcome(program, copy, init_lock), programs)


def _outcome(program: Terraform, copy: Path, init_lock: Lock) -> Outcome:
    folder = program.folder.relative_to(copy)
    name = (Path("terraform") / folder).as_posix()
    try:
        with init_lock:  # a cache of providers is not made for two at once
            program.init("-backend=false")
        if "modules" not in folder.parts:  # which validates all modules below as well
            program.run("validate")
        said = plain(program.run("test"))
    except TerraformFailed as failure:
        return Outcome(name, 0, str(failure))
    return Outcome(name, sum(line.endswith("... pass") for line in said.splitlines() if " run " in line), "")


@contextmanager
def _copied(sources: Path) -> Iterator[Path]:
    """Yield a copy of `sources` to work in, with the root's lock file beside every module, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="coachwork-terraform-") as place:
        copy = Path(place) / "terraform"
        shutil.copytree(sources, copy, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*"))
        for tests in copy.rglob("tests"):
            if not (tests.parent / LOCK_FILE).exists():
                shutil.copy(sources / LOCK_FILE, tests.parent)
        yield copy
