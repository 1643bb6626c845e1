"""A local AWS for one test: moto's server on a free port."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import httpx
from moto.server import ThreadedMotoServer


@dataclass(frozen=True)
class LocalAws:
    """Where it answers, and a session that may do anything there."""

    session: boto3.Session
    url: str

    def client(self, service: str) -> Any:
        """Return a client of one service."""
        return self.session.client(service, endpoint_url=self.url)


@contextmanager
def local_aws() -> Iterator[LocalAws]:
    """Start it, empty, and stop it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    session = boto3.Session("test", "test", region_name="us-east-1")
    url = f"http://{host}:{port}"
    httpx.post(f"{url}/moto-api/reset", trust_env=False).raise_for_status()  # one memory for all servers of a process
    try:
        yield LocalAws(session, url)
    finally:
        server.stop()
