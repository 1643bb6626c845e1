"""What Terraform sees of the user's environment."""

from deployment.stack import terraform_environment


class TestTerraformEnvironment:
    """The environment of Terraform's commands."""

    def test_what_the_shell_has_left(self) -> None:
        """Nothing there changes the commands, or has the provider log secrets."""
        left = {
            "TF_CLI_ARGS_apply": "-auto-approve",
            "TF_DATA_DIR": "elsewhere",
            "TF_LOG": "TRACE",
            "TF_LOG_PATH": "terraform.log",
            "TF_LOG_PROVIDER": "TRACE",
            "TF_VAR_prefix": "another",
            "TF_WORKSPACE": "another",
        }
        seen = terraform_environment({**left, "AWS_PROFILE": "mine", "AWS_REGION": "us-east-1"}, "eu-central-1")
        assert set() == left.keys() & seen.keys()
        assert ("mine", "eu-central-1") == (seen["AWS_PROFILE"], seen["AWS_REGION"])
