"""Data in root's place whose owner is gone: a temporary folder that was removed without them."""

import shutil
import tempfile
from pathlib import Path

from rehearsal.lock import Lock, LockTaken

_OWNER = "belongs-to"


def note_owner(home: Path, owner: Path) -> None:
    """Note in `home` whose data it holds."""
    (home / _OWNER).write_text(f"{owner}\n")


def sweep_leftovers(place: Path) -> None:
    """Remove data that belonged to a folder under the temporary one, now gone, and that no server uses.

    A project's own folder is never concluded to be gone: it may have been moved, and its link still leads here.
    """
    temporary = Path(tempfile.gettempdir()).resolve()
    for note in place.glob(f"postgres-*/{_OWNER}"):
        owner = Path(note.read_text().strip())
        if temporary in owner.parents and not owner.exists() and _is_unused(note.parent):
            shutil.rmtree(note.parent, ignore_errors=True)


def _is_unused(home: Path) -> bool:
    try:
        with Lock(home / "lock").held(0, lambda: True):
            return True
    except LockTaken:
        return False
