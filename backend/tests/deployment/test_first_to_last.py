"""From an account with nothing in it to a deployment, and to nothing.

The whole tool as it is typed, on the local AWS: it takes minutes, most of them Terraform's. What becomes of releases
after the first (a good one, broken ones, the way back) is rehearsed: `make rehearse ARGS=--releases`.
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.deployment.sandbox import Sandbox, running_sandbox
from tests.terraform import needs_terraform

from rehearsal.scenarios.leftovers import leftovers

pytestmark = [needs_terraform, pytest.mark.long(seconds=120)]

PLANTED = ("hunter2-planted-openai", "hunter2-planted-chroma")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Yield an account with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)  # Postgres runs as another user, and comes by here
        with running_sandbox(Path(folder), minute_seconds=0.5) as played:
            yield played


def holding(folder: Path, words: str) -> list[str]:
    """Return the files below `folder` that hold these words."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def in_buckets(sandbox: Sandbox, words: str) -> list[str]:
    """Return the objects, old versions included, that hold these words."""
    s3 = sandbox.session.client("s3", endpoint_url=sandbox.aws.url)
    found = []
    for bucket in s3.list_buckets()["Buckets"]:
        for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", ()):
            named = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
            if words.encode() in s3.get_object(**named)["Body"].read():
                found.append(version["Key"])
    return found


class TestFirstToLast:
    """One life of an environment; each scenario goes on from the one before."""

    def test_nothing_yet(self, sandbox: Sandbox) -> None:
        """Where nothing is configured, nothing is made, and it is said what is missing."""
        typed = sandbox.type("deploy", IMAGE=f"sha256:{'0' * 64}")
        assert 1 == typed.status
        assert "DATABASE_URL: is missing" in typed.errors
        assert "make config ENV=dev" in typed.errors
        assert [] == leftovers(sandbox.session, sandbox.aws.url)

    def test_configuration(self, sandbox: Sandbox) -> None:
        """Secrets get where functions read them, and nowhere else."""
        typed = sandbox.configure(OPENAI_API_KEY=PLANTED[0], CHROMA_CLOUD_API_KEY=PLANTED[1])
        assert 1 == typed.status  # Chroma Cloud wants more than a key
        assert "CHROMA_CLOUD_TENANT: is missing" in typed.errors
        wrong = typed.output + typed.errors
        typed = sandbox.configure(SUPABASE_JWT_SECRET=PLANTED[0])
        assert 0 == typed.status, typed.errors
        assert "Writing secrets" in typed.steps
        told = wrong + typed.output + typed.errors
        for secret in (*PLANTED, *sandbox.dependencies.secret_values.values()):
            if secret not in {"supabase"}:
                assert secret not in told
        secrets = sandbox.session.client("secretsmanager", endpoint_url=sandbox.aws.url)
        stored = json.loads(secrets.get_secret_value(SecretId="coachwork-dev-settings")["SecretString"])
        owner = json.loads(secrets.get_secret_value(SecretId="coachwork-dev-migrations")["SecretString"])
        assert PLANTED[0] == stored["SUPABASE_JWT_SECRET"]
        assert ["MIGRATION_DATABASE_URL"] == list(owner)
        assert "MIGRATION_DATABASE_URL" not in stored

    def test_configured_already(self, sandbox: Sandbox) -> None:
        """What is stored is not written again."""
        typed = sandbox.configure()
        assert (0, False) == (typed.status, "Writing secrets" in typed.steps)
        assert "everything is stored already" in typed.output

    def test_first_version(self, sandbox: Sandbox) -> None:
        """The image that is there comes to callers, who are served well."""
        typed = sandbox.type("deploy", IMAGE=sandbox.publish().digest)
        assert 0 == typed.status, typed.errors
        assert "terraform apply" in typed.steps
        assert "Smoke test through the API" in typed.steps
        assert f"curl -s {sandbox.shell['API_URL']}/api/v1/health/" in typed.output

    def test_nothing_leaked(self, sandbox: Sandbox) -> None:
        """No secret lies in the state, a plan, a temporary file or any other of the tool's; none was in a command."""
        for secret in (PLANTED[0], sandbox.dependencies.secret_values["DATABASE_URL"]):
            assert [] == in_buckets(sandbox, secret)
            for place in (
                sandbox.commands,
                sandbox.temporary,
                sandbox.folder / "deployment",
                sandbox.folder / "terraform",
            ):
                assert [] == holding(place, secret)
        assert "-var=secret_values_version=1" in (sandbox.commands / "terraform").read_text()

    def test_a_second_time(self, sandbox: Sandbox) -> None:
        """Nothing changed, so nothing is built, pushed, changed or shifted."""
        typed = sandbox.type("deploy", IMAGE=sandbox.publish().digest)
        assert (0, "no changes") == (typed.status, typed.note("terraform plan"))
        assert {"terraform apply", "Shifting callers"}.isdisjoint(typed.steps)

    def test_plan(self, sandbox: Sandbox) -> None:
        """A plan shows what would change, and can be a comment."""
        file = sandbox.folder / "plan.md"
        digest = f"sha256:{'1' * 64}"
        typed = sandbox.type("plan", "--detailed-exitcode", "--markdown", str(file), IMAGE=digest)
        assert 2 == typed.status, typed.errors
        assert file.read_text().startswith("### dev: ")
        assert digest in file.read_text()

    def test_a_lost_lock(self, sandbox: Sandbox) -> None:
        """Who holds the lock on the state is said; by its id it is taken away."""
        s3 = sandbox.session.client("s3", endpoint_url=sandbox.aws.url)
        [bucket] = [one["Name"] for one in s3.list_buckets()["Buckets"] if one["Name"].startswith("coachwork-state-")]
        held = {
            "ID": str(uuid4()),
            "Operation": "OperationTypeApply",
            "Who": "sam@laptop",
            "Created": "2026-11-21T10:00:00Z",
        }
        s3.put_object(Bucket=bucket, Key="dev/terraform.tfstate.tflock", Body=json.dumps(held))
        typed = sandbox.type("unlock")
        assert 1 == typed.status
        assert "sam@laptop holds it since 2026-11-21T10:00:00Z" in typed.errors
        assert f"make unlock ENV=dev LOCK={held['ID']}" in typed.errors
        assert 0 == sandbox.type("unlock", LOCK=held["ID"]).status
        assert "nobody holds its lock" in sandbox.type("unlock").output

    def test_logs(self, sandbox: Sandbox) -> None:
        """What the functions say can be read."""
        typed = sandbox.type("logs", "--since", "1h", "/api/v1/health/")
        assert 0 == typed.status, typed.errors
        assert "route=/api/v1/health/" in typed.output

    def test_not_agreed(self, sandbox: Sandbox) -> None:
        """Nothing goes unless its name is typed, and what would go is said."""
        typed = sandbox.type("destroy", say="staging\n")
        assert 1 == typed.status
        assert "nothing was destroyed" in typed.errors
        assert "bucket coachwork-dev-videos" in typed.output
        assert "callers   version 1" in sandbox.type("status").output

    def test_destroyed(self, sandbox: Sandbox) -> None:
        """With bootstrap, nothing is left."""
        typed = sandbox.type("destroy", YES="dev", BOOTSTRAP="1")
        assert 0 == typed.status, typed.errors
        assert [] == leftovers(sandbox.session, sandbox.aws.url)
