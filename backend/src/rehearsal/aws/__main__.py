"""`python -m rehearsal.aws --port N` serves the local AWS on 127.0.0.1.

With `--bucket NAME FOLDER` it has that bucket from the start, with the objects kept in the folder, and writes them
back there when it is told to end; with `--table NAME FILE [INDEX=ATTRIBUTE ...]` so with a table. Each may be given
several times. With `--minute-seconds N` a minute of deployments and alarms lasts N seconds.
"""

import argparse
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from rehearsal.aws.persistent_bucket import PersistentBucket
from rehearsal.aws.persistent_table import PersistentTable
from rehearsal.aws.server import serve
from rehearsal.aws.time_scale import REAL_MINUTE_SECONDS


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="rehearsal.aws", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int, default=0)
    where.add_argument("--descriptor", type=int, help="a listening socket that was inherited")
    parser.add_argument("--bucket", nargs=2, action="append", default=[], metavar=("NAME", "FOLDER"))
    parser.add_argument("--table", nargs="+", action="append", default=[], metavar=("NAME FILE", "INDEX=ATTRIBUTE"))
    parser.add_argument("--minute-seconds", type=float, default=REAL_MINUTE_SECONDS)
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    arguments = parser.parse_args()
    kept: list[PersistentBucket | PersistentTable] = [
        PersistentBucket(Path(folder), name) for name, folder in arguments.bucket
    ]
    kept += [PersistentTable(name, Path(file), _indexes(indexes)) for name, file, *indexes in arguments.table]
    for one in kept:
        one.put_back()
    status = 0
    try:
        serve(arguments.port, arguments.descriptor, arguments.minute_seconds)
    except SystemExit as ended:  # it was told to end, or its port is taken
        status = int(ended.code or 0)
    finally:
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, signal.SIG_IGN)  # once is enough
        for one in kept:
            one.keep()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # taking down what moto loaded would take half as long as loading it


def _indexes(given: list[str]) -> dict[str, str]:
    """Return the attribute of each index, as `INDEX=ATTRIBUTE` says."""
    return {name: attribute for name, _, attribute in (one.partition("=") for one in given)}


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
