"""What an image is built from: exactly the files the Dockerfile copies, and a tag that changes when they do.

Sources: https://docs.docker.com/build/concepts/context/#dockerignore-files (whose rules are a regular grammar; what
is played here is the part our file uses: names, `!`, `*`, `**`).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

_COPY = re.compile(r"^COPY\s+(?!--from=)(?:--\S+\s+)*(.+)$", re.MULTILINE)
_DIGITS = 16


def tag_of(context: Path, architecture: str) -> str:
    """Return the tag of the image that `context` makes for those processors: the same files, the same tag."""
    digest = hashlib.sha256(architecture.encode() + b"\0")
    for path in (context / "Dockerfile", *copied(context)):
        content = hashlib.sha256(path.read_bytes()).digest()
        digest.update(path.relative_to(context).as_posix().encode() + b"\0" + content)
    return f"content-{digest.hexdigest()[:_DIGITS]}"


def copied(context: Path) -> list[Path]:
    """Return the files of `context` that its Dockerfile copies and its .dockerignore lets through, in their order."""
    rules = _rules((context / ".dockerignore").read_text().splitlines())
    found: set[Path] = set()
    for line in _COPY.findall((context / "Dockerfile").read_text()):
        for name in line.split()[:-1]:
            found.update(path for path in _files(context / name) if _goes_in(path.relative_to(context), rules))
    return sorted(found)


def _files(path: Path) -> Iterator[Path]:
    yield from [path] if path.is_file() else (below for below in path.rglob("*") if below.is_file())


def _rules(lines: Sequence[str]) -> list[tuple[bool, "re.Pattern[str]"]]:
    kept = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return [(line.startswith("!"), _pattern(line.removeprefix("!").strip("/"))) for line in kept]


@cache
def _pattern(glob: str) -> "re.Pattern[str]":
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meant.get(piece, re.escape(piece)) for piece in pieces))


def _goes_in(path: Path, rules: Sequence[tuple[bool, "re.Pattern[str]"]]) -> bool:
    """The last rule that fits the file, or a folder it lies in, decides."""
    names = [path.as_posix(), *(parent.as_posix() for parent in PurePosixPath(path.as_posix()).parents)][:-1]
    goes_in = True
    for lets_through, pattern in rules:
        if any(pattern.fullmatch(name) for name in names):
            goes_in = lets_through
    return goes_in
