"""The Terraform's conventions, where Terraform itself and its scanners do not look."""

import re
from pathlib import Path

import pytest

from deployment.configuration.settings import known_settings
from deployment.terraform.program import SOURCES

MODULES = sorted((SOURCES / "modules").iterdir())
ROOTS = [SOURCES, SOURCES / "bootstrap"]
FOLDERS = [*ROOTS, *MODULES]
BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}', re.MULTILINE | re.DOTALL)


def name_of(folder: Path) -> str:
    """Return a folder's name for test ids."""
    return folder.name


def sources(folder: Path) -> str:
    """Return all of a folder's own Terraform."""
    return "\n".join(path.read_text() for path in sorted(folder.glob("*.tf")))


def blocks(folder: Path, kind: str) -> dict[str, str]:
    """Return a folder's variables or outputs, by name, in the file's order."""
    return {name: body for found, name, body in BLOCK.findall(sources(folder)) if found == kind}


def squeezed(line: str) -> str:
    """Return a line with no space to align it."""
    return " ".join(line.split())


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
class TestFolder:
    """Each folder of Terraform."""

    def test_it_has_its_files(self, folder: Path) -> None:
        """A reader finds the same files everywhere, with tests and a README."""
        wanted = {"main.tf", "variables.tf", "outputs.tf", "versions.tf", "README.md", "tests"}
        assert set() == wanted - {path.name for path in folder.iterdir()}

    def test_variables_say_what_they_are(self, folder: Path) -> None:
        """Each has a type that is not `any`, and a description."""
        bodies = blocks(folder, "variable")
        assert [] == [name for name, body in bodies.items() if not re.search(r"^  type +=", body, re.MULTILINE)]
        assert [] == [name for name, body in bodies.items() if not re.search(r"^  description +=", body, re.MULTILINE)]
        assert [] == re.findall(
            r"\bany\b(?=[,)\n])", "".join(re.findall(r"^  type +=.*", sources(folder), re.MULTILINE))
        )

    def test_variables_and_outputs_are_in_order(self, folder: Path) -> None:
        """They stand by the alphabet."""
        for kind in ("variable", "output"):
            assert sorted(blocks(folder, kind)) == list(blocks(folder, kind))

    def test_nothing_knows_the_rehearsal(self, folder: Path) -> None:
        """What is rehearsed is what is deployed: no endpoints, no address of a laptop, no case for one."""
        assert [] == re.findall(r"endpoints +\{|127\.0\.0\.1|localhost|is_local|var\.local", sources(folder))

    def test_exceptions_have_reasons(self, folder: Path) -> None:
        """A scanner's rule is not switched off without saying why."""
        skips = re.findall(r"checkov:skip=(.*)", sources(folder))
        assert [] == [skip for skip in skips if not re.fullmatch(r"CKV\w+:.{20,}", skip)]

    def test_variables_that_can_be_wrong_are_tested(self, folder: Path) -> None:
        """For every validated variable a test sees it refuse."""
        validated = {name for name, body in blocks(folder, "variable").items() if "  validation {" in body}
        tests = "\n".join(path.read_text() for path in (folder / "tests").glob("*.tftest.hcl"))
        assert set() == validated - set(re.findall(r"expect_failures += \[var\.(\w+)\]", tests))


class TestExample:
    """The example of an environment's variables."""

    def test_it_names_every_secret(self) -> None:
        """Whoever fills an environment in by hand finds every secret there is, and no setting that lies open."""
        example = (SOURCES / "terraform.tfvars.example").read_text()
        named = set(re.findall(r"^# ([A-Z][A-Z_]+)  +\w", example, re.MULTILINE))
        assert {one.name for one in known_settings().values() if one.is_secret} == named

    @pytest.mark.parametrize("folder", sorted((SOURCES / "environments").iterdir()), ids=name_of)
    def test_environments_have_none(self, folder: Path) -> None:
        """An environment is a file of variables and one of the backend's, and holds no secret."""
        assert ["backend.hcl", "terraform.tfvars"] == sorted(path.name for path in folder.iterdir())
        text = "".join(path.read_text() for path in folder.iterdir())
        assert [] == [one.name for one in known_settings().values() if one.is_secret and one.name in text]


@pytest.mark.parametrize("module", MODULES, ids=name_of)
class TestModule:
    """Each module."""

    def test_it_is_small(self, module: Path) -> None:
        """At most 15 variables: more is two modules."""
        assert len(blocks(module, "variable")) <= 15

    def test_it_leaves_the_provider_to_its_caller(self, module: Path) -> None:
        """A module with a provider of its own could not be used twice."""
        assert "provider " not in re.sub(r"required_providers", "", sources(module))

    def test_its_example_is_planned(self, module: Path) -> None:
        """Every argument of the README's example stands in a test, but for those that come of other modules."""
        example = re.search(
            r"```hcl\nmodule .*?\n(.*?)^```", (module / "README.md").read_text(), re.MULTILINE | re.DOTALL
        )
        assert example is not None
        planned = {
            squeezed(line) for path in (module / "tests").glob("*.hcl") for line in path.read_text().splitlines()
        }
        arguments = [squeezed(line) for line in example[1].splitlines() if " = " in line]
        assert len(arguments) > 1
        assert [] == [
            line for line in arguments if line not in planned and not re.match(r"source =|\w+ = module\.", line)
        ]
