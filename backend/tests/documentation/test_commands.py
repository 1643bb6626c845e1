"""Each command of the documentation is run by a test or a rehearsal, or says what it needs that is not here.

A page marks a command by a comment, `# needs AWS` (or GitHub, or Weaviate): at its end, or on a line of its own for
those that follow in the block. Every other one has to be in `RUN_BY`, or to be pasted as it stands (`session.py`).
"""

import re
import shlex
from pathlib import Path

import boto3
import pytest
from botocore import xform_name
from tests.documentation.pages import PAGES, ROOT, Command, commands, mentions
from tests.documentation.session import pasted

from deployment.arguments import COMMANDS, parse_arguments

TESTS = ROOT / "backend" / "tests"
LIFE = (TESTS / "deployment" / "test_first_to_last.py", 'type("{verb}"')
RELEASES = ROOT / "backend" / "src" / "rehearsal" / "scenarios"
GATE = ROOT / ".ci" / "run"

RUN_BY: dict[str, tuple[Path, str]] = {
    # What is typed, and who runs it: a file, and the words in it that do.
    r"make (?:check|test)( .*)?": (GATE, "check test"),
    r"make terraform-check": (GATE, '"${make[@]}" terraform-check'),
    r"make image-proof": (GATE, '"${make[@]}" image-proof'),
    r"make rehearse ARGS=--releases": (GATE, "rehearse releases ARGS=--releases"),
    r"make rehearse ARGS=--each-permission": (GATE, "rehearse each-permission ARGS=--each-permission"),
    r"make rehearse LAYOUT=per_service": (GATE, "rehearse per_service LAYOUT=per_service"),
    r"make rehearse ARGS=--write-docs": (TESTS / "deployment" / "test_permissions_doc.py", "permissions: written by"),
    r"make rehearse( ENV=dev)?": (TESTS / "e2e" / "test_rehearsal.py", '"rehearse"'),
    r"make up(?: ENV=dev)?(; \. build/rehearsal/env)?": (TESTS / "e2e" / "test_rehearsal.py", 'run("up")'),
    r"make down": (TESTS / "e2e" / "test_rehearsal.py", 'run("down")'),
    r"(cd backend && )?PYTHONPATH=src \S+python -m rehearsal image --backend FOLDER": (
        TESTS / "e2e" / "test_rehearsal.py",
        "-m rehearsal image --backend",
    ),
    r"make rehearse ARGS=--deployers": (TESTS / "rehearsal", "rehearsal.deployers"),
    r"make (run|reset)": (TESTS / "e2e" / "test_make_run.py", "COMMAND"),
    r"make help": (TESTS / "documentation" / "test_make.py", '"make help"'),
    r"make cost( .*)?": (TESTS / "documentation" / "test_make.py", '"make cost"'),
    r"make tune( .*)?": (TESTS / "documentation" / "test_make.py", '"make tune"'),
    r"make sbom": (TESTS / "documentation" / "test_make.py", '"make sbom"'),
    r"make eval": (TESTS / "evals", "from evals"),
    r"make bench( .*)?": (TESTS / "benchmarks", "from benchmarks"),
    r"make smoke URL=.*|make smoke": (TESTS / "deployment" / "smoke" / "test_command.py", "def test_all_as_expected"),
    r"make load( .*)?|python -m deployment\.load .*": (
        TESTS / "deployment" / "load" / "test_run.py",
        "deployment.load",
    ),
    r"(cd backend && )?(PYTHONPATH=src \S+)?python -m coachwork\.tools\.migrate": (
        TESTS / "tools" / "test_migrate.py",
        "test_says_what_it_applied",
    ),
    r"(PYTHONPATH=src \S+)?python -m coachwork\.tools\.seed": (TESTS / "tools" / "test_seed.py", "test_are_loaded"),
    r"(PYTHONPATH=src \S+)?python -m coachwork\.tools\.grant EMAIL admin": (
        TESTS / "tools" / "test_grant.py",
        "test_admin",
    ),
    r"(PYTHONPATH=src \S+)?python -m coachwork\.tools\.migrate_chroma": (
        TESTS / "tools" / "test_migrate_chroma.py",
        "test_copies_everything_to_the_cloud",
    ),
    r"python -m coachwork\.tools\.lint_migrations": (
        TESTS / "tools" / "test_lint_migrations.py",
        "test_keep_the_rules",
    ),
    r"openapi-python-client generate .*": (TESTS / "e2e" / "test_generated_client.py", "openapi-python-client"),
    r"pg_(dump|restore) .*": (TESTS / "migrations" / "test_backup.py", "docs/operations.md"),
    r"python -m deployment": (TESTS / "deployment" / "sandbox.py", '"-m", "deployment"'),
    r"make (?P<verb>config)( .*)?": (TESTS / "deployment" / "sandbox.py", 'type("{verb}"'),
    r"make (?P<verb>deploy|plan|status|logs|unlock|destroy)( .*)?": LIFE,
    r"make (?P<verb>publish)( .*)?": (TESTS / "deployment" / "test_publish.py", "{verb}"),
    r"make (?P<verb>bootstrap|rollback)( .*)?": (RELEASES, '_succeed("{verb}"'),
    r"curl -s \$?URL/api/v1/health/": (TESTS / "e2e" / "test_make_run.py", "/api/v1/health/"),
}
_SETTING = re.compile(r"(export )?([A-Z_]+=('[^']*'|\S*) ?)+")
"""What sets variables and does nothing besides."""

ALL = [one for page in PAGES for one in (*commands(page), *mentions(page))]
IDS = [f"{one.page}: {one.line[:60]}" for one in ALL]


def runner(command: Command) -> tuple[Path, str] | None:
    """Return who runs a command, and by which words; None where nobody does."""
    for pattern, (path, words) in RUN_BY.items():
        match = re.fullmatch(pattern, command.line.removesuffix(" ..."))
        if match:
            return path, words.replace("{verb}", match.groupdict().get("verb") or "")
    return None


def source(path: Path) -> str:
    """Return a file, or all of a folder's."""
    files = path.rglob("*.py") if path.is_dir() else [path]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


class TestCommands:
    """Every command of every page."""

    def test_is_run_or_marked(self) -> None:
        """By a test or rehearsal that is there; in a sentence, `aws` and `terraform` need an account by nature."""
        run = {(one.page, one.text) for one in pasted()}
        stray = [
            f"{one.page}: {one.line}"
            for one in ALL
            if not (one.needs or (one.page, one.text) in run or runner(one) or _SETTING.fullmatch(one.line))
            and not (one.block < 0 and one.line.startswith(("aws ", "terraform ")))
        ]
        assert [] == stray

    @pytest.mark.parametrize("pattern", RUN_BY)
    def test_has_a_runner(self, pattern: str) -> None:
        """Each test or rehearsal that is named is there, and runs it; and each entry is of some command."""
        of_this = [one for one in ALL if re.fullmatch(pattern, one.line.removesuffix(" ..."))]
        found = {runner(one) for one in of_this} - {None}
        assert of_this
        assert [] == [words for path, words in filter(None, found) if words not in source(path)]


@pytest.mark.parametrize("command", ALL, ids=IDS)
class TestForms:
    """What can be seen of a command without running it."""

    def test_deployment_understands_it(self, command: Command) -> None:
        """A verb of `python -m deployment` knows its arguments."""
        if not command.line.startswith("make "):
            return
        words = shlex.split(command.line.partition(";")[0])[1:]
        given = dict(word.split("=", 1) for word in words if "=" in word)
        for verb in set(words) & set(COMMANDS):
            parse_arguments([verb, *shlex.split(given.get("ARGS", ""))])

    def test_aws_knows_it(self, command: Command) -> None:
        """A command of AWS's CLI names an operation there is, with parameters it has."""
        for service, operation, options in _asked_of_aws(command.text.replace("\\\n", " ")):
            client = boto3.Session(region_name="eu-central-1").client(
                "s3" if service == "s3api" else service, aws_access_key_id="none", aws_secret_access_key="none"
            )
            methods = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
            waiters = {name.replace("_", "-") for name in client.waiter_names}
            assert operation in methods or operation.removeprefix("wait ") in waiters
            if operation in methods:
                shape = client.meta.service_model.operation_model(methods[operation]).input_shape
                known = {xform_name(name, "-") for name in shape.members} if shape else set()
                assert set() == {one.removeprefix("no-") for one in options} - known - _OF_THE_CLI


_OF_THE_CLI = {"output", "query", "cli-binary-format", "max-items"}


def _asked_of_aws(text: str) -> list[tuple[str, str, list[str]]]:
    """Return what a text asks of AWS: service, operation (a waiter's with `wait`), names of options."""
    found = []
    for asked in re.findall(r"\baws ((?!login|sso|logs tail)[a-z0-9]+ (?:wait )?[a-z-]+(?:[^|;&]|\\\|)*)", text):
        words = asked.split()
        operation = " ".join(words[1:3]) if words[1] == "wait" else words[1]
        found.append((words[0], operation, re.findall(r"(?<!\S)--([a-z-]+)", asked.partition("$(aws")[0])))
    return found
