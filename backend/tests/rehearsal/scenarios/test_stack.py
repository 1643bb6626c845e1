"""Listening to Terraform, on a configuration that needs no provider but Terraform's own."""

import os
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from tests.terraform import needs_terraform

from deployment.children import Children
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.stack import Deployer, Stack
from rehearsal.scenarios.target import Target

pytestmark = needs_terraform

DIGEST = f"sha256:{'0' * 64}"
ROOT = """
    variable "aws_region" {}
    variable "image_digest" {}
    variable "secret_values_version" {}
    variable "layout" {
      validation {
        condition     = var.layout == "single"
        error_message = "The layout is single."
      }
    }
    variable "secret_values" {
      type      = map(string)
      ephemeral = true
    }
    resource "terraform_data" "one" {
      count = 2
      input = var.image_digest
    }
    resource "terraform_data" "two" {
      input            = terraform_data.one[0].output
      triggers_replace = 0
      depends_on       = [terraform_data.one] # both, so that it is at work alone
    }
    output "layout" {
      value = var.layout
    }
"""
BREAKS = """
    resource "terraform_data" "breaks" {
      provisioner "local-exec" {
        command = "echo the account is full >&2; exit 3"
      }
    }
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Return a folder of Terraform with an environment, its state in a file."""
    folder = tmp_path / "terraform"
    environment = folder / "environments" / "prod"
    environment.mkdir(parents=True)
    (environment / "terraform.tfvars").write_text('aws_region = "eu-central-1"\n')
    (environment / "backend.hcl").write_text(f'path = "{tmp_path / "state"}"\n')
    for root, text in ((folder, ROOT), (folder / "bootstrap", "")):
        root.mkdir(exist_ok=True)
        (root / "main.tf").write_text(dedent(text))
        (root / ".terraform.lock.hcl").touch()
    (folder / "backend.tf").write_text('terraform {\n  backend "local" {}\n}\n')
    return folder


@pytest.fixture
def stack(sources: Path, tmp_path: Path) -> Iterator[Stack]:
    """Yield a stack that is ready to be planned."""
    with Children() as children:
        deployer = Deployer("http://127.0.0.1:1", "eu-central-1")
        stack = Stack(Target(sources=sources), deployer, tmp_path, children, os.environ)
        stack.init()
        yield stack


class Heard:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.all: list[tuple[int, int, str]] = []

    def __call__(self, done: int, planned: int, at_work: str) -> None:
        """Keep it."""
        self.all.append((done, planned, at_work))


class TestStack:
    """Planning, applying and destroying."""

    def test_a_whole_life(self, stack: Stack) -> None:
        """Changes are counted as they are made; a second plan is empty; nothing is left."""
        applied, destroyed = Heard(), Heard()
        assert "3 to add, 0 to change, 0 to destroy" == stack.plan(DIGEST, {"KEY": "secret"})
        stack.apply(applied)
        stack.require_settled()
        assert {"layout": "single"} == stack.outputs()
        stack.destroy(destroyed)
        assert [(3, 3, ""), (3, 3, "")] == [applied.all[-1], destroyed.all[-1]]
        assert "terraform_data.two" in {at_work for _, _, at_work in applied.all}
        assert 3 == stack.resources

    def test_data_is_no_change(self, stack: Stack, sources: Path) -> None:
        """What is read while it applies is not counted."""
        with (sources / "main.tf").open("a") as file:
            file.write('data "terraform_remote_state" "own" {\n  backend = "local"\n  config = {\n')
            file.write(f'    path = "{sources}/none-${{length(terraform_data.two.id)}}"\n  }}\n  defaults = {{}}\n}}\n')
        heard = Heard()
        stack.plan(DIGEST, {})
        with pytest.raises(StepFailed, match="Unable to find remote state"):
            stack.apply(heard)
        assert (3, 3) == max((done, planned) for done, planned, _ in heard.all)

    def test_not_settled(self, stack: Stack, sources: Path) -> None:
        """A second plan that would change something is a failure, told with the plan."""
        main = sources / "main.tf"
        main.write_text(main.read_text().replace("triggers_replace = 0", "triggers_replace = timestamp()"))
        stack.plan(DIGEST, {})
        stack.apply(Heard())
        with pytest.raises(StepFailed) as failed:
            stack.require_settled()
        assert str(failed.value).startswith("The second plan failed:\n    it is not empty:\n")
        assert "terraform_data.two must be replaced" in str(failed.value)

    def test_a_refused_variable(self, sources: Path, stack: Stack, tmp_path: Path) -> None:
        """A plan that cannot be made is told in Terraform's words."""
        with Children() as children:
            target = Target(layout="many", sources=sources)
            other = Stack(target, Deployer("http://127.0.0.1:1", "eu-central-1"), tmp_path, children, os.environ)
            with pytest.raises(StepFailed, match=r"(?s)terraform plan failed:\n.*The layout is single\."):
                other.plan(DIGEST, {})

    def test_a_failing_apply(self, stack: Stack, sources: Path) -> None:
        """Its diagnostics are told with their address, and no line of JSON."""
        (sources / "breaks.tf").write_text(dedent(BREAKS))
        stack.plan(DIGEST, {})
        with pytest.raises(StepFailed) as failed:
            stack.apply(Heard())
        told = str(failed.value)
        assert told.startswith("terraform apply failed:\n    local-exec provisioner error (terraform_data.breaks)\n")
        assert "the account is full" in told
        assert '{"@' not in told

    def test_a_shell(self, stack: Stack) -> None:
        """Another terminal's commands get the same variables, the secrets among them and no user's keys."""
        stack.plan(DIGEST, {})
        exported = stack.shell_variables({"KEY": "secret"})
        assert '{"KEY": "secret"}' == exported["TF_VAR_secret_values"]
        assert exported["TF_CLI_ARGS_plan"].endswith(f"-var=image_digest={DIGEST} -var=secret_values_version=1")
        assert "http://127.0.0.1:1" == exported["AWS_ENDPOINT_URL"]
        assert "/dev/null" == exported["AWS_SHARED_CREDENTIALS_FILE"]
