"""What the image holds, laid out on this disk."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.image_content import ImageContent, lay_out


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """Return a small backend: a Dockerfile, a lock file and a source."""
    folder = tmp_path / "backend"
    source = folder / "src" / "coachwork"
    source.mkdir(parents=True)
    (source / "aws_lambda.py").write_text("def handler(event, context):\n    return event\n")
    (folder / "requirements-image.lock").write_text("")
    (folder / "Dockerfile").write_text('FROM scratch\nCMD ["coachwork.aws_lambda.handler"]\n')
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an interpreter without any package."""
    folder = tmp_path_factory.mktemp("image")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder / "bin" / "python"


class TestLayOut:
    """Laying it out."""

    def test_the_source_alone(self, backend: Path, python: Path, tmp_path: Path) -> None:
        """Its source is copied and compiled, its command is the Dockerfile's."""
        task = lay_out(tmp_path / "task", backend, python)
        assert (python, tmp_path / "task", "coachwork.aws_lambda.handler") == (task.python, task.code, task.command)
        files = {path.relative_to(task.code).parts[-1].partition(".")[0] for path in task.code.rglob("*.py*")}
        assert {"aws_lambda"} == files
        assert list(task.code.rglob("*.pyc"))

    def test_the_same_twice(self, backend: Path, python: Path, tmp_path: Path) -> None:
        """The same content has the same digest, whatever was compiled beside it."""
        first = lay_out(tmp_path / "one", backend, python)
        shutil.copytree(tmp_path / "one" / "coachwork" / "__pycache__", backend / "src" / "coachwork" / "__pycache__")
        assert first.digest == lay_out(tmp_path / "two", backend, python).digest
        assert "sha256:" + "0" * 64 < first.digest < "sha256:" + "g"

    @pytest.mark.parametrize("name", ["src/coachwork/aws_lambda.py", "Dockerfile", "requirements-image.lock"])
    def test_another_content(self, backend: Path, python: Path, tmp_path: Path, name: str) -> None:
        """A change of anything that goes into the image changes its digest."""
        first = lay_out(tmp_path / "one", backend, python)
        with (backend / name).open("a") as file:
            file.write("# changed\n")
        assert first.digest != lay_out(tmp_path / "two", backend, python).digest

    def test_another_name(self, backend: Path, python: Path, tmp_path: Path) -> None:
        """A module's name counts as well."""
        first = lay_out(tmp_path / "one", backend, python)
        source = backend / "src" / "coachwork"
        (source / "aws_lambda.py").rename(source / "lambda_aws.py")
        assert first.digest != lay_out(tmp_path / "two", backend, python).digest

    def test_a_strange_package(self, backend: Path, tmp_path: Path) -> None:
        """The laptop's own environment is refused, by what it has too much."""
        (backend / "requirements-image.lock").write_text("boto3==1.0 \\\n    --hash=sha256:0\n")
        with pytest.raises(
            StepFailed, match=r"Image packages failed:\n +\.venv-image has what the image has not: .*\bpytest=="
        ):
            lay_out(tmp_path / "task", backend, Path(sys.executable))

    def test_no_environment(self, backend: Path, tmp_path: Path) -> None:
        """Without one, it says how to make it."""
        with pytest.raises(StepFailed, match=r"there is no \.venv-image: make image-environment"):
            lay_out(tmp_path / "task", backend, tmp_path / "python")

    def test_no_command(self, backend: Path, python: Path, tmp_path: Path) -> None:
        """A Dockerfile without a CMD, or with one for a shell, is refused."""
        (backend / "Dockerfile").write_text("FROM scratch\nCMD coachwork.aws_lambda.handler\n")
        with pytest.raises(StepFailed, match=r"backend/Dockerfile names no CMD in its JSON form"):
            lay_out(tmp_path / "task", backend, python)


class TestThisProject:
    """The repository's own image."""

    def test_its_handler(self, python: Path, tmp_path: Path) -> None:
        """Its Dockerfile's command is a function of its source."""
        backend = Path(__file__).parents[3]
        task: ImageContent = lay_out(tmp_path, backend, python)
        module, _, name = task.command.rpartition(".")
        source = task.code.joinpath(*module.split(".")).with_suffix(".py").read_text()
        assert f"{name} = " in source or f"def {name}(" in source
