"""An image's tag: another one for other content, the same for everything else."""

import shutil
from pathlib import Path

import pytest

from deployment.image.builder import BACKEND
from deployment.image.source import copied, tag_of


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Return a folder with the project's own Dockerfile and .dockerignore, and a little of what they name."""
    for name in ("Dockerfile", ".dockerignore"):
        shutil.copy(BACKEND / name, tmp_path)
    for name in (
        "requirements-image.lock",
        "requirements-dev.lock",
        "src/coachwork/main.py",
        "src/coachwork/__pycache__/main.pyc",
        "src/coachwork/chassis/__pycache__/settings.pyc",
        "src/coachwork/chassis/settings.py",
        "src/coachwork/tools/migrate.py",
        "src/coachwork/.hidden",
        "src/deployment/image/trim.py",
        "src/deployment/image/builder.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


class TestCopied:
    """The files that go into an image."""

    def test_what_the_dockerfile_names(self, context: Path) -> None:
        """Those it copies and .dockerignore lets through, and no others."""
        assert [
            "requirements-image.lock",
            "src/coachwork/chassis/settings.py",
            "src/coachwork/main.py",
            "src/deployment/image/trim.py",
        ] == [path.relative_to(context).as_posix() for path in copied(context)]

    def test_the_projects_own(self) -> None:
        """All of the application goes in, of its tools none."""
        names = {path.relative_to(BACKEND).as_posix() for path in copied(BACKEND)}
        assert {"src/coachwork/aws_lambda.py", "src/coachwork/services/registry.py"} <= names
        assert not [name for name in names if "/tools/" in name or "__pycache__" in name]


class TestTagOf:
    """Naming an image by its content."""

    @pytest.mark.parametrize(
        "name", ["Dockerfile", "requirements-image.lock", "src/coachwork/main.py", "src/deployment/image/trim.py"]
    )
    def test_what_goes_in_changes_it(self, context: Path, name: str) -> None:
        """A byte more in any of these is another image."""
        before = tag_of(context, "x86_64")
        (context / name).write_text((context / name).read_text() + "\n")
        assert before != tag_of(context, "x86_64")

    @pytest.mark.parametrize(
        "name",
        [
            "requirements-dev.lock",
            "src/coachwork/tools/migrate.py",
            "src/coachwork/chassis/__pycache__/settings.pyc",
            "src/deployment/image/builder.py",
        ],
    )
    def test_what_stays_out_does_not(self, context: Path, name: str) -> None:
        """What the image does not have is no reason to build one."""
        before = tag_of(context, "x86_64")
        (context / name).write_text("changed")
        assert before == tag_of(context, "x86_64")

    def test_a_file_moved(self, context: Path) -> None:
        """The same bytes elsewhere are another image."""
        before = tag_of(context, "x86_64")
        (context / "src/coachwork/main.py").rename(context / "src/coachwork/begin.py")
        assert before != tag_of(context, "x86_64")

    def test_processors(self, context: Path) -> None:
        """An image for other processors is another one."""
        assert tag_of(context, "arm64") != tag_of(context, "x86_64")
