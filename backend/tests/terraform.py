"""The Terraform of this project, without what a provider waits a minute for."""

import os
import re
import shutil
from pathlib import Path

import pytest

from deployment.terraform.program import SOURCES, TerraformUnusable, found_program

_LIFECYCLE = re.compile(
    r'^resource "aws_s3_bucket_lifecycle_configuration" "this" \{\n.*?^\}\n\n?', re.DOTALL | re.MULTILINE
)


def copied_sources(folder: Path) -> Path:
    """Copy it to `folder`, which is made; its buckets have no lifecycle rules, whose creation takes 55 s."""
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(".terraform"))
    bucket = folder / "modules" / "private-bucket" / "main.tf"
    text, taken = _LIFECYCLE.subn("", bucket.read_text())
    assert 1 == taken
    bucket.write_text(text)
    return folder


def has_terraform() -> bool:
    """Tell whether this machine has a Terraform that will do."""
    try:
        found_program(os.environ)
    except TerraformUnusable:
        return False
    return True


needs_terraform = pytest.mark.skipif(
    not has_terraform() and "CI" not in os.environ, reason="there is no terraform in PATH"
)
