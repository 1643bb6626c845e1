"""The comments by which a migration says that a change takes its second step.

    -- two-step (0.4.0): dropped-column public.workouts.notes

says that release 0.4.0 was the first that no longer used the column, so a migration after it may drop it.
"""

import re
from collections.abc import Iterable, Mapping

from coachwork.tools.lint_migrations.rules import Finding

_MARKER = re.compile(r"^-- two-step \((?P<release>\S+)\): (?P<what>.+?)\s*$", re.MULTILINE)
_ALMOST = re.compile(r"^\s*--.*two.step.*$", re.MULTILINE | re.IGNORECASE)
_RELEASE = re.compile(r"\d+\.\d+\.\d+")


def complaints(text: str, found: Iterable[Finding]) -> list[str]:
    """Return what a file's markers do not excuse, and what is wrong with these."""
    marked, wrong = _marked(text)
    done = {f"{one.rule} {one.subject}": one for one in found}
    wrong += [f"the marker of {what} excuses nothing" for what in marked if what not in done]
    return [*(str(one) for what, one in done.items() if what not in marked), *wrong]


def _marked(text: str) -> tuple[Mapping[str, str], list[str]]:
    """Return the release of each marker, and what cannot be read."""
    releases = {match["what"]: match["release"] for match in _MARKER.finditer(text)}
    wrong = [f"no release has the name {one!r}" for one in releases.values() if not _RELEASE.fullmatch(one)]
    lines = [line.strip() for line in _ALMOST.findall(text) if not _MARKER.match(line)]
    return releases, wrong + [f"cannot be read, wants `-- two-step (0.4.0): RULE SUBJECT`: {line}" for line in lines]
