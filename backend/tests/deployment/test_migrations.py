"""Bringing a database up to date from here."""

import pytest

from deployment.environment import Environment
from deployment.errors import StepFailed
from deployment.image.builder import BACKEND
from deployment.migrations import migrate, newest
from deployment.terraform.program import SOURCES

ENVIRONMENT = Environment("dev", SOURCES, {"environment": "dev", "aws_region": "eu-central-1", "services": {}})
VALUES = {
    "AUTH_PROVIDER": "supabase",
    "CHROMA_HTTP_URL": "https://chroma.example.com",
    "DATABASE_URL": "postgresql://coachwork_app:hunter2@127.0.0.1:1/postgres",
    "SUPABASE_KEY": "sb_publishable_abc",
    "SUPABASE_URL": "https://abc.supabase.co",
}


class TestMigrate:
    """Migrating."""

    def test_no_owner(self) -> None:
        """Without the owner's address it is said which setting is missing."""
        with pytest.raises(StepFailed, match=r"Migrations failed:\n.*\n.*MIGRATION_DATABASE_URL: is missing"):
            migrate(ENVIRONMENT, VALUES, {}, lambda _: None)

    def test_nobody_answers(self) -> None:
        """A database that does not answer is told, its password is not."""
        owner = {"MIGRATION_DATABASE_URL": "postgresql://postgres:hunter2@127.0.0.1:1/postgres"}
        with pytest.raises(StepFailed, match="Migrations failed") as failed:
            migrate(ENVIRONMENT, {**VALUES, **owner}, {}, lambda _: None)
        assert "hunter2" not in str(failed.value)


class TestNewest:
    """The last migration there is."""

    def test_a_file(self) -> None:
        """It lies where migrations do."""
        assert (BACKEND / "migrations" / "schema" / newest()).is_file()
