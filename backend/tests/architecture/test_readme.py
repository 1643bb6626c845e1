"""The README tells the truth about verbs and variables."""

import re
from pathlib import Path

from coachwork.chassis.settings import Settings

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


class TestReadme:
    """README.md."""

    def test_it_names_every_variable(self) -> None:
        """The configuration table is whole."""
        assert [] == [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in README]

    def test_its_verbs_exist(self) -> None:
        """Each `make verb` it speaks of is in the Makefile."""
        verbs = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
        assert set(re.findall(r"(?:`|\$ )make ([a-z-]+)", README)) <= verbs

    def test_its_links_lead_somewhere(self) -> None:
        """Each relative link is a file or folder."""
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
        assert [] == [link for link in links if not (ROOT / link).exists()]
