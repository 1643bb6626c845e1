"""A deployed API: routes to functions, stages, and what it says when it answers by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

DEFAULT_STAGE = "$default"


@dataclass(frozen=True)
class Integration:
    """A Lambda proxy: the function's ARN, in which stage variables may stand, and how long it may take.

    `callers` are the patterns of source ARNs that the function's policy lets API Gateway call it for; None asks
    nothing.
    """

    function_arn: str
    timeout_seconds: float = 29.0
    payload: Literal["1.0", "2.0"] = "1.0"
    callers: tuple[str, ...] | None = None

    def arn_in(self, stage: "Stage") -> str:
        """Return the ARN with the stage's variables filled in."""
        arn = self.function_arn
        for name, value in stage.variables.items():
            arn = arn.replace(f"${{stageVariables.{name}}}", value)
        return arn

    def lets_call(self, source_arn: str) -> bool:
        """Whether the function's policy lets API Gateway call it for this source."""
        return self.callers is None or any(fnmatchcase(source_arn, pattern) for pattern in self.callers)


@dataclass(frozen=True)
class Route:
    """A method (or `ANY`) on a path such as `/echoes/{id}` or `/{proxy+}`; `$default` takes what is left."""

    method: str
    path: str
    integration: Integration
    resource_id: str = ""
    wants_key: bool = False
    wants_object: bool = False
    """Whether a body that is declared JSON has to be a JSON object."""

    @property
    def key(self) -> str:
        """An HTTP API's name for it."""
        return self.path if self.path == DEFAULT_STAGE else f"{self.method} {self.path}"


@dataclass(frozen=True)
class Throttle:
    """A token bucket: so many requests a second, and so many at once."""

    rate_per_second: float
    burst: int


@dataclass(frozen=True)
class UsagePlan:
    """What each of these keys may ask for: so much at a time, and `quota` requests in all."""

    keys: frozenset[str]
    throttle: Throttle | None = None
    quota: int | None = None


@dataclass(frozen=True)
class LogFormat:
    """Where a stage's access log goes, and what a line of it says: text with `$context` variables."""

    group: str
    text: str


@dataclass(frozen=True)
class Stage:
    """A stage; `throttles` by `PATH/METHOD` as method settings name it, `*/*` for all."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    throttles: Mapping[str, Throttle] = field(default_factory=dict)
    access_log: LogFormat | None = None

    def throttle_of(self, route: Route) -> tuple[str, Throttle] | None:
        """Return the narrowest throttle on the route, with its name."""
        for name in (f"{route.path}/{route.method}".lstrip("/"), route.key, "*/*"):
            if name in self.throttles:
                return name, self.throttles[name]
        return None


@dataclass(frozen=True)
class GatewayResponse:
    """A REST API's own answer of some type, customised; values are expressions such as `'*'`."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    template: str | None = None


@dataclass(frozen=True)
class Api:
    """A REST API or an HTTP API; `gateway_responses` by type, such as `DEFAULT_4XX`."""

    kind: Literal["rest", "http"]
    id: str
    routes: Sequence[Route]
    stages: Mapping[str, Stage]
    binary_media_types: Sequence[str] = ()
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    usage_plans: Sequence[UsagePlan] = ()
    mapped_stage: str = ""
    """The stage that a domain of its own leads to; its name is no part of that domain's paths."""
    has_default_endpoint: bool = True
    region: str = "us-east-1"
    account: str = "123456789012"
    name: str = ""

    @property
    def domain_name(self) -> str:
        """The host AWS would serve it on."""
        return f"{self.id}.execute-api.{self.region}.amazonaws.com"

    def is_binary(self, media_type: str) -> bool:
        """Whether a REST API treats the media type as binary; `*/*` and `image/*` are understood."""
        wanted = {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}
        return not wanted.isdisjoint(binary.lower() for binary in self.binary_media_types)
