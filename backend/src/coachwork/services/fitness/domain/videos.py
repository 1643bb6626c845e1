"""What a video's path is, and where the videos of an exercise are by convention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from unicodedata import category

from coachwork.services.fitness.domain.exercises import LEVELS, folder_of
from coachwork.services.fitness.schemas.exercises import Level

PREFIX = "videos/"
"""What the keys of videos begin with; the rest of a key is the video's path."""

MAX_PATH_BYTES = 512
"""Half of what S3 allows a key."""

_REFUSED = frozenset("%\\")
"""A percent sign would be another path to whoever decodes once more, a backslash a slash to whoever is lenient."""

_LEVELS: Mapping[str, Level] = {f"{level}.mp4": level for level in LEVELS}


@dataclass(frozen=True)
class Video:
    """A stored video: its length, and when it was written (aware)."""

    path: str
    size_bytes: int
    updated_at: datetime


@dataclass(frozen=True)
class ExerciseVideo(Video):
    """A video of an exercise, for those of a level."""

    level: Level


def key_of(path: str) -> str:
    """Return the key of the video at `path`."""
    return PREFIX + path


def path_of(key: str) -> str:
    """Return the path of the video under `key`."""
    return key.removeprefix(PREFIX)


def level_of(path: str, slug: str) -> Level | None:
    """Return whom a video of the exercise is for; None for one that follows no convention."""
    return _LEVELS.get(path.removeprefix(folder_of(slug)))


def flaw_of(path: str) -> str | None:
    """Say what keeps `path` from being a video's, or None: it has segments, and no way out of them."""
    if not has_plain_characters(path):
        return "must not contain control characters, % or \\"
    if len(path.encode()) > MAX_PATH_BYTES:
        return f"has at most {MAX_PATH_BYTES} bytes"
    if any(segment in {"", ".", ".."} for segment in path.split("/")):
        return "wants names between single slashes, none of them . or .."
    return None


def has_plain_characters(text: str) -> bool:
    """Whether each character is one to read: none that controls, separates lines, or means another elsewhere."""
    return not any(
        character in _REFUSED or category(character).startswith("C") or category(character) in {"Zl", "Zp"}
        for character in text
    )
