"""What Terraform sees of the user's environment."""

from deployment.stack import address_of, terraform_environment


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


class TestAddressOf:
    """What Terraform calls an instance of its state."""

    def test_in_modules(self) -> None:
        """With its module and its key, a name or a number, as commands want it."""
        function = {"module": 'module.function["api"]', "type": "aws_lambda_function", "name": "this"}
        assert 'module.function["api"].aws_lambda_function.this' == address_of(function, {})
        assert 'aws_s3_bucket.ours["a"]' == address_of({"type": "aws_s3_bucket", "name": "ours"}, {"index_key": "a"})
        assert "aws_s3_bucket.ours[0]" == address_of({"type": "aws_s3_bucket", "name": "ours"}, {"index_key": 0})
