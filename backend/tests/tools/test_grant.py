"""The command that makes an administrator."""

import psycopg
import pytest

from coachwork.tools.grant import main


@pytest.fixture
def ready(tool_environ: dict[str, str]) -> dict[str, str]:
    """Return the environment of a database with one account, that signed up by a provider."""
    url = tool_environ["MIGRATION_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        # roles belong to the server: another test's database has made them
        connection.execute("create schema auth")
        connection.execute("create table auth.users (email text, raw_app_meta_data jsonb)")
        connection.execute("insert into auth.users values ('Ada@example.com', '{\"provider\": \"email\"}')")
    return tool_environ


def metadata(environ: dict[str, str]) -> object:
    """Return what the account may do."""
    with psycopg.connect(environ["MIGRATION_DATABASE_URL"]) as connection:
        row = connection.execute("select raw_app_meta_data from auth.users").fetchone()
    return row and row[0]


class TestGrant:
    """`python -m coachwork.tools.grant`."""

    def test_admin(self, ready: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """The role comes to what was there, whatever the case of the address; it says from when."""
        assert 0 == main(["ada@example.com", "admin"], ready)
        assert {"provider": "email", "role": "admin"} == metadata(ready)
        assert "ada@example.com is an administrator from the next sign-in or refresh\n" == capsys.readouterr().out

    def test_none(self, ready: dict[str, str]) -> None:
        """It is taken back, and nothing else."""
        main(["ada@example.com", "admin"], ready)
        assert 0 == main(["ada@example.com", "none"], ready)
        assert {"provider": "email"} == metadata(ready)

    def test_nobody(self, ready: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """An address without an account is an error."""
        assert 1 == main(["bob@example.com", "admin"], ready)
        assert "There is no account with the address bob@example.com\n" == capsys.readouterr().err

    def test_before_the_migration(self, ready: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """A database without roles says what to run."""
        with psycopg.connect(ready["MIGRATION_DATABASE_URL"], autocommit=True) as connection:
            connection.execute("alter table auth.users drop column raw_app_meta_data")
        assert 1 == main(["ada@example.com", "admin"], ready)
        assert "run coachwork.tools.migrate first" in capsys.readouterr().err

    def test_another_role(self, ready: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """There are two."""
        with pytest.raises(SystemExit):
            main(["ada@example.com", "owner"], ready)
        assert "choose from" in capsys.readouterr().err

    def test_nobody_answers(self, ready: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """One line, without the password."""
        environ = {**ready, "MIGRATION_DATABASE_URL": "postgresql://postgres:s3cret@127.0.0.1:9/postgres"}
        assert 1 == main(["ada@example.com", "admin"], environ)
        output = capsys.readouterr().err
        assert output.startswith("The database did not answer")
        assert "s3cret" not in output
