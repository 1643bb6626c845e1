"""From an account with nothing in it to a deployment, its second version, a broken third one, back, and to nothing.

The whole tool as it is typed, on the local AWS: it takes minutes, most of them Terraform's.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.deployment.scene import Scene, playing
from tests.rehearsal.scenarios.sources import needs_terraform

from rehearsal.scenarios.image_content import BACKEND
from rehearsal.scenarios.leftovers import leftovers

pytestmark = needs_terraform

PLANTED = ("hunter2-planted-openai", "hunter2-planted-chroma")
_COPIED = ("Dockerfile", "requirements-image.lock")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    """Yield an account with nothing in it."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)  # Postgres runs as another user, and comes by here
        with playing(Path(folder), minute_seconds=0.5) as played:
            yield played


def sources(folder: Path, name: str, *, change: tuple[str, str, str]) -> Path:
    """Return sources of an image, `change`d: in this file, that text to another."""
    copy = folder / name
    (copy / "src").mkdir(parents=True)
    for one in _COPIED:
        shutil.copy(BACKEND / one, copy)
    shutil.copytree(BACKEND / "src" / "coachwork", copy / "src" / "coachwork")
    file, before, after = change
    path = copy / "src" / "coachwork" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    return copy


def holding(folder: Path, words: str) -> list[str]:
    """Return the files below `folder` that hold these words."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return [path.name for path in files if words.encode() in path.read_bytes()]


def in_buckets(scene: Scene, words: str) -> list[str]:
    """Return the objects, old versions included, that hold these words."""
    s3 = scene.session.client("s3", endpoint_url=scene.aws.url)
    found = []
    for bucket in s3.list_buckets()["Buckets"]:
        for version in s3.list_object_versions(Bucket=bucket["Name"]).get("Versions", ()):
            named = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
            if words.encode() in s3.get_object(**named)["Body"].read():
                found.append(version["Key"])
    return found


class TestFirstToLast:
    """One life of an environment; each scenario goes on from the one before."""

    def test_nothing_yet(self, scene: Scene) -> None:
        """Where nothing is configured, nothing is made, and it is said what is missing."""
        typed = scene.type("deploy", IMAGE=f"sha256:{'0' * 64}")
        assert 1 == typed.status
        assert "DATABASE_URL: is missing" in typed.errors
        assert "make config ENV=dev" in typed.errors
        assert [] == leftovers(scene.session, scene.aws.url)

    def test_configuration(self, scene: Scene) -> None:
        """Secrets get where functions read them, and nowhere else."""
        typed = scene.configure(OPENAI_API_KEY=PLANTED[0], CHROMA_CLOUD_API_KEY=PLANTED[1])
        assert 1 == typed.status  # Chroma Cloud wants more than a key
        assert "CHROMA_CLOUD_TENANT: is missing" in typed.errors
        wrong = typed.output + typed.errors
        typed = scene.configure(SUPABASE_JWT_SECRET=PLANTED[0])
        assert 0 == typed.status, typed.errors
        assert "Writing secrets" in typed.steps
        told = wrong + typed.output + typed.errors
        for secret in (*PLANTED, *scene.dependencies.secret_values.values()):
            if secret not in {"supabase"}:
                assert secret not in told
        secrets = scene.session.client("secretsmanager", endpoint_url=scene.aws.url)
        stored = json.loads(secrets.get_secret_value(SecretId="coachwork-dev-settings")["SecretString"])
        owner = json.loads(secrets.get_secret_value(SecretId="coachwork-dev-migrations")["SecretString"])
        assert PLANTED[0] == stored["SUPABASE_JWT_SECRET"]
        assert ["MIGRATION_DATABASE_URL"] == list(owner)
        assert "MIGRATION_DATABASE_URL" not in stored

    def test_configured_already(self, scene: Scene) -> None:
        """What is stored is not written again."""
        typed = scene.configure()
        assert (0, False) == (typed.status, "Writing secrets" in typed.steps)
        assert "everything is stored already" in typed.output

    def test_first_version(self, scene: Scene) -> None:
        """The image that is there comes to callers, who are served well."""
        typed = scene.type("deploy", IMAGE=scene.publish().digest)
        assert 0 == typed.status, typed.errors
        assert "terraform apply" in typed.steps
        assert "Smoke test through the API" in typed.steps
        assert f"curl -s {scene.shell['API_URL']}/api/v1/health/" in typed.output

    def test_nothing_leaked(self, scene: Scene) -> None:
        """No secret lies in the state, a plan, a temporary file or any other of the tool's; none was in a command."""
        for secret in (PLANTED[0], scene.dependencies.secret_values["DATABASE_URL"]):
            assert [] == in_buckets(scene, secret)
            for place in (scene.commands, scene.temporary, scene.folder / "deployment", scene.folder / "terraform"):
                assert [] == holding(place, secret)
        assert "-var=secret_values_version=1" in (scene.commands / "terraform").read_text()

    def test_a_second_time(self, scene: Scene) -> None:
        """Nothing changed, so nothing is built, pushed, changed or shifted."""
        typed = scene.type("deploy", IMAGE=scene.publish().digest)
        assert (0, "no changes") == (typed.status, typed.note("terraform plan"))
        assert {"terraform apply", "Shifting callers"}.isdisjoint(typed.steps)

    def test_plan(self, scene: Scene) -> None:
        """A plan shows what would change, and can be a comment."""
        file = scene.folder / "plan.md"
        digest = f"sha256:{'1' * 64}"
        typed = scene.type("plan", "--detailed-exitcode", "--markdown", str(file), IMAGE=digest)
        assert 2 == typed.status, typed.errors
        assert file.read_text().startswith("### dev: ")
        assert digest in file.read_text()

    def test_a_lost_lock(self, scene: Scene) -> None:
        """Who holds the lock on the state is said; by its id it is taken away."""
        s3 = scene.session.client("s3", endpoint_url=scene.aws.url)
        [bucket] = [one["Name"] for one in s3.list_buckets()["Buckets"] if one["Name"].startswith("coachwork-state-")]
        held = {
            "ID": str(uuid4()),
            "Operation": "OperationTypeApply",
            "Who": "sam@laptop",
            "Created": "2026-11-21T10:00:00Z",
        }
        s3.put_object(Bucket=bucket, Key="dev/terraform.tfstate.tflock", Body=json.dumps(held))
        typed = scene.type("unlock")
        assert 1 == typed.status
        assert "sam@laptop holds it since 2026-11-21T10:00:00Z" in typed.errors
        assert f"make unlock ENV=dev LOCK={held['ID']}" in typed.errors
        assert 0 == scene.type("unlock", LOCK=held["ID"]).status
        assert "nobody holds its lock" in scene.type("unlock").output

    def test_second_version(self, scene: Scene) -> None:
        """It is tried before callers have it, and then they all do."""
        change = ("main.py", "Say that the process answers", "Say that this process answers")
        digest = scene.publish(sources(scene.folder, "second", change=change), "v2").digest
        typed = scene.type("deploy", IMAGE=digest)
        assert 0 == typed.status, typed.errors
        steps = [step for step in typed.steps if step.startswith(("Smoke", "Shifting"))]
        assert ["Smoke test of the new version", "Shifting callers", "Smoke test through the API"] == steps
        assert "coachwork-dev-api 1 -> 2" in typed.output
        told = scene.type("status").output
        assert "callers   version 2" in told
        assert digest in told

    def test_a_broken_version(self, scene: Scene) -> None:
        """One that is not well stays where no caller gets it."""
        change = ("main.py", 'return {"status": "ok"}', 'return {"status": "broken"}')
        digest = scene.publish(sources(scene.folder, "third", change=change), "v3").digest
        typed = scene.type("deploy", IMAGE=digest)
        assert 1 == typed.status
        assert "the new version is not well, and no caller got it" in typed.errors
        told = scene.type("status").output
        assert "callers   version 2" in told
        assert "version 3 is published and no caller has it" in told

    def test_back(self, scene: Scene) -> None:
        """Callers get the version before."""
        typed = scene.type("rollback")
        assert 0 == typed.status, typed.errors
        assert "coachwork-dev-api at version 1" in typed.output
        assert "migrations" in typed.output

    def test_logs(self, scene: Scene) -> None:
        """What the functions say can be read."""
        typed = scene.type("logs", "--since", "1h", "/api/v1/health/")
        assert 0 == typed.status, typed.errors
        assert "route=/api/v1/health/" in typed.output

    def test_not_agreed(self, scene: Scene) -> None:
        """Nothing goes unless its name is typed, and what would go is said."""
        typed = scene.type("destroy", say="staging\n")
        assert 1 == typed.status
        assert "nothing was destroyed" in typed.errors
        assert "bucket coachwork-dev-videos" in typed.output
        assert "callers   version 1" in scene.type("status").output

    def test_destroyed(self, scene: Scene) -> None:
        """With bootstrap, nothing is left."""
        typed = scene.type("destroy", YES="dev", BOOTSTRAP="1")
        assert 0 == typed.status, typed.errors
        assert [] == leftovers(scene.session, scene.aws.url)
