"""Each step of GitHub's jobs is a verb of the Makefile, with what that verb knows and the page on deploying names."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it has no types, and what is read is any

from deployment.arguments import COMMANDS, parse_arguments

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
WORKFLOWS = {path.name: yaml.safe_load(path.read_text()) for path in sorted(ROOT.glob(".github/workflows/*.yml"))}
BESIDE = {
    'cat build/image.env >> "$GITHUB_OUTPUT"',
    'gh pr comment "$NUMBER" --edit-last --create-if-none --body-file build/plan.md',
}
"""What no verb can do: it is GitHub's own."""
ENVIRONMENTS = {"dev", "staging", "prod"}


def jobs() -> list[tuple[str, dict[str, Any]]]:
    """Return every job of every workflow, with its name."""
    return [(f"{file}: {name}", job) for file, flow in WORKFLOWS.items() for name, job in flow["jobs"].items()]


def lines() -> list[tuple[str, str, dict[str, str]]]:
    """Return each line that a job runs: whose it is, its text with a matrix filled in, and the job's variables."""
    found = []
    for name, job in jobs():
        given = job.get("strategy", {}).get("matrix", {}).get("arguments", [""])
        for step in job.get("steps", ()):
            variables = {**job.get("env", {}), **step.get("env", {})}
            for line in str(step.get("run", "")).splitlines():
                found += [(name, line.replace("$ARGUMENTS", argument), variables) for argument in given]
    return found


def typed(line: str) -> tuple[list[str], dict[str, str]]:
    """Return the targets and variables of a line that calls make, whoever it is run as."""
    words = shlex.split(line.removeprefix('sudo env "PATH=$PATH" '))
    assert "make" == words[0], line
    given = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    return [word for word in words[1:] if "=" not in word], given


CALLS = [line for line in lines() if line[1] not in BESIDE]


@pytest.mark.parametrize(("job", "line", "variables"), CALLS, ids=[line for _, line, _ in CALLS])
class TestCalls:
    """Each line that is a call of make."""

    def test_targets(self, job: str, line: str, variables: dict[str, str]) -> None:
        """It names targets that are there."""
        targets, _ = typed(line)
        assert targets
        assert set() == set(targets) - set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)), job

    def test_variables(self, job: str, line: str, variables: dict[str, str]) -> None:
        """It gives variables that the Makefile hands on, or reads; so does the job."""
        handed_on = set(re.search(r"^export (API_URL .+)$", MAKEFILE, re.MULTILINE)[1].split())  # type: ignore[index]  # else it fails here
        read = set(re.findall(r"\$\(([A-Z_]+)\)", MAKEFILE))
        given = {*typed(line)[1], *variables} - {"ARGUMENTS"}
        assert set() == given - handed_on - read, job

    def test_arguments(self, job: str, line: str, variables: dict[str, str]) -> None:
        """What it passes on is understood, and it is of an environment that there is."""
        targets, given = typed(line)
        for verb in set(targets) & set(COMMANDS):
            parse_arguments([verb, *shlex.split(given.get("ARGS", ""))])
            assert given.get("ENV") in ENVIRONMENTS or "inputs.environment" in variables["ENV"], job


class TestJobs:
    """What jobs take for granted."""

    def test_settings_are_documented(self) -> None:
        """Each variable and secret of the repository's is named by the page that says how to set it up."""
        text = "".join(path.read_text() for path in ROOT.glob(".github/workflows/*.yml"))
        wanted = set(re.findall(r"\b(?:vars|secrets)\.([A-Z_]+)", text))
        assert {"AWS_DEPLOY_ROLE_ARN", "AWS_PLAN_ROLE_ARN", "AWS_REGION"} <= wanted
        assert set() == {name for name in wanted if name not in GUIDE}

    def test_one_digest_goes_through_all_environments(self) -> None:
        """dev, staging and prod, each after the one before, with what was built once; staging is put under load."""
        promoted = {name: job for name, job in WORKFLOWS["deploy.yml"]["jobs"].items() if name in ENVIRONMENTS}
        assert ["dev", "staging", "prod"] == list(promoted)
        before = {"dev": "image", "staging": ["image", "dev"], "prod": ["image", "staging"]}
        assert before == {name: job["needs"] for name, job in promoted.items()}
        assert {"${{ needs.image.outputs.digest }}"} == {job["with"]["digest"] for job in promoted.values()}
        assert ["staging"] == [name for name, job in promoted.items() if job["with"].get("load")]
        assert all(name == job["with"]["environment"] for name, job in promoted.items())

    def test_environments_exist(self) -> None:
        """Each has its variables and where its state is."""
        for name in ENVIRONMENTS:
            folder = ROOT / "terraform" / "environments" / name
            assert {"backend.hcl", "terraform.tfvars"} <= {path.name for path in folder.iterdir()}
