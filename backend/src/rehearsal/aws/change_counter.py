"""Counts what is written to each service, so whoever serves what is deployed knows when to look again."""

import json
from collections import Counter
from collections.abc import Iterable
from threading import Lock
from typing import Any

from werkzeug.wrappers import Response

from rehearsal.aws.authorization.calls import signature_of
from rehearsal.aws.authorization.guard import WsgiApplication
from rehearsal.aws.change_counts import CHANGES_PATH
from rehearsal.aws.extensions.forms import PostedForms

_READS = {"GET", "HEAD", "OPTIONS"}


class ChangeCounter:
    """A WSGI application before another, whose writes it counts once they are done."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._lock = Lock()
        self._counts: Counter[str] = Counter()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Let the application answer; whoever has its answer finds it counted."""
        if environ.get("PATH_INFO") == CHANGES_PATH:
            return self._report()(environ, start_response)
        signature = None if environ["REQUEST_METHOD"] in _READS else signature_of(PostedForms(environ))
        answer = self._application(environ, start_response)
        if signature:
            self.note(signature.service)
        return answer

    def note(self, service: str) -> None:
        """Count a write to a service that came by no request."""
        with self._lock:
            self._counts[service] += 1

    def _report(self) -> Response:
        with self._lock:
            return Response(json.dumps(self._counts), content_type="application/json")
