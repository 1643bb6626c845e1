"""The commands of the documentation, as a reader would paste them."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in (
        ROOT / "README.md",
        *sorted(ROOT.glob("docs/*.md")),
        *sorted(ROOT.glob("terraform/**/README.md")),
    )
    if ".terraform" not in path.parts
]

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`((?:make|aws|terraform|python|curl|PYTHONPATH=src) [^`]+)`")
_NEEDS = re.compile(r"#.*?\bneeds (AWS|GitHub|Weaviate)\b")


@dataclass(frozen=True)
class Command:
    """A command of a page.

    Args:
        page: where it is.
        block: which fenced block of the page it is in, from 0; -1 when it stands in a sentence.
        text: all of its lines, without prompt.
        needs: what it is marked as needing, or "".
    """

    page: str
    block: int
    text: str
    needs: str

    @property
    def line(self) -> str:
        """It on one line, without its comment."""
        return re.sub(r"\s+", " ", re.sub(r"\s+# .*$", "", self.text.replace("\\\n", " "))).strip()


def text(page: str) -> str:
    """Return a page."""
    return (ROOT / page).read_text(encoding="utf-8")


@cache
def commands(page: str) -> tuple[Command, ...]:
    """Return the commands of a page's fenced blocks, in their order: `console` has prompts and output, `sh` neither."""
    found = []
    for number, (indent, language, body) in enumerate(_FENCE.findall(text(page))):
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        if language in {"console", "sh"}:
            found += [Command(page, number, one, needs) for one, needs in _split(lines, "$ " * (language == "console"))]
    return tuple(found)


@cache
def mentions(page: str) -> tuple[Command, ...]:
    """Return the commands that stand in a page's sentences and tables."""
    prose = _FENCE.sub("", text(page))
    return tuple(Command(page, -1, re.sub(r"\s+", " ", one), "") for one in _INLINE.findall(prose))


def _split(lines: list[str], prompt: str) -> Iterator[tuple[str, str]]:
    """Yield each command with what it needs; a mark on a line of its own is about all that follow."""
    standing, left = "", list(lines)
    while left:
        line = left.pop(0)
        if not prompt and line.startswith("#"):
            marked = _NEEDS.search(line)
            standing = marked[1] if marked else standing
        elif line.strip() and line.startswith(prompt):
            command = line.removeprefix(prompt)
            while left and not _is_whole(command):
                command += f"\n{left.pop(0)}"
            own = _NEEDS.search(command.splitlines()[-1])
            yield command, own[1] if own else standing


def _is_whole(command: str) -> bool:
    """Whether nothing of it is missing: no quote, brace or here-document is open, and its line does not go on."""
    if re.search(r"\\$", command):
        return False
    checked = subprocess.run(["bash", "-n"], input=command + "\n", capture_output=True, text=True, check=False)
    return checked.returncode == 0 and not checked.stderr
