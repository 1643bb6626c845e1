"""Where Terraform's providers come from."""

from pathlib import Path

import pytest

from deployment.terraform.providers import mirrors, provider_environment, without_missing_configuration

NOBODY = 'provider "nobody.invalid/hashicorp/aws" {\n}\n'


@pytest.fixture
def lock_file(tmp_path: Path) -> Path:
    """Return a lock file whose registry does not exist."""
    path = tmp_path / ".terraform.lock.hcl"
    path.write_text(NOBODY)
    return path


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return a folder with a mirror two levels down."""
    (tmp_path / "disk/opt/plugins/registry.example/hashicorp/aws/5.100.0").mkdir(parents=True)
    (tmp_path / "disk/home/.terraform.d/other.example/somebody/else").mkdir(parents=True)
    return tmp_path / "disk"


class TestMirrors:
    """Searching a disk."""

    def test_finds_the_folder_above_the_host(self, disk: Path) -> None:
        """A mirror is the folder Terraform's configuration wants, not the host's inside it."""
        assert [disk / "opt/plugins"] == list(mirrors(disk))

    def test_follows_no_links(self, disk: Path) -> None:
        """A link back up is no second mirror and no endless search."""
        (disk / "opt/again").symlink_to(disk)
        assert [disk / "opt/plugins"] == list(mirrors(disk))


class TestWithoutMissingConfiguration:
    """A TF_CLI_CONFIG_FILE inherited from the shell."""

    def test_drops_one_that_names_no_file(self, tmp_path: Path) -> None:
        """Terraform would warn about it at every command."""
        environ = {"PATH": "/bin", "TF_CLI_CONFIG_FILE": str(tmp_path / "none")}
        assert {"PATH": "/bin"} == without_missing_configuration(environ)

    def test_drops_an_empty_one(self) -> None:
        """Empty names no file either."""
        assert {} == without_missing_configuration({"TF_CLI_CONFIG_FILE": ""})

    def test_keeps_one_that_is_there(self, lock_file: Path) -> None:
        """The user's own configuration is the user's choice."""
        environ = {"TF_CLI_CONFIG_FILE": str(lock_file)}
        assert environ == without_missing_configuration(environ)


class TestProviderEnvironment:
    """What `terraform init` is given."""

    def test_a_mirror_where_the_registry_does_not_answer(self, lock_file: Path, disk: Path, tmp_path: Path) -> None:
        """The mirror on the disk is named in a configuration of our own, outside the sources."""
        environment = provider_environment({}, lock_file, tmp_path / "work", disk)
        assert {"TF_CLI_CONFIG_FILE": str(tmp_path / "work/mirror.tfrc")} == environment
        assert f'path = "{disk}/opt/plugins"' in (tmp_path / "work/mirror.tfrc").read_text()

    def test_nothing_where_there_is_no_mirror(self, lock_file: Path, tmp_path: Path) -> None:
        """Without either, Terraform itself says what it lacks."""
        (tmp_path / "empty").mkdir()
        assert {"A": "b"} == provider_environment({"A": "b"}, lock_file, tmp_path / "work", tmp_path / "empty")

    def test_the_users_own_configuration(self, lock_file: Path, disk: Path, tmp_path: Path) -> None:
        """A configuration that exists is used as it is, and nothing is searched."""
        environ = {"TF_CLI_CONFIG_FILE": str(lock_file)}
        assert environ == provider_environment(environ, lock_file, tmp_path / "work", disk)
        assert not (tmp_path / "work").exists()
