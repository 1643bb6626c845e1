"""What every stand-in's HTTP server has."""

import sys
from http.server import ThreadingHTTPServer
from typing import Any


class StandInServer(ThreadingHTTPServer):
    """Serves each connection in a thread of its own, which nobody waits for."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Let callers hang up when they are tired of waiting; anything else is worth a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
