"""Sizes of packages and the reasons they stay."""

import re
from pathlib import Path

from benchmarks.packages import REASONS, normalised, sizes_bytes

LOCK = Path(__file__).parents[2] / "requirements-image.lock"


class TestReasons:
    """The committed reasons."""

    def test_name_packages_of_the_image(self) -> None:
        """A package that left the lock file takes its excuse along."""
        locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(), re.MULTILINE))

        assert set() == REASONS.keys() - locked


class TestSizes:
    """Adding up an environment."""

    def test_counts_byte_code_to_its_package(self, tmp_path: Path) -> None:
        """Each file is its distribution's, byte code with it; a stray file is nobody's."""
        (tmp_path / "one" / "__pycache__").mkdir(parents=True)
        (tmp_path / "one" / "__init__.py").write_bytes(b"12345")
        (tmp_path / "one" / "__pycache__" / "__init__.cpython-312.pyc").write_bytes(b"123")
        (tmp_path / "stray.py").write_bytes(b"1")
        metadata = tmp_path / "One_Package-1.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Name: One.Package\nVersion: 1\n")
        (metadata / "RECORD").write_text("one/__init__.py,,\n")

        sizes = sizes_bytes(tmp_path)

        assert 8 == sizes["one-package"]
        assert normalised("One.Package") == "one-package"
