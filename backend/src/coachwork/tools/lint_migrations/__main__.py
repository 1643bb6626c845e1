"""`python -m coachwork.tools.lint_migrations URL [FOLDER]`: refuses migrations that break the release before.

URL is of an empty database, and of a login that may make roles; it is migrated, file by file, and not cleaned up.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from coachwork.chassis.errors import CoachworkError
from coachwork.tools.lint_migrations.check import check


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 when every migration may be applied under the release before it, 1 when one may not."""
    parser = ArgumentParser(prog="python -m coachwork.tools.lint_migrations", description="Refuse what breaks.")
    parser.add_argument("url", help="of an empty database")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("migrations"), help="holds the SQL files")
    options = parser.parse_args(arguments)
    try:
        found = [f"{one.name}: {one.text}" for one in check(options.url, options.folder)]
    except CoachworkError as error:
        found = [error.detail]
    sys.stderr.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
