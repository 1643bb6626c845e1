"""A provider that is kept for all of a folder's tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.children import Children
from deployment.terraform.program import TerraformFailed
from deployment.terraform.resident_provider import can_share, resident_provider

ENVIRONMENT = {"PATH": os.environ["PATH"], "AWS_CA_BUNDLE": "somewhere"}
PROVIDER = 'provider "aws" {\n  region = "eu-central-1"\n}\n'
SECOND = 'provider "aws" {\n  alias  = "ireland"\n  region = "eu-west-1"\n}\n'


@pytest.fixture
def children() -> Iterator[Children]:
    """Yield what starts providers."""
    with Children() as started:
        yield started


def initialised(folder: Path, script: str) -> Path:
    """Make `folder` one whose provider is this shell script."""
    place = folder / ".terraform/providers/registry.terraform.io/hashicorp/aws/5.0.0/linux_amd64"
    place.mkdir(parents=True)
    program = place / "terraform-provider-aws_v5.0.0_x5"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return folder


class TestResidentProvider:
    """The environment Terraform is given."""

    def test_attaches(self, tmp_path: Path, children: Children) -> None:
        """It has the provider's address; the provider has nothing of AWS's, and ends with it."""
        noted = tmp_path / "noted"
        notes = f'echo "$1 ${{AWS_CA_BUNDLE-none}} $$" > {noted}'
        script = f"{notes}\nprintf \"\\tTF_REATTACH_PROVIDERS='{{}}'\\n\"\nexec sleep 60"
        with resident_provider(initialised(tmp_path / "module", script), ENVIRONMENT, children) as environment:
            option, bundle, pid = noted.read_text().split()
            os.kill(int(pid), 0)
        assert {**ENVIRONMENT, "TF_REATTACH_PROVIDERS": "{}"} == environment
        assert ("-debug", "none") == (option, bundle)
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)

    def test_does_not_start(self, tmp_path: Path, children: Children) -> None:
        """What it said is told."""
        folder = initialised(tmp_path / "module", "echo no room; exit 1")
        with (
            pytest.raises(TerraformFailed, match=r"provider does not start:\nno room"),
            resident_provider(folder, ENVIRONMENT, children),
        ):
            pass

    def test_none(self, tmp_path: Path, children: Children) -> None:
        """A folder may need none."""
        with resident_provider(tmp_path, ENVIRONMENT, children) as environment:
            assert ENVIRONMENT == environment


class TestCanShare:
    """A file of tests."""

    @pytest.mark.parametrize(("tests", "can"), [(PROVIDER, True), (PROVIDER + SECOND, False), (SECOND, False)])
    def test_configurations(self, tmp_path: Path, tests: str, *, can: bool) -> None:
        """It can share a provider unless it has two configurations at a time."""
        file = tmp_path / "one.tftest.hcl"
        file.write_text(tests)
        assert can is can_share(file)
