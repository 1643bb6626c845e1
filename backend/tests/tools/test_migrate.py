"""The command that brings the database up to date."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from coachwork.chassis.settings import Settings
from coachwork.tools.migrate import application_password, main


class TestMigrate:
    """`python -m coachwork.tools.migrate`."""

    def test_reports_a_missing_login_without_a_stack_trace(
        self, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The variable is named, with what it wants."""
        assert 1 == main([], environ)
        assert "MIGRATION_DATABASE_URL: is missing" in capsys.readouterr().err

    def test_reports_every_bad_variable(self, capsys: pytest.CaptureFixture[str]) -> None:
        """All at once, as the application does."""
        assert 1 == main([], {"ENVIRONMENT": "moon"})

        output = capsys.readouterr().err
        assert ["ENVIRONMENT", "DATABASE_URL"] == [name for name in ("ENVIRONMENT", "DATABASE_URL") if name in output]

    def test_reports_a_failing_file(
        self, tool_environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The file is named and what Postgres said."""
        (tmp_path / "platform").mkdir()
        (tmp_path / "platform" / "0001_broken.sql").write_text("create tabel oops ()")

        assert 1 == main([str(tmp_path)], tool_environ)
        assert "0001_broken.sql failed and was rolled back: syntax error" in capsys.readouterr().err

    def test_reports_a_server_that_is_not_there(
        self, tool_environ: dict[str, str], migrations: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """One line, with no password in it."""
        environ = {**tool_environ, "MIGRATION_DATABASE_URL": "postgresql://postgres:s3cret@127.0.0.1:9/postgres"}

        assert 1 == main([str(migrations)], environ)
        output = capsys.readouterr().err
        assert output.startswith("The database did not answer")
        assert "s3cret" not in output

    def test_gives_the_application_its_password(
        self, environ: dict[str, str], tool_environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The login works with the password DATABASE_URL carries, odd characters and all; it is not printed."""
        (tmp_path / "platform").mkdir()
        (tmp_path / "platform" / "0001_nothing.sql").write_text("select 1")
        parts = urlsplit(environ["DATABASE_URL"])
        odd = f"postgresql://coachwork_app:p%40ss%27w%3Ard@{parts.hostname}:{parts.port}/postgres"

        assert 0 == main([str(tmp_path)], {**tool_environ, "DATABASE_URL": odd})
        with psycopg.connect(odd) as connection:
            assert ("coachwork_app",) == connection.execute("select current_user").fetchone()
        assert 0 == main([str(tmp_path)], tool_environ)  # the other tests' password again
        assert "p@ss'w:rd" not in capsys.readouterr().out

    def test_says_what_it_applied(
        self, tool_environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Each file once; the second run finds nothing to do."""
        (tmp_path / "platform").mkdir()
        (tmp_path / "platform" / "0001_nothing.sql").write_text("select 1")

        main([str(tmp_path)], tool_environ)
        first = capsys.readouterr().out
        main([str(tmp_path)], tool_environ)
        second = capsys.readouterr().out

        assert "applied platform/0001_nothing.sql" in first
        assert second.startswith("the database is up to date")


class TestApplicationPassword:
    """Which password is the application's."""

    @pytest.mark.parametrize(
        ("url", "password"),
        [
            ("postgresql://coachwork_app:one@host/db", "one"),
            ("postgresql://coachwork_app.project:tw%40@pooler:6543/postgres", "tw@"),
            ("postgresql://postgres:root@host/db", None),
            ("postgresql://coachwork_app@host/db", None),
        ],
    )
    def test_is_of_its_own_login_only(self, environ: dict[str, str], url: str, password: str | None) -> None:
        """Nobody else's password is ever given to it."""
        assert password == application_password(Settings.load({**environ, "DATABASE_URL": url}))
