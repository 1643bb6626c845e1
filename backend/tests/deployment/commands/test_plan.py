"""A plan as a comment on a pull request."""

from pathlib import Path

import pytest

from deployment.commands.plan import Outlook, write_markdown
from deployment.stack import Plan

TEXT = """Terraform will perform the following actions:

  # aws_lambda_function.this will be updated in-place
  ~ resource "aws_lambda_function" "this" {
      ~ memory_size = 512 -> 1024
      + timeout     = 30
      - kms_key_arn = "x" -> null
    }

Plan: 0 to add, 1 to change, 0 to destroy."""


def written(folder: Path, plan: Plan) -> str:
    """Return the comment on this plan."""
    file = folder / "build" / "plan.md"
    write_markdown(Outlook("dev", plan, "sha256:0", ("image content-0 would be built",)), file)
    return file.read_text()


class TestWriteMarkdown:
    """Writing it."""

    def test_changes(self, tmp_path: Path) -> None:
        """The head counts, and signs begin their lines, so that they are coloured."""
        lines = written(tmp_path, Plan(0, 1, 0, TEXT)).splitlines()
        assert "### dev: 1 to change" == lines[0]
        assert "- image content-0 would be built" in lines
        for line in ("!      ~ memory_size = 512 -> 1024", "+      + timeout     = 30"):
            assert line in lines

    def test_none(self, tmp_path: Path) -> None:
        """Where nothing changes, there is nothing to unfold."""
        text = written(tmp_path, Plan(0, 0, 0, "No changes."))
        assert text.startswith("### dev: no changes")
        assert "<details>" not in text

    def test_a_long_one(self, tmp_path: Path) -> None:
        """It fits into a comment, and says what is left out."""
        text = written(tmp_path, Plan(1, 0, 0, "x" * 70_000))
        assert 65_000 > len(text)
        assert "... and 10000 characters more" in text


class TestPlan:
    """A plan in words."""

    @pytest.mark.parametrize(
        ("plan", "words"),
        [
            (Plan(1, 2, 3, ""), "1 to add, 2 to change, 3 to go"),
            (Plan(0, 0, 1, ""), "1 to go"),
            (Plan(0, 0, 0, "Changes to Outputs:"), "outputs alone"),
            (Plan(0, 0, 0, ""), "no changes"),
        ],
    )
    def test_words(self, plan: Plan, words: str) -> None:
        """What is none is not counted."""
        assert words == plan.words
