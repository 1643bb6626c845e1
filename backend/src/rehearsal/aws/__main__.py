"""`python -m rehearsal.aws --port N` serves the local AWS on 127.0.0.1.

With `--keep FOLDER --bucket NAME` it has that bucket from the start, with the objects kept in the folder, and writes
them back there when it is told to end.
"""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from rehearsal.aws.kept_bucket import KeptBucket
from rehearsal.aws.server import serve


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="rehearsal.aws", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int, default=0)
    where.add_argument("--descriptor", type=int, help="a listening socket that was inherited")
    parser.add_argument("--keep", type=Path, help="the folder that keeps a bucket's objects")
    parser.add_argument("--bucket", default="kept", help="that bucket's name")
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    arguments = parser.parse_args()
    if not arguments.keep:
        serve(arguments.port, arguments.descriptor)
        return
    bucket = KeptBucket(arguments.keep, arguments.bucket)
    bucket.put_back()
    try:
        serve(arguments.port, arguments.descriptor)
    finally:
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, signal.SIG_IGN)  # once is enough
        bucket.keep()


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
