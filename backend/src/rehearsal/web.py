"""Serves an application on a socket it inherits, so the port that was announced is the port that is served.

`python -m rehearsal.web SOCKET_FD GATE_FD module:factory` loads the application at once and serves it when the
other end of the gate closes: loading and preparing the database then take their time side by side.
"""

import os
import socket
import sys

import uvicorn

_GRACE_SECONDS = 3


def main(socket_descriptor: int, gate_descriptor: int, factory: str) -> None:
    """Serve until SIGTERM; requests in flight get a few seconds to end."""
    config = uvicorn.Config(
        factory,
        factory=True,
        log_level="warning",
        access_log=False,  # the application writes its own line a request
        server_header=False,
        proxy_headers=False,  # nothing stands before it, so X-Forwarded-For is the caller's own claim
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    config.load()
    while os.read(gate_descriptor, 64):
        pass
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=socket_descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
