"""Connections of a process, as Linux tells them."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_ESTABLISHED = "01"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def connections(pid: int, besides: Iterable[int] = ()) -> int:
    """Return how many TCP connections the process holds, those to ports of `besides` left out; 0 without /proc."""
    ports, inodes = set(besides), set(_inodes(pid))
    return sum(1 for inode, port in _established(pid) if inode in inodes and port not in ports)


def _inodes(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                if match := _SOCKET.fullmatch(str(descriptor.readlink())):
                    yield match[1]


def _established(pid: int) -> Iterator[tuple[str, int]]:
    """Yield each connection's inode and its peer's port.

    Source: proc_net_tcp.txt of the Linux kernel's documentation
    """
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                fields = line.split()
                if fields[3] == _ESTABLISHED:
                    yield fields[9], int(fields[2].rpartition(":")[2], 16)
