"""What is left out of the image's packages."""

from pathlib import Path

from deployment.image.trim import LEFT_OUT, trim


class TestTrim:
    """Trimming."""

    def test_removes_tests_and_nothing_else(self, tmp_path: Path) -> None:
        """A package's code stays, its tests go; a second time there is nothing to do."""
        kept = [tmp_path / "simplejson" / "decoder.py", tmp_path / "coach" / "tests" / "data.py"]
        gone = [
            tmp_path / "certifi" / "tests" / "test.py",
            tmp_path / "simplejson" / "tests" / "test_decode.py",
            tmp_path / "zstandard" / "_cffi.abi.so",
        ]
        for path in kept + gone:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

        trim(tmp_path)
        trim(tmp_path)

        assert (True, False) == (all(path.exists() for path in kept), any(path.exists() for path in gone))

    def test_says_why(self) -> None:
        """Every pattern has its reason."""
        assert all(LEFT_OUT.values())
