"""Who the server runs as: it refuses root, so root hands it to `nobody` and to places `nobody` can reach."""

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rehearsal.postgres.errors import PostgresError

ROOTS_PLACE = Path("/var/lib/coachwork")
"""Where root keeps what `nobody` must reach when the project lies under a closed folder (like /root)."""


@dataclass(frozen=True)
class Account:
    """The user and group a server's processes get."""

    user: int
    group: int

    @property
    def options(self) -> dict[str, Any]:
        """The options of `subprocess.Popen` that make a child run as this account, with no other rights."""
        return {"user": self.user, "group": self.group, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        """Whether `program` starts as this account: every folder above it and every library open to it."""
        try:
            command = [str(program), "--version"]
            return not subprocess.run(command, cwd="/", capture_output=True, check=False, **self.options).returncode
        except PermissionError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through `folder` and every folder above it."""
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        result = subprocess.run(command, cwd="/", capture_output=True, check=False, **self.options)
        return not result.returncode


def unprivileged_account() -> Account | None:
    """Return the account the server must run as, or None where it runs as whoever starts it."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise PostgresError(
            "Postgres refuses to run as root and there is no user nobody: run as a normal user"
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def reachable_folder(place: Path, account: Account, prefix: str) -> Path:
    """Make a new folder in `place` that `account` can pass through; `place` is made if missing.

    Raises:
        PostgresError: `place` is not root's own, others may write there, or `account` cannot reach it.
    """
    if not place.exists():
        place.mkdir()
        place.chmod(0o755)  # just made by us, whatever the umask
    status = place.lstat()
    if place.is_symlink() or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PostgresError(f"{place} must be a folder of root's that nobody else may write to")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
    folder.chmod(0o755)
    if not account.can_enter(folder):
        folder.rmdir()
        raise PostgresError(f"{place} is closed to the user nobody: run as a normal user")
    return folder
