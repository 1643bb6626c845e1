"""X-Ray's daemon beside an environment: what a function tells of itself reaches its traces."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket
from textwrap import dedent
from typing import Any

import pytest

from rehearsal.functions import CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.functions.daemon import Daemon
from rehearsal.runtime import Credentials

KEYS = Credentials("key", "secret", "token")
TELLS = """
    import json, os, socket

    def handler(event, context):
        header = os.environ["_X_AMZN_TRACE_ID"]
        root, parent, _ = (part.split("=")[1] for part in header.split(";"))
        host, port = os.environ["AWS_XRAY_DAEMON_ADDRESS"].split(":")
        document = json.dumps({"name": "model", "trace_id": root, "parent_id": parent})
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b'{"format":"json","version":1}\\n' + document.encode(), (host, int(port)))
        return header
"""
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


class TestInstance:
    """A function that tells of itself."""

    def test_heard(self, traces: KeptTraces, tmp_path: Path) -> None:
        """Its environment says where the daemon listens, and its segments hang on the trace it was invoked in."""
        (tmp_path / "entry.py").write_text(dedent(TELLS))
        version = Version("entry.handler", is_traced=True, credentials=KEYS)
        function = DeployedFunction("coach", {"$LATEST": version})
        location = CodeLocation(Path(sys.executable), tmp_path)
        with LambdaService(
            [function], location, FolderLogs(tmp_path / "logs"), traces=traces, chance=lambda: 0.0
        ) as service:
            header = json.loads(service.invoke("coach", b"{}").payload)

        told = [segment for segment, _ in traces.sent if segment["name"] == "model"]
        assert [header] == [f"Root={one['trace_id']};Parent={one['parent_id']};Sampled=1" for one in told]
