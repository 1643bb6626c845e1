"""Says whether something was deployed to the local AWS since one last looked."""

import json
from collections.abc import Iterable
from http.client import HTTPConnection
from urllib.parse import urlsplit

CHANGES_PATH = "/rehearsal/changes"
"""GET answers how often each service was written to, as a JSON object."""

_SECONDS = 10.0


def count_changes(endpoint_url: str, services: Iterable[str]) -> int:
    """Return how often `services` were written to; while it stays the same, nothing was deployed.

    Services of REST, such as `lambda` and `apigateway`, are worth asking for: the others read by POST as well.

    Raises:
        OSError: the local AWS does not answer.
    """
    connection = HTTPConnection(urlsplit(endpoint_url).netloc, timeout=_SECONDS)
    try:
        connection.request("GET", CHANGES_PATH)
        counts: dict[str, int] = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return sum(counts.get(service, 0) for service in services)
