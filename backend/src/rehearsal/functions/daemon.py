"""X-Ray's daemon as Lambda runs it beside every environment: takes the function's own segments, and passes them on.

Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html
"""

import json
from contextlib import suppress
from socket import AF_INET, SOCK_DGRAM, socket
from threading import Thread
from typing import Any

from rehearsal.functions.port import Traces
from rehearsal.runtime import Credentials

_LARGEST_BYTES = 65_536
_PAUSE_SECONDS = 0.1
"""How long no segment comes before those that came are passed on together."""


class Daemon:
    """Listens on a free port of 127.0.0.1 until it is closed; what is no segment is passed over.

    Args:
        traces: receives the segments, as sent by the role with these keys.
    """

    def __init__(self, traces: Traces, sender: Credentials) -> None:
        self._traces = traces
        self._sender = sender
        self._socket = socket(AF_INET, SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(_PAUSE_SECONDS)
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._is_open = True
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Pass on what came, and stop listening."""
        self._is_open = False
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        taken: list[dict[str, Any]] = []
        while True:
            with suppress(TimeoutError):
                taken += _segments(self._socket.recv(_LARGEST_BYTES))
                continue
            if taken:
                self._traces.send(taken, self._sender)
                taken = []
            if not self._is_open:
                return


def _segments(datagram: bytes) -> list[dict[str, Any]]:
    header, _, document = datagram.partition(b"\n")
    with suppress(ValueError):
        found = json.loads(document)
        if json.loads(header).get("format") == "json" and isinstance(found, dict):
            return [found]
    return []
