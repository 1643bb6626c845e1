"""The pages of docs/ tell the truth about verbs, links and each other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("terraform/**/README.md"))
    if ".terraform" not in path.parts
)
VERB = re.compile(r"(?:`|\$ |^ {4}|^)make ([a-z][a-z-]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")


def text(page: str) -> str:
    """Return a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
class TestPages:
    """Each page."""

    def test_its_verbs_exist(self, page: str) -> None:
        """Each `make verb` it speaks of is in the Makefile."""
        verbs = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
        assert set() == set(VERB.findall(text(page))) - verbs

    def test_its_links_lead_somewhere(self, page: str) -> None:
        """To a file or folder that is there, and to a heading that is on it."""
        broken = []
        for link in LINK.findall(text(page)):
            path, _, anchor = link.partition("#")
            target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(link)
        assert [] == broken
