"""Which environment is meant, and what its variables say."""

import os
from pathlib import Path

import pytest
from tests.terraform import needs_terraform

from deployment.environment import environment_of
from deployment.errors import EnvironmentUnknown

pytestmark = needs_terraform


@pytest.fixture
def environ() -> dict[str, str]:
    """Return an environment with nothing but a way to programs."""
    return {"PATH": os.environ["PATH"]}


class TestEnvironmentOf:
    """Reading an environment."""

    def test_names(self, environ: dict[str, str]) -> None:
        """Names follow from the variables, defaults included."""
        found = environment_of({**environ, "ENV": "dev"})
        assert "coachwork-dev-settings" == found.settings_secret
        assert "coachwork-dev-migrations" == found.migrations_secret
        assert "coachwork-state-111122223333-eu-central-1" == found.state_bucket("111122223333")
        assert "dev/terraform.tfstate" == found.state_key

    def test_settings(self, environ: dict[str, str]) -> None:
        """Settings that lie open are those of its services, and what it calls itself."""
        found = environment_of({**environ, "ENV": "dev"})
        assert {"ENVIRONMENT": "staging", "LOG_LEVEL": "DEBUG"} == found.settings
        assert "production" == environment_of({**environ, "ENV": "prod"}).settings["ENVIRONMENT"]

    @pytest.mark.parametrize("folder", ["", "test", "../dev"])
    def test_unknown(self, environ: dict[str, str], folder: str) -> None:
        """One that is not there is answered with those that are."""
        with pytest.raises(EnvironmentUnknown, match=r"ENV=dev or ENV=prod or ENV=staging"):
            environment_of({**environ, "ENV": folder})

    def test_layout(self, environ: dict[str, str]) -> None:
        """A layout goes to Terraform; one there is not is refused."""
        found = environment_of({**environ, "ENV": "dev", "LAYOUT": "per_service"})
        assert "-var=layout=per_service" == found.variables[-1]
        with pytest.raises(EnvironmentUnknown, match="there is no layout 'both'"):
            environment_of({**environ, "ENV": "dev", "LAYOUT": "both"})

    def test_variables_that_make_no_sense(self, environ: dict[str, str], tmp_path: Path) -> None:
        """What Terraform says of them is what is told."""
        folder = tmp_path / "environments" / "dev"
        folder.mkdir(parents=True)
        (tmp_path / "variables.tf").write_text('variable "aws_region" {}\nvariable "image_digest" {}\n')
        (folder / "terraform.tfvars").write_text('aws_region = "eu-central-1\n')
        with pytest.raises(EnvironmentUnknown, match="the variables of dev make no sense"):
            environment_of({**environ, "ENV": "dev", "TERRAFORM_SOURCES": str(tmp_path)})

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ('aws_regoin = "eu-central-1"', 'variable named "aws_regoin"'),
            ("limits = 5", "not suitable for var.limits"),
        ],
    )
    def test_one_wrong_line(self, environ: dict[str, str], tmp_path: Path, line: str, words: str) -> None:
        """A name that is misspelt and a wrong type are told, and nothing else is."""
        folder = tmp_path / "environments" / "dev"
        folder.mkdir(parents=True)
        (tmp_path / "variables.tf").write_text(
            'variable "aws_region" {\n  default = ""\n}\nvariable "image_digest" {}\n'
            'variable "limits" {\n  type    = object({ a = number })\n  default = { a = 1 }\n}\n'
        )
        (folder / "terraform.tfvars").write_text(f"{line}\n")
        with pytest.raises(EnvironmentUnknown) as refused:
            environment_of({**environ, "ENV": "dev", "TERRAFORM_SOURCES": str(tmp_path)})
        assert words in str(refused.value)
        assert "CRASH" not in str(refused.value)
        assert str(refused.value).endswith("╵")

    def test_what_the_shell_has_left(self, environ: dict[str, str]) -> None:
        """Variables that a rehearsal's shell exports for Terraform change nothing here."""
        left = {"TF_VAR_aws_region": "us-east-1", "TF_CLI_ARGS": "-invalid"}
        assert "eu-central-1" == environment_of({**environ, **left, "ENV": "dev"}).region
