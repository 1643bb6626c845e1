"""Finding and running Terraform."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.terraform import needs_terraform

from deployment.terraform.check import badly_formatted, checked
from deployment.terraform.events import ApplyProgress
from deployment.terraform.program import SOURCES, TerraformFailed, TerraformUnusable, found_program, terraform


def program_saying(folder: Path, text: str) -> dict[str, str]:
    """Return an environment whose `terraform` prints `text` and does nothing."""
    program = folder / "terraform"
    program.write_text(f"#!/bin/sh\necho '{text}'\n")
    program.chmod(0o755)
    return {"PATH": str(folder)}


def interrupt_at(words: str) -> Callable[[str], None]:
    """Return what hears Terraform, and is interrupted when it says these words."""

    def hear(line: str) -> None:
        if words in line:
            raise KeyboardInterrupt

    return hear


class TestFoundProgram:
    """Looking for Terraform."""

    def test_none(self, tmp_path: Path) -> None:
        """Where it is missing, the message says how to get it."""
        with pytest.raises(TerraformUnusable, match=r"no terraform in PATH: install it from .*/terraform/install"):
            found_program({"PATH": str(tmp_path)})

    def test_too_old(self, tmp_path: Path) -> None:
        """One without write-only arguments is refused by its version."""
        environ = program_saying(tmp_path, '{"terraform_version": "1.9.8"}')
        with pytest.raises(TerraformUnusable, match=r"is 1\.9\.8; 1\.11 or newer is needed"):
            found_program(environ)

    def test_something_else(self, tmp_path: Path) -> None:
        """A program of that name that is no Terraform is told as such."""
        with pytest.raises(TerraformUnusable, match="does not tell its version"):
            found_program(program_saying(tmp_path, "hello"))

    def test_a_newer_one(self, tmp_path: Path) -> None:
        """What is at least 1.11 will do."""
        assert str(tmp_path / "terraform") == found_program(program_saying(tmp_path, '{"terraform_version": "1.15.0"}'))


@needs_terraform
class TestTerraform:
    """Running it."""

    def test_a_failure_is_told_in_its_words(self, tmp_path: Path) -> None:
        """What it says stands in the error, without colours."""
        (tmp_path / "main.tf").write_text('resource "nothing" {\n')
        program = terraform(tmp_path, tmp_path / "data", os.environ)
        with pytest.raises(TerraformFailed, match="Unclosed configuration block") as failed:
            program.run("fmt", "-check")
        assert "\x1b" not in str(failed.value)

    def test_outputs(self, tmp_path: Path) -> None:
        """Outputs come as values by name."""
        (tmp_path / "main.tf").write_text('output "words" {\n  value = ["a", "b"]\n}\n')
        (tmp_path / ".terraform.lock.hcl").touch()
        program = terraform(tmp_path, tmp_path / "data", os.environ)
        program.init()
        program.run("apply", "-auto-approve", "-input=false")
        assert {"words": ["a", "b"]} == program.outputs()
        assert not (tmp_path / ".terraform").exists()

    def test_stopped_midway(self, tmp_path: Path) -> None:
        """With patience it comes to rest by itself: what it has made is in its state, and its lock is given back."""
        (tmp_path / "main.tf").write_text(
            'resource "terraform_data" "made" {}\n'
            'resource "terraform_data" "slow" {\n  depends_on = [terraform_data.made]\n'
            '  provisioner "local-exec" {\n    command = "sleep 600"\n  }\n}\n'
        )
        (tmp_path / ".terraform.lock.hcl").touch()
        program = terraform(tmp_path, tmp_path / "data", os.environ, patience_seconds=60)
        program.init()
        with pytest.raises(KeyboardInterrupt):
            program.run("apply", "-auto-approve", "-input=false", hear=interrupt_at("slow: Provisioning"))
        assert "terraform_data.made" in program.run("state", "list").splitlines()
        assert [] == list(tmp_path.glob(".terraform.tfstate.lock.info"))

    def test_killed(self, tmp_path: Path) -> None:
        """Somebody who ended it, such as a machine without memory, is named in place of its lines."""
        (tmp_path / "main.tf").write_text(
            'resource "terraform_data" "one" {\n provisioner "local-exec" {\n  command = "kill -KILL $PPID"\n }\n}\n'
        )
        (tmp_path / ".terraform.lock.hcl").touch()
        program = terraform(tmp_path, tmp_path / "data", os.environ)
        program.init()
        with pytest.raises(TerraformFailed, match="terraform apply was ended by somebody else: Killed"):
            program.run("apply", "-auto-approve", "-input=false", "-json")

    def test_progress(self, tmp_path: Path) -> None:
        """What an application did is told in words."""
        told = []
        for text in ("a", "a", "b", ""):
            resource = f'resource "terraform_data" "one" {{\n  input = "{text}"\n}}\n'
            (tmp_path / "main.tf").write_text(resource if text else "")
            (tmp_path / ".terraform.lock.hcl").touch()
            program, progress = terraform(tmp_path, tmp_path / "data", os.environ), ApplyProgress(lambda *_: None)
            program.init()
            program.run("apply", "-auto-approve", "-input=false", "-json", hear=progress)
            told.append(progress.summary)
        assert ["1 added", "nothing to change", "1 changed", "1 removed"] == told


@needs_terraform
class TestChecked:
    """Checking modules."""

    def test_a_failing_test_is_told(self, tmp_path: Path) -> None:
        """A module's passed tests are counted; a failing one is shown as Terraform shows it."""
        for name, wanted in (("false", 2), ("true", 1)):
            tests = tmp_path / name / "tests"
            tests.mkdir(parents=True)
            (tests.parent / "main.tf").write_text('output "one" {\n  value = 1\n}\n')
            (tests / "one.tftest.hcl").write_text(
                f'run "one" {{\n  assert {{\n    condition = output.one == {wanted}\n'
                '    error_message = "it is no two"\n  }\n}\n'
            )
        (tmp_path / ".terraform.lock.hcl").touch()
        wrong, right = checked(os.environ, tmp_path)
        assert ("terraform/false", 0) == (wrong.folder, wrong.passed)
        assert "it is no two" in wrong.complaint
        assert ("terraform/true", 1, "") == (right.folder, right.passed, right.complaint)
        assert {"false", "true", ".terraform.lock.hcl"} == {path.name for path in tmp_path.iterdir()}

    def test_format(self, tmp_path: Path) -> None:
        """A file in another format is named."""
        (tmp_path / "main.tf").write_text('output "one" {\nvalue    = 1\n}\n')
        assert "main.tf" == badly_formatted(os.environ, tmp_path)

    def test_the_repositorys_own_format(self) -> None:
        """The Terraform here is in the one format."""
        assert "" == badly_formatted(os.environ, SOURCES)
