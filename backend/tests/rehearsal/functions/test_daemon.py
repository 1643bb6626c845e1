"""X-Ray's daemon beside an environment: what a function tells of itself reaches its traces."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from socket import AF_INET, SOCK_DGRAM, socket
from typing import Any

import pytest

from rehearsal.functions.daemon import Daemon
from rehearsal.runtime import Credentials

KEYS = Credentials("key", "secret", "token")
HEADER = b'{"format":"json","version":1}\n'


@dataclass
class KeptTraces:
    """Keeps what it is sent, and by whom."""

    sent: list[tuple[dict[str, Any], Credentials]] = field(default_factory=list)

    def send(self, segments: Sequence[dict[str, Any]], sender: Credentials) -> None:
        """Keep segments."""
        self.sent += [(segment, sender) for segment in segments]

    def drain(self) -> None:
        """Return at once."""


@pytest.fixture
def traces() -> KeptTraces:
    """Return where segments go."""
    return KeptTraces()


@pytest.fixture
def daemon(traces: KeptTraces) -> Iterator[Daemon]:
    """Yield a daemon."""
    made = Daemon(traces, KEYS)
    yield made
    made.close()


def send(daemon: Daemon, *datagrams: bytes) -> None:
    """Send what a function might, and have the daemon pass it on."""
    host, port = daemon.address.split(":")
    with socket(AF_INET, SOCK_DGRAM) as sender:
        for datagram in datagrams:
            sender.sendto(datagram, (host, int(port)))
    daemon.close()


class TestDaemon:
    """Daemon."""

    def test_segments(self, traces: KeptTraces, daemon: Daemon) -> None:
        """They are passed on with the keys of the function's role, in order."""
        send(daemon, *[HEADER + json.dumps({"name": name}).encode() for name in ("model", "database")])

        assert [({"name": "model"}, KEYS), ({"name": "database"}, KEYS)] == traces.sent

    @pytest.mark.parametrize("datagram", [b"", b"{}", HEADER, HEADER + b"[1]", HEADER + b"\xff", b"{}\n{}"])
    def test_nonsense(self, traces: KeptTraces, daemon: Daemon, datagram: bytes) -> None:
        """What is no segment is passed over, and the next is heard."""
        send(daemon, datagram, HEADER + b'{"name":"model"}')

        assert [{"name": "model"}] == [segment for segment, _ in traces.sent]
