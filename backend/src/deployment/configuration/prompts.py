"""Asks for settings at a terminal, one after another; what is secret shows on none."""

import getpass
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from deployment.configuration.settings import SIGNING_KEYS, known_settings, missing_names
from deployment.configuration.signing import new_key
from deployment.environment import Environment
from deployment.errors import ConfigurationIncomplete
from deployment.progress import say

_BEGINNING = "-----BEGIN"

Ask = Callable[[str], str]


def _unseen(prompt: str) -> str:
    """Ask for what may not be seen; where nothing can keep it from being seen, nobody is asked."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(prompt)
        except getpass.GetPassWarning:
            raise EOFError from None


class Prompter:
    """A conversation about settings.

    Args:
        environment: whose.
        ask: asks for what may be seen.
        ask_secretly: asks for what may not.
        tell: prints a line.
    """

    def __init__(
        self,
        environment: Environment,
        ask: Ask = input,
        ask_secretly: Ask = _unseen,
        tell: Callable[[str], None] = lambda line: say(sys.stdout, line),
    ) -> None:
        self._environment = environment
        self._ask = ask
        self._ask_secretly = ask_secretly
        self._tell = tell

    def missing(self, stored: Mapping[str, str], again: Sequence[str] = ()) -> dict[str, str]:
        """Return what the user gave for all that is missing, and for what is to be given `again`.

        Raises:
            ConfigurationIncomplete: the user went away.
        """
        given: dict[str, str] = {}
        for name in again:
            given[name] = self._one(name, {**stored, **given})
        while names := self._wanted({**stored, **given}):
            given[names[0]] = self._one(names[0], {**stored, **given})
        return given

    def _wanted(self, values: Mapping[str, str]) -> list[str]:
        settings = self._environment.settings
        return missing_names(values, settings, is_production=self._environment.is_production)

    def _one(self, name: str, values: Mapping[str, str]) -> str:
        one = known_settings()[name]
        while True:
            value = self._answer(f"{name}, {one.what}: ", is_secret=one.is_secret)
            if name == SIGNING_KEYS and not value:
                self._tell(f"{name}: a new key was made")
                return new_key()
            if name == SIGNING_KEYS and value.startswith(_BEGINNING) and "\n" not in value:
                self._tell(f"  {name} has several lines, and one can be typed: put it into a file, and answer @FILE")
                continue
            if wrong := one.complaint(value, {**values, name: value}):
                self._tell(f"  {name} {wrong}")
                continue
            return value

    def _answer(self, prompt: str, *, is_secret: bool) -> str:
        try:
            value = (self._ask_secretly if is_secret else self._ask)(prompt).strip()
        except EOFError:
            raise ConfigurationIncomplete("nobody answers: give the rest by --stdin or --from-env") from None
        if value.startswith("@") and Path(value[1:]).is_file():  # what has several lines cannot be typed in
            return Path(value[1:]).read_text().strip()
        return value
