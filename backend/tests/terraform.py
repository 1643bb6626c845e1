"""The Terraform of this project, without what a provider waits long for."""

import os
import re
import shutil
from pathlib import Path

import pytest

from deployment.terraform.program import SOURCES, TerraformUnusable, found_program


def _resource(kind: str, name: str) -> re.Pattern[str]:
    return re.compile(rf'^resource "{kind}" "{name}" \{{\n.*?^\}}\n\n?', re.DOTALL | re.MULTILINE)


_SLOW = (
    ("modules/private-bucket/main.tf", _resource("aws_s3_bucket_lifecycle_configuration", "this"), ""),
    ("modules/notifications/main.tf", _resource("aws_kms_key", "this"), ""),
    ("modules/notifications/main.tf", re.compile(r"^ *kms_master_key_id .*\n", re.MULTILINE), ""),
    (
        "operations.tf",
        _resource("aws_sqs_queue", "dead_letters"),
        'locals {\n  no_queue = { arn = local.dead_letters_arn, name = local.dead_letters_name, url = "" }\n}\n\n',
    ),
    *(
        (name, re.compile(r"\baws_sqs_queue\.dead_letters\."), "local.no_queue.")
        for name in ("functions.tf", "operations.tf", "outputs.tf")
    ),
)
"""What a provider waits for after it has made it, until AWS has it everywhere, and what takes its place in a file."""


def copied_sources(folder: Path) -> Path:
    """Copy it to `folder`, which is made.

    It lacks rules of lifecycle (whose creation takes 55 s), the queue of dead letters (25 s) and the key of the
    alarms' topic (13 s); the rehearsals of `.ci/run` apply those.
    """
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns(".terraform"))
    for name, pattern, instead in _SLOW:
        text, count = pattern.subn(instead, (folder / name).read_text())
        assert count, f"{name} has no {pattern.pattern}"
        (folder / name).write_text(text)
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
