"""Steps that fail say why, and what to do."""

from io import StringIO

import pytest
from botocore.exceptions import ClientError

from deployment.errors import CredentialsUnusable, StateLocked, StepFailed, ToolMissing
from deployment.image.errors import BuilderMissing, BuildFailed
from deployment.progress import Lines
from deployment.steps import Steps
from deployment.terraform.program import TerraformFailed, TerraformUnusable

LOCK_ID = "5b5c1e5e-2f0c-8d5d-9d8d-0e3f5a1b2c3d"
LOCKED = f"""╷
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error StatusCode: 412
│ Lock Info:
│   ID:        {LOCK_ID}
│   Path:      coachwork-state/dev/terraform.tfstate
│   Operation: OperationTypeApply
│   Who:       me@laptop
│   Version:   1.11.4
│   Created:   2026-01-31 12:00:00 +0000 UTC
╵"""


def steps() -> Steps:
    """Return steps nobody looks at."""
    return Steps(Lines(StringIO()), "dev")


class TestStep:
    """One step."""

    def test_done(self) -> None:
        """Those that came to their end are remembered, in their order."""
        some = steps()
        with some.step("one"), some.step("two"):
            pass
        assert ["two", "one"] == some.done

    def test_failed(self) -> None:
        """One that did not is not."""
        some = steps()
        with pytest.raises(StepFailed), some.step("one"):
            raise TerraformFailed("no such resource")
        assert [] == some.done

    def test_lock(self) -> None:
        """Who holds the state, since when, and what takes the lock away."""
        with pytest.raises(StateLocked) as locked, steps().step("terraform apply"):
            raise TerraformFailed(LOCKED)
        words = str(locked.value)
        assert "locked since 2026-01-31 12:00:00 +0000 UTC by me@laptop (OperationTypeApply)" in words
        assert f"make unlock ENV=dev LOCK={LOCK_ID}" in words

    def test_terraforms_keys_run_out(self) -> None:
        """What Terraform says of expired keys is not shown as its fault."""
        said = "api error ExpiredToken: The security token included in the request is expired"
        with pytest.raises(CredentialsUnusable, match="have expired: sign in"), steps().step("terraform apply"):
            raise TerraformFailed(said)

    def test_keys_run_out(self) -> None:
        """Nor is what AWS says of them."""
        answer = {"Error": {"Code": "ExpiredTokenException", "Message": "expired"}}
        with pytest.raises(CredentialsUnusable, match="have expired"), steps().step("Shifting callers"):
            raise ClientError(answer, "CreateDeployment")

    def test_aws_refuses(self) -> None:
        """Anything else that AWS says is told with the step."""
        answer = {"Error": {"Code": "AccessDenied", "Message": "not you"}}
        with pytest.raises(StepFailed, match=r"Image failed:\n    AWS: .*AccessDenied.*not you"), steps().step("Image"):
            raise ClientError(answer, "PutImage")

    @pytest.mark.parametrize(
        "error", [TerraformUnusable("there is no terraform"), BuilderMissing("there is no buildah")]
    )
    def test_tools(self, error: Exception) -> None:
        """A tool that is missing is told as it is."""
        with pytest.raises(ToolMissing, match="there is no"), steps().step("Tools"):
            raise error

    def test_a_build(self) -> None:
        """A build that failed shows the end of what the builder said."""
        with pytest.raises(StepFailed, match="pip failed"), steps().step("Image"):
            raise BuildFailed("docker build", "...\npip failed")
