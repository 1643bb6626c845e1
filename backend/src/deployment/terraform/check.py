"""Everything about the Terraform that can be known without a cloud: format, validity, the modules' own tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deployment.children import Children
from deployment.terraform.program import LOCK_FILE, SOURCES, WORK, Terraform, TerraformFailed, plain, terraform
from deployment.terraform.providers import provider_environment
from deployment.terraform.resident_provider import can_share, resident_provider


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
    environment = provider_environment(environ, sources / LOCK_FILE, WORK)
    with _copied(sources) as copy, Children() as children, ThreadPoolExecutor(os.cpu_count()) as workers:
        folders = sorted(path.parent for path in copy.rglob("tests") if path.is_dir())
        programs = [terraform(folder, folder / ".terraform", environment) for folder in folders]
        yield from workers.map(lambda program: _outcome(program, copy, children), programs)


def _outcome(program: Terraform, copy: Path, children: Children) -> Outcome:
    folder = program.folder.relative_to(copy)
    name = (Path("terraform") / folder).as_posix()
    try:
        program.init("-backend=false")
        if "modules" not in folder.parts:  # which validates all modules below as well
            program.run("validate")
        said = _tested(program, children)
    except TerraformFailed as failure:
        return Outcome(name, 0, str(failure))
    return Outcome(name, sum(line.endswith("... pass") for line in said.splitlines() if " run " in line), "")


def _tested(program: Terraform, children: Children) -> str:
    """Run the tests of a folder, those that can with one provider; return what Terraform said."""
    files = sorted((program.folder / "tests").glob("*.tftest.hcl"))
    filters = {file: f"-filter={file.relative_to(program.folder)}" for file in files}
    shared, alone = ([filters[file] for file in files if can_share(file) is can] for can in (True, False))
    said = ""
    if shared:
        with resident_provider(program.folder, program.environment, children) as environment:
            said += plain(replace(program, environment=environment).run("test", *shared)) + "\n"
    if alone:
        said += plain(program.run("test", *alone))
    return said


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
