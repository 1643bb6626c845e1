"""RFC 9457 problem details: the one shape of every failure, and how OpenAPI documents it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from coachwork.chassis.errors import (
    CoachworkError,
    DependencyError,
    InvalidRequest,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    PayloadTooLarge,
)
from coachwork.chassis.observability.logs import logger

MEDIA_TYPE = "application/problem+json"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class FieldProblem(BaseModel):
    """Where a value is wrong, as a JSON Pointer into `body`, `query`, `path` or `header`, and what it wants."""

    location: str = Field(examples=["body/sets/0/reps"])
    message: str = Field(examples=["Input should be greater than or equal to 1"])


class Problem(BaseModel):
    """RFC 9457 problem details; `instance` is the request's id, to quote when asking for help."""

    type: str = Field(examples=["urn:coachwork:problem:not-found"])
    title: str = Field(examples=["Not found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no workout with this id"])
    instance: str = Field(examples=["6f1c0a52-5a8c-4a39-9a53-3c2f5f7a8f10"])
    errors: list[FieldProblem] | None = None


def documented(*errors: type[CoachworkError]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of these failures, for a route's or router's `responses`."""
    titles: dict[int, list[str]] = {}
    for error in errors:
        titles.setdefault(error.status, []).append(error.title)
    return {
        status: {"description": "; ".join(texts), "content": {MEDIA_TYPE: {"schema": _REFERENCE}}}
        for status, texts in titles.items()
    }


_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def problem_of(instance: str, error: CoachworkError, fields: Sequence[FieldProblem] = ()) -> Problem:
    """Return what is told of an expected failure; `instance` names the request it happened to."""
    return Problem(
        type=f"urn:coachwork:problem:{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=instance,
        errors=list(fields) or None,
    )


def stored_problem(subject_id: UUID, error: CoachworkError) -> dict[str, Any]:
    """Return an expected failure as it is stored with what it happened to, and shown later."""
    return problem_of(str(subject_id), error).model_dump(exclude_none=True)


class ProblemResponse(JSONResponse):
    """A problem, which the line that the log has of the request names."""

    media_type = MEDIA_TYPE

    def __init__(self, problem: Problem, slug: str, headers: Mapping[str, str]) -> None:
        super().__init__(problem.model_dump(exclude_none=True), problem.status, headers=headers)
        self._slug = slug

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        scope.setdefault("state", {})["problem"] = self._slug
        await super().__call__(scope, receive, send)


def problem_response(request_id: str, error: CoachworkError, fields: Sequence[FieldProblem] = ()) -> ProblemResponse:
    """Render an expected failure."""
    return ProblemResponse(problem_of(request_id, error, fields), error.slug, error.headers)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every failure of `app` a problem."""
    app.add_exception_handler(CoachworkError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def _expected(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CoachworkError)  # noqa: S101  registered for this type
    if isinstance(error, DependencyError):
        logger.warning("dependency unavailable", problem=error.slug, cause=type(error.__cause__).__name__)
    values = error.values if isinstance(error, InvalidRequest) else ()
    fields = [FieldProblem(location=value.location, message=value.message) for value in values]
    return problem_response(request.state.request_id, error, fields)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for this type
    items = error.errors()
    if any(item["type"] == "json_invalid" for item in items):
        return problem_response(request.state.request_id, MalformedRequest("The body is not valid JSON"))
    fields = [
        FieldProblem(location=_pointer(item["loc"]), message=str(item["msg"]).removeprefix("Value error, "))
        for item in items
    ]
    return problem_response(
        request.state.request_id, InvalidRequest(f"{len(fields)} value(s) are not acceptable"), fields
    )


def _http(request: Request, error: Exception) -> JSONResponse:
    """Render what the framework itself refuses: no such route, method, a body over the limit."""
    assert isinstance(error, HTTPException)  # noqa: S101  registered for this type
    request_id = request.state.request_id
    if error.status_code == MethodNotAllowed.status:
        return problem_response(request_id, MethodNotAllowed(_allowed_methods(request)))
    if error.status_code == NotFound.status:
        return problem_response(request_id, NotFound("There is nothing at this path"))
    refusal = PayloadTooLarge if error.status_code == PayloadTooLarge.status else MalformedRequest
    return problem_response(request_id, refusal(error.detail))


def _allowed_methods(request: Request) -> list[str]:
    """Return what the path does take: the framework names the methods of its first route alone."""
    scope = dict(request.scope)
    routes: list[BaseRoute] = request.app.router.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def _pointer(location: Sequence[str | int]) -> str:
    """Return a JSON Pointer, without the names the validator gives to its own inner types."""
    parts = [str(part) for part in location if "[" not in str(part)]
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)
