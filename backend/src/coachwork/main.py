"""create_app: routers, error handlers, middleware; `app` for uvicorn."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI
from starlette.middleware.cors import CORSMiddleware

from coachwork import __doc__ as description
from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import InvalidRequest, MalformedRequest, PayloadTooLarge
from coachwork.chassis.http.documentation import install_documentation
from coachwork.chassis.http.idempotency import IdempotencyMiddleware
from coachwork.chassis.http.middleware import (
    BodyLimitMiddleware,
    HeadMiddleware,
    LazyServicesMiddleware,
    RequestMiddleware,
    StagePrefixMiddleware,
)
from coachwork.chassis.http.problems import documented, install_problem_handlers
from coachwork.chassis.http.rate_limits import RateLimitMiddleware, RateLimits
from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.observability import logs, metrics
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.services.registry import selected

_EXPOSED_HEADERS = (
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-Id",
)
"""What of an answer's headers a page of another origin may read."""

liveness = APIRouter(tags=["health"])


@liveness.get("/health", operation_id="liveness")
async def get_liveness() -> dict[str, str]:
    """Say that the process answers; touches nothing else."""
    return {"status": "ok"}


def create_app(resources: Resources, services: Sequence[Service]) -> FastAPI:
    """Return the application with these services, each part of them loaded at the first request for its paths."""
    app = FastAPI(
        title="Coachwork",
        description=description or "",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        responses=documented(MalformedRequest, PayloadTooLarge, InvalidRequest),
    )
    app.state.loaded = set()
    app.state.services = services
    app.include_router(liveness)
    install_problem_handlers(app)
    if not resources.settings.is_production:
        install_documentation(app, lambda: load_all(app, services))
    furnish(app, resources)
    return app


def furnish(app: FastAPI, resources: Resources) -> None:
    """Give the application these resources, and layers as their settings say, in place of those it had."""
    settings = resources.settings
    logs.configure("DEBUG" if settings.debug else settings.log_level)
    metrics.configure(settings.aws_lambda_function_name)
    strip(app)
    app.state.resources = resources
    app.state.rate_limits = RateLimits(settings)
    _install_middleware(app, settings, app.state.services)


def strip(app: FastAPI) -> None:
    """Take its resources from the application, and with them every secret; what it has loaded stays."""
    app.middleware_stack = None  # made again at the next request
    app.user_middleware.clear()
    for name in {"resources", "rate_limits"} & set(app.state):
        del app.state[name]


def load_all(app: FastAPI, services: Sequence[Service]) -> None:
    """Load every service now: what a snapshot, a long-lived server and the OpenAPI document want."""
    for service in services:
        for endpoints in service.endpoints:
            _load(app, endpoints)


def app_from_environment() -> FastAPI:
    """Return the application the environment describes; raises `ConfigurationError` naming every bad variable."""
    settings = Settings.load()
    return create_app(bootstrap(settings), selected(settings.coachwork_services))


def before_snapshot(app: FastAPI) -> None:
    """Load and build all that requests want, then close every connection and forget every secret."""
    from coachwork.chassis.snapshots import prepare, serve_once

    resources = app.state.resources
    load_all(app, app.state.services)
    prepare(resources, app.state.services)
    serve_once(app, "/health")
    resources.close()
    strip(app)


def after_restore(app: FastAPI) -> None:
    """Read settings and secrets as they are now, and begin with empty limits and no connection.

    Raises:
        ConfigurationError: naming every bad variable.
    """
    furnish(app, bootstrap(Settings.load()))


def _load(app: FastAPI, endpoints: Endpoints) -> None:
    if endpoints.prefix not in app.state.loaded:
        for router in endpoints.load():
            app.include_router(router)
        app.state.loaded.add(endpoints.prefix)
        app.openapi_schema = None


def _install_middleware(app: FastAPI, settings: Settings, services: Sequence[Service]) -> None:
    """Add the layers, the innermost first; CORS goes around the limits, so a front end can read their refusals."""
    app.add_middleware(IdempotencyMiddleware, resources=app.state.resources)
    app.add_middleware(LazyServicesMiddleware, services=services, load=lambda endpoints: _load(app, endpoints))
    app.add_middleware(HeadMiddleware)
    app.add_middleware(BodyLimitMiddleware, max_bytes=settings.max_request_bytes, services=services)
    app.add_middleware(RateLimitMiddleware, limits=app.state.rate_limits)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Prefer", "X-Request-Id"],
            expose_headers=_EXPOSED_HEADERS,
            max_age=600,
        )
    app.add_middleware(StagePrefixMiddleware, root_path=settings.root_path)
    app.add_middleware(RequestMiddleware)
