"""An HTTP request and its response, as they cross the wire."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Request:
    """A request; `target` is what stands in the request line, still encoded."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    port: int = 80

    @property
    def path(self) -> str:
        """The encoded path."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The encoded query, without its question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """Return the last header of that name, in any case."""
        found = [value for other, value in self.headers if other.lower() == name.lower()]
        return found[-1] if found else None

    def media_type(self, name: str) -> str | None:
        """Return the first media type in the header of that name, without parameters, in lower case."""
        value = self.header(name)
        return value.partition(",")[0].partition(";")[0].strip().lower() if value else None


@dataclass(frozen=True)
class Response:
    """A response; the headers that frame it on the wire are the server's business."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""

    def with_headers(self, headers: Sequence[tuple[str, str]]) -> "Response":
        """Return it with `headers` before its own."""
        return Response(self.status, [*headers, *self.headers], self.body)
