"""`/docs` and `/openapi.json`, right behind any stage prefix and with no internet where the files are installed."""

from collections.abc import Callable
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from coachwork.chassis.errors import NotFound
from coachwork.chassis.http.idempotency import document_idempotency
from coachwork.chassis.http.problems import MEDIA_TYPE, Problem
from coachwork.chassis.http.rate_limits import document_rate_limits

_ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_CDN = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5"


def install_documentation(app: FastAPI, load_services: Callable[[], None]) -> None:
    """Add the documentation's routes; `load_services` makes the document whole before it is first read."""

    @app.get("/openapi.json", include_in_schema=False)
    def openapi_document(request: Request) -> JSONResponse:
        load_services()
        servers = [{"url": request.scope.get("root_path") or "/"}]
        return JSONResponse({**openapi(app), "servers": servers})

    @app.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        root = request.scope.get("root_path", "")
        files = f"{root}/docs/assets" if _offline_files() else _CDN
        return get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title=f"{app.title} API",
            swagger_js_url=f"{files}/swagger-ui-bundle.js",
            swagger_css_url=f"{files}/swagger-ui.css",
            swagger_favicon_url=f"{files}/favicon.png" if _offline_files() else "data:,",
        )

    @app.get("/docs/assets/{name}", include_in_schema=False)
    def asset(name: str) -> FileResponse:
        files = _offline_files()
        if files is None or name not in _ASSETS:
            raise NotFound
        return FileResponse(files / name, media_type=_ASSETS[name])


def openapi(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI document with `Problem` among its schemas and no trace of the framework's own errors."""
    document = deepcopy(app.openapi())  # the framework keeps its own
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs"))
    schemas["Problem"] = schema
    document_idempotency(document)
    document_rate_limits(document)
    for path in document["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                if "application/problem+json" in response.get("content", {}):
                    response["content"] = {MEDIA_TYPE: response["content"][MEDIA_TYPE]}
    return document


def _offline_files() -> Path | None:
    """Where Swagger UI's files lie on a development machine; the image has none and uses a CDN."""
    spec = find_spec("fastapi_offline")
    return Path(spec.origin).parent / "static" if spec and spec.origin else None
