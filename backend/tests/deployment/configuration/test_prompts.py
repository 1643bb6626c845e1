"""Asking for settings, with somebody who answers from a list."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deployment.configuration.prompts import Prompter
from deployment.configuration.settings import format_errors
from deployment.configuration.signing import new_key
from deployment.environment import Environment
from deployment.errors import ConfigurationIncomplete
from deployment.terraform.program import SOURCES

ENVIRONMENT = Environment("dev", SOURCES, {"environment": "dev", "services": {}})
APP = "postgresql://coachwork_app:pw@db.example.com:5432/postgres"
OWNER = "postgresql://postgres:pw@db.example.com:5432/postgres"


class Somebody:
    """Answers by name; remembers what was asked for in the open, and what was said."""

    def __init__(self, **answers: list[str]) -> None:
        self._answers = answers
        self.openly: list[str] = []
        self.told: list[str] = []

    def prompter(self) -> Prompter:
        """Return a conversation with them."""
        return Prompter(ENVIRONMENT, self._in_the_open, self._answer, self.told.append)

    def _in_the_open(self, prompt: str) -> str:
        self.openly.append(prompt.partition(",")[0])
        return self._answer(prompt)

    def _answer(self, prompt: str) -> str:
        try:
            return self._answers[prompt.partition(",")[0]].pop(0)
        except (KeyError, IndexError):
            raise EOFError from None


class TestMissing:
    """What is missing."""

    def test_all_of_it(self) -> None:
        """Each is asked for once, and what is secret is not shown."""
        somebody = Somebody(
            DATABASE_URL=[APP],
            MIGRATION_DATABASE_URL=[OWNER],
            AUTH_PROVIDER=["local"],
            AUTH_SIGNING_KEYS=[""],
            CHROMA_HTTP_URL=["https://chroma.example.com"],
        )
        given = somebody.prompter().missing({})
        assert (APP, OWNER, "local") == (given["DATABASE_URL"], given["MIGRATION_DATABASE_URL"], given["AUTH_PROVIDER"])
        assert [] == format_errors(given)
        assert ["AUTH_PROVIDER", "CHROMA_HTTP_URL"] == sorted(somebody.openly)
        assert ["AUTH_SIGNING_KEYS: a new key was made"] == somebody.told

    def test_wrong_first(self) -> None:
        """What has not its form is asked for again, with the reason."""
        somebody = Somebody(DATABASE_URL=["mysql://x", APP])
        stored = {
            "AUTH_PROVIDER": "local",
            "AUTH_SIGNING_KEYS": "stored",
            "CHROMA_HTTP_URL": "https://chroma.example.com",
            "MIGRATION_DATABASE_URL": OWNER,
        }
        assert {"DATABASE_URL": APP} == somebody.prompter().missing(stored)
        (told,) = somebody.told
        assert told.startswith("  DATABASE_URL wants a URL like postgresql://login:password@host:5432/database")

    def test_again(self, tmp_path: Path) -> None:
        """What is stored is asked for when the user wants it; a file's content can be the answer."""
        (tmp_path / "key").write_text("sk-from-a-file\n")
        somebody = Somebody(OPENAI_API_KEY=[f"@{tmp_path / 'key'}"])
        stored = {
            "AUTH_PROVIDER": "local",
            "AUTH_SIGNING_KEYS": "stored",
            "CHROMA_HTTP_URL": "https://chroma.example.com",
            "DATABASE_URL": APP,
            "MIGRATION_DATABASE_URL": OWNER,
            "OPENAI_API_KEY": "sk-before-this",
        }
        assert {"OPENAI_API_KEY": "sk-from-a-file"} == somebody.prompter().missing(stored, ["OPENAI_API_KEY"])

    def test_several_lines(self, tmp_path: Path) -> None:
        """A key that is pasted at the prompt arrives in pieces: a file takes it whole."""
        key = new_key()
        (tmp_path / "key.pem").write_text(key)
        somebody = Somebody(AUTH_SIGNING_KEYS=[key.splitlines()[0], f"@{tmp_path / 'key.pem'}"])
        stored = {"AUTH_PROVIDER": "local", "CHROMA_HTTP_URL": "https://chroma.example.com"}
        given = somebody.prompter().missing({**stored, "DATABASE_URL": APP, "MIGRATION_DATABASE_URL": OWNER})
        assert {"AUTH_SIGNING_KEYS": key.strip()} == given
        assert "answer @FILE" in somebody.told[0]

    def test_no_terminal(self) -> None:
        """Where nothing keeps an answer from being seen, nobody is asked."""
        words = (
            "from deployment.configuration.prompts import Prompter\n"
            "from deployment.environment import Environment\n"
            "from pathlib import Path\n"
            "Prompter(Environment('dev', Path(), {'environment': 'dev', 'services': {}})).missing({})"
        )
        done = subprocess.run(
            [sys.executable, "-c", words],
            env={**os.environ, "PYTHONPATH": str(SOURCES.parent / "backend" / "src")},
            input="hunter2\n",
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,  # no terminal, so nothing can be hidden on it
        )
        assert "nobody answers: give the rest by --stdin or --from-env" in done.stderr
        assert "may be echoed" not in done.stderr

    def test_nobody_there(self) -> None:
        """Where nobody answers, it is said how a machine does."""
        with pytest.raises(ConfigurationIncomplete, match="--stdin or --from-env"):
            Somebody().prompter().missing({})
