"""Whoever is called at night finds an entry for the alarm, and everything the entry speaks of."""

import re
from pathlib import Path

import pytest

from coachwork.chassis.settings import Settings

ROOT = Path(__file__).parents[3]
MODULES = ROOT / "terraform" / "modules"
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^## ([A-Za-z]+-[a-zA-Z-]+)(?: \*)?\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
STARRED = set(re.findall(r"^## ([A-Za-z-]+) \*$", RUNBOOK, re.MULTILINE))
DOCUMENTS = pytest.mark.parametrize("document", [RUNBOOK, OPERATIONS], ids=["runbook", "operations"])


def planned_alarms() -> set[str]:
    """Return the names Terraform's own test sees planned, with what they are of in place of its name."""
    tests = (MODULES / "alarms" / "tests" / "alarms.tftest.hcl").read_text(encoding="utf-8")
    listed = re.search(r"output\.alarm_names == tolist\(\[(.*?)\]\)", tests, re.DOTALL)
    assert listed
    return {_of_kind(name) for name in re.findall(r'"(coachwork-dev-[a-z-]+)"', listed[1])}


def _of_kind(name: str) -> str:
    name = re.sub(r"^coachwork-dev-(fitness|quick)-", "FUNCTION-", name)
    return re.sub(r"^coachwork-dev-", "NAME-", re.sub(r"^coachwork-dev-documents-", "TABLE-", name))


def kept_questions() -> set[str]:
    """Return the questions that are kept for Logs Insights."""
    tests = (MODULES / "dashboard" / "tests" / "dashboard.tftest.hcl").read_text(encoding="utf-8")
    listed = re.search(r"for question in \[(.*?)\]", tests, re.DOTALL)
    assert listed
    return set(re.findall(r'"([a-z-]+)"', listed[1]))


class TestEntries:
    """docs/runbook.md."""

    def test_every_alarm_has_an_entry(self) -> None:
        """And every entry an alarm, or the budget."""
        assert planned_alarms() | {"NAME-monthly-REGION"} == set(ENTRIES)

    def test_every_row_is_planned(self) -> None:
        """What Terraform's test does not see, this one would not either: each row of the table is in it."""
        table = (MODULES / "alarms" / "main.tf").read_text(encoding="utf-8")
        assert table.count('description = "') - table.count('description = "${alarm.description}') == len(
            planned_alarms() - {"NAME-api-gateway-errors-lasting"}
        )

    def test_the_budget_is_named(self) -> None:
        """As Terraform names it."""
        source = (MODULES / "notifications" / "main.tf").read_text(encoding="utf-8")
        assert '"${var.name}-monthly-${data.aws_region.this.name}"' in source

    def test_those_a_release_falls_by_are_marked(self) -> None:
        """By a star, as in the module's README."""
        readme = (MODULES / "alarms" / "README.md").read_text(encoding="utf-8")
        assert set(re.findall(r"^\| `([A-Za-z-]+)` \*", readme, re.MULTILINE)) == STARRED

    @pytest.mark.parametrize("entry", ENTRIES, ids=str)
    def test_an_entry_is_whole(self, entry: str) -> None:
        """What it means, where to look, what is likely, what to do, and whether to go back."""
        said = ENTRIES[entry]
        wanted = ["**Means.**", "**Look first", "ikely", "do"] if "lasting" in entry else PARTS
        assert [] == [part for part in wanted if part not in said]


PARTS = ["**Means.**", "**Look first.**", "**Likely", "**Do.**"]


@DOCUMENTS
class TestReferences:
    """What the documents speak of."""

    def test_questions_exist(self, document: str) -> None:
        """Each query is one that Terraform keeps."""
        asked = set(re.findall(r"[Qq]uery\s+`([a-z-]+)`", document)) | set(
            re.findall(r"^ask ([a-z-]+)", document, re.M)
        )
        assert asked
        assert asked <= kept_questions()

    def test_entries_exist(self, document: str) -> None:
        """An alarm that is spoken of has an entry."""
        assert set() == set(re.findall(r"\b((?:FUNCTION|TABLE)-[a-z-]*[a-z])\b", document)) - set(ENTRIES)

    def test_settings_exist(self, document: str) -> None:
        """A variable of the services is one they read."""
        named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", document))
        terraform = (ROOT / "terraform" / "main.tf").read_text(encoding="utf-8")
        assert set() == {one for one in named if one.lower() not in Settings.model_fields and one not in terraform}

    def test_links_lead_somewhere(self, document: str) -> None:
        """Each relative link is a file."""
        links = re.findall(r"\]\((?!https?:)([^)#]+)\)", document)
        assert [] == [link for link in links if not (ROOT / "docs" / link).exists()]
