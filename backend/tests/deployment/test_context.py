"""What every command works with."""

import os
from io import StringIO
from pathlib import Path

import boto3
import pytest
from tests.terraform import needs_terraform

from deployment.account import Account
from deployment.children import Children
from deployment.context import Context
from deployment.environment import Environment
from deployment.progress import Lines
from deployment.steps import Steps
from deployment.terraform.program import SOURCES

pytestmark = needs_terraform


class TestCommand:
    """What is to be typed next."""

    @pytest.mark.parametrize(
        ("layout", "more", "words"),
        [
            ("", "", "make deploy ENV=dev"),
            ("", "IMAGE=sha256:1", "make deploy ENV=dev IMAGE=sha256:1"),
            ("per_service", "", "make deploy ENV=dev LAYOUT=per_service"),
        ],
    )
    def test_as_it_was_typed(self, tmp_path: Path, layout: str, more: str, words: str) -> None:
        """Pasted, it deploys what was meant: the same layout, the same image."""
        environment = Environment("dev", SOURCES, {"aws_region": "us-east-1", "prefix": "coachwork"}, layout)
        account = Account("123456789012", "aws", "arn", "us-east-1", boto3.Session("key", "secret"))
        shell = {"PATH": os.environ["PATH"], "DEPLOYMENT_STATE": str(tmp_path)}
        with Children() as children:
            context = Context(environment, account, Steps(Lines(StringIO()), "dev"), children, shell)
            assert words == context.command("deploy", more)
