"""What tables of documents are asked: by keys, never by reading all of a table."""

import ast
import re
from pathlib import Path

PROJECT = Path(__file__).parents[3]
SOURCES = sorted((PROJECT / "backend" / "src" / "coachwork").rglob("*.py"))
PATTERN_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


class TestTables:
    """DynamoDB, behind its port."""

    def test_nothing_is_scanned(self) -> None:
        """No module calls for a Scan, which reads a whole table and everybody's rows."""
        scans = [
            f"{path.relative_to(PROJECT)}:{node.lineno}"
            for path in SOURCES
            for node in ast.walk(ast.parse(path.read_text()))
            if (isinstance(node, ast.Attribute) and node.attr in {"scan", "execute_statement"})
            or (isinstance(node, ast.Constant) and node.value in {"Scan", "scan"})
        ]
        assert [] == scans

    def test_access_patterns_are_a_single_digit(self) -> None:
        """docs/knowledge.md numbers each way in which the tables are asked, and there are nine at most."""
        numbers = [int(one) for one in PATTERN_ROW.findall((PROJECT / "docs" / "knowledge.md").read_text())]
        assert list(range(1, len(numbers) + 1)) == numbers
        assert 0 < len(numbers) <= 9
