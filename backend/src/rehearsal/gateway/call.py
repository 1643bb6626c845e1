"""One request on its way through the gateway: what every event and every answer needs to know of it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import uuid4

from rehearsal.gateway.api import Api, Stage
from rehearsal.gateway.message import Request
from rehearsal.gateway.routes import Match

# The hop's own business; REST APIs do not pass them on.
# Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_HOP = {
    "connection",
    "content-length",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}


def _trace_id() -> str:
    return f"Root=1-{int(datetime.now(UTC).timestamp()):08x}-{secrets.token_hex(12)}"


def _extended_id() -> str:
    return secrets.token_urlsafe(11)[:15] + "="


@dataclass(frozen=True)
class Arrival:
    """A request with what names it from the moment it came."""

    request: Request
    request_id: str = field(default_factory=lambda: str(uuid4()))
    extended_request_id: str = field(default_factory=_extended_id)
    trace_id: str = field(default_factory=_trace_id)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def at_ms(self) -> int:
        """When it came, in milliseconds since 1970."""
        return int(self.at.timestamp() * 1000)

    @property
    def at_text(self) -> str:
        """When it came, as access logs write it."""
        return f"{self.at:%d/%b/%Y:%H:%M:%S} +0000"


@dataclass(frozen=True)
class Call:
    """A routed request; `path` is without the stage, encoded."""

    api: Api
    stage: Stage
    match: Match
    arrival: Arrival
    path: str

    @property
    def request(self) -> Request:
        """The request itself."""
        return self.arrival.request

    @property
    def whole_path(self) -> str:
        """The path with the stage before it, encoded."""
        return self.path if self.stage.name == "$default" else f"/{self.stage.name}{self.path}"

    @property
    def source_arn(self) -> str:
        """What Lambda's resource policies know the call by: the API, the stage, the method and the route's path."""
        api, path = self.api, self.match.route.path.removeprefix("/")
        place = f"arn:aws:execute-api:{api.region}:{api.account}:{api.id}/{self.stage.name}"
        return f"{place}/{path}" if path == "$default" else f"{place}/{self.request.method}/{path}"

    def headers(self) -> list[tuple[str, str]]:
        """Return the request's headers as the function is to see them: the gateway's own added."""
        passed = [(name, value) for name, value in self.request.headers if name.lower() not in _HOP]
        kept = [item for item in passed if not item[0].lower().startswith("x-forwarded-")]
        before = [value for name, value in passed if name.lower() == "x-forwarded-for"]
        traced = self.request.header("X-Amzn-Trace-Id")
        return [
            *kept,
            *([] if traced else [("X-Amzn-Trace-Id", self.arrival.trace_id)]),
            ("X-Forwarded-For", ", ".join([*before, self.request.source_ip])),
            ("X-Forwarded-Port", str(self.request.port)),
            ("X-Forwarded-Proto", "http"),
        ]
