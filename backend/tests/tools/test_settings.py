"""Checking a configuration before anything runs with it."""

import pytest

from coachwork.tools.settings import main

WHOLE = {
    "ENVIRONMENT": "staging",
    "AUTH_PROVIDER": "supabase",
    "CHROMA_HTTP_URL": "https://chroma.example.com",
    "DATABASE_URL": "postgresql://coachwork_app:hunter2@db.example.com:5432/postgres",
    "SUPABASE_KEY": "sb_publishable_abc",
    "SUPABASE_URL": "https://abc.supabase.co",
}


class TestMain:
    """The command."""

    def test_whole(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is said of what would start."""
        assert 0 == main(WHOLE)
        assert ("", "") == capsys.readouterr()

    def test_wrong(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What is wrong is named, and no value told."""
        assert 1 == main({**WHOLE, "DATABASE_URL": "mysql://x:hunter2@db/x", "CHROMA_HTTP_URL": ""})
        said = capsys.readouterr().err
        assert "DATABASE_URL" in said
        assert "CHROMA_PATH" in said
        assert "hunter2" not in said
