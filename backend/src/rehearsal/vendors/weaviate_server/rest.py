"""Weaviate's REST API, the part that the stand-in was taught: what the server is, and its schema."""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from rehearsal.vendors.weaviate_server.definitions import class_of, property_of
from rehearsal.vendors.weaviate_server.errors import Rejected, Untaught
from rehearsal.vendors.weaviate_server.store import Store, StoredCollection

VERSION = "1.34.0"
_CLASS = re.compile(r"/v1/schema/(\w+)")
_PROPERTIES = re.compile(r"/v1/schema/(\w+)/properties")


class WeaviateRest:
    """Answers requests.

    Args:
        store: what it serves.
        api_key: what every request must bring, unless None.
        note: is told of whatever it was not taught.
    """

    def __init__(self, store: Store, api_key: str | None, note: Callable[[str], None]) -> None:
        self._store = store
        self._api_key = api_key
        self._note = note

    def answer(self, method: str, path: str, authorization: str | None, body: bytes) -> tuple[int, Any]:
        """Return the status, and what to say as JSON."""
        if self._api_key and authorization != f"Bearer {self._api_key}":
            return 401, {"code": 401, "message": "unauthorized: invalid api key"}
        try:
            with self._store.lock:
                return 200, self._do(method, path, json.loads(body) if body else None)
        except Rejected as error:
            return error.status, {"error": [{"message": str(error)}]}
        except Untaught as error:
            what = f"{method} {path}: {error}"
            self._note(what)
            return 501, {"error": [{"message": f"the stand-in was not taught {what}"}]}

    def _do(self, method: str, path: str, body: Any) -> Any:
        if (method, path) == ("GET", "/v1/meta"):
            return {"hostname": "http://[::]:8080", "modules": {}, "version": VERSION}
        if (method, path) == ("POST", "/v1/schema"):
            return _shown(self._store.create(*class_of(body)))
        if method == "POST" and (match := _PROPERTIES.fullmatch(path)):
            new = property_of(body)
            self._store.find(match[1]).add(new)
            return new.shown()
        if match := _CLASS.fullmatch(path):
            if method == "GET":
                return _shown(self._store.find(match[1]))
            if method == "DELETE":
                return self._store.drop(match[1])
        raise Untaught("the path")


def handler_of(rest: WeaviateRest) -> type[BaseHTTPRequestHandler]:
    """Return the handler that gives a server's requests to `rest`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write a response

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, said = rest.answer(self.command, self.path, self.headers.get("authorization"), body)
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)
            self.wfile.flush()

        do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815  the library's names

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    return Handler


def _shown(collection: StoredCollection) -> dict[str, Any]:
    return collection.definition.shown(collection.properties)
