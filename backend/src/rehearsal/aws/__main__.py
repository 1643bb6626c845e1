"""`python -m rehearsal.aws --port N` serves the local AWS on 127.0.0.1."""

import argparse
import signal
import sys
from types import FrameType

from rehearsal.aws.server import serve


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="rehearsal.aws", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int, default=0)
    where.add_argument("--descriptor", type=int, help="a listening socket that was inherited")
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    arguments = parser.parse_args()
    serve(arguments.port, arguments.descriptor)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
