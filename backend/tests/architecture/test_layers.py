"""The architecture, where import-linter cannot see it: cold imports, file sizes, one way of doing things."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

BACKEND = Path(__file__).parents[2]
MODULES = sorted((BACKEND / "src" / "coachwork").rglob("*.py"))
HEAVY = (
    "argon2",
    "boto3",
    "botocore.session",  # the logger imports the bare package, which is nothing but a number
    "chromadb",
    "cryptography",
    "grpc",
    "jwt",
    "langgraph",
    "numpy",
    "openai",
    "psycopg",
    "supabase",
    "weaviate",
)


def name_of(path: Path) -> str:
    """Return a path for test ids."""
    return path.relative_to(BACKEND / "src").as_posix()


class TestColdImport:
    """What a cold start pays for."""

    def test_the_application_imports_nothing_heavy(self) -> None:
        """Importing `coachwork.main` loads no SDK, no driver, no graph library and no service."""
        code = (
            "import sys, coachwork.main;"
            f"print([name for name in {HEAVY!r} if name in sys.modules],"
            " {name for name in sys.modules if name.startswith('coachwork.services.')})"
        )
        result = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONPATH": str(BACKEND / "src")},
        )
        assert result.stdout.strip() == "[] {'coachwork.services.registry'}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
class TestModules:
    """Each module."""

    def test_it_is_at_most_300_lines(self, path: Path) -> None:
        """Longer modules become folders, split by noun."""
        assert len(path.read_text().splitlines()) <= 300

    def test_its_functions_are_at_most_40_lines(self, path: Path) -> None:
        """Longer functions do more than one thing."""
        long = [
            node.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or 0) - node.lineno + 1 > 40
        ]
        assert long == []

    def test_only_settings_reads_the_environment(self, path: Path) -> None:
        """`os.environ` and `os.getenv` appear in settings.py alone."""
        readers = re.findall(r"\bos\.(?:environ|getenv)\b", path.read_text())
        assert readers == [] or path.name == "settings.py"

    def test_only_http_knows_http_exceptions(self, path: Path) -> None:
        """Expected failures are typed; HTTPException stays in the chassis's HTTP folder."""
        assert "HTTPException" not in path.read_text() or "chassis/http" in path.as_posix()
