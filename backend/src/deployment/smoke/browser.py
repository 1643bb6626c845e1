"""What a browser needs before a page may call the API, and what it must not give to other pages."""

from deployment.smoke.answer import Answer
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Skipped

_ALLOWED = "access-control-allow-origin"
_REMEDY = "CORS_ORIGINS and the variable cors_origins want the front end's origin"
_LOGIN = "/api/v1/users/login"
_OVER_THE_GATEWAY = 6_500_000
"""Bytes: over what API Gateway can hand to a function (6 MiB), and over the application's largest limit."""


def front_end(context: CheckContext) -> str:
    """The front end's origin may call, and read answers and errors."""
    origin = _origin(context)
    preflight = _preflight(context, origin)
    if preflight.status not in {200, 204}:
        raise preflight.failed(f"answered a page of {origin} with {preflight.status}", _REMEDY)
    _expect_allowed(preflight, origin)
    for name, wanted in (("methods", ("POST",)), ("headers", ("authorization", "content-type"))):
        allowed = preflight.headers.get(f"access-control-allow-{name}", "").lower()
        missing = [one for one in wanted if one.lower() not in allowed]
        if missing and allowed != "*":
            raise preflight.failed(f"answered the preflight without {', '.join(missing)} among its {name}")
    error = context.client.request("GET", "/api/v1/users/me", headers={"Origin": origin}).expect_problem(401)
    _expect_allowed(error, origin)
    if "x-request-id" not in error.headers.get("access-control-expose-headers", "").lower():
        raise error.failed("does not let a page read its X-Request-Id")
    return f"{origin} may call, and read errors"


def foreign_page(context: CheckContext) -> str:
    """A page of another origin is let at nothing."""
    origin = context.options.foreign_origin
    error = context.client.request("GET", "/api/v1/users/me", headers={"Origin": origin}).expect_problem(401)
    for answer in (_preflight(context, origin), error):
        given = answer.headers.get(_ALLOWED)
        if given == "*":
            raise answer.failed("lets every origin in (*)", "set CORS_ORIGINS to the front end's own origin")
        if given == origin:
            raise answer.failed(f"lets {origin} in", "CORS_ORIGINS has it, or every origin is reflected")
    return f"{origin} may not"


def gateway_error(context: CheckContext) -> str:
    """An error the gateway answers by itself can be read by the front end as well."""
    if not context.options.has_gateway:
        raise Skipped("these requests come past the gateway")
    origin = _origin(context)
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    answer = context.client.request("POST", _LOGIN, headers=headers, content=b"x" * _OVER_THE_GATEWAY).expect(413)
    if "apigw-requestid" in answer.headers and answer.gateway_message:
        raise Skipped("an HTTP API's own errors carry no CORS headers, whatever it is told")
    if answer.headers.get(_ALLOWED) != "*" or not answer.gateway_message:
        _expect_allowed(answer, origin)
    by = "API Gateway" if answer.gateway_message else "the application: no gateway stands before it"
    return f"413, by {by}"


def _origin(context: CheckContext) -> str:
    if not context.options.origin:
        raise Skipped("wants the front end's origin: ORIGIN=https://app.example.com")
    return context.options.origin.rstrip("/")


def _preflight(context: CheckContext, origin: str) -> Answer:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    return context.client.request("OPTIONS", "/api/v1/chat/send", headers=asked)


def _expect_allowed(answer: Answer, origin: str) -> None:
    given = answer.headers.get(_ALLOWED)
    if given not in {origin, "*"}:
        said = f"lets in {given}, not {origin}" if given else f"does not let {origin} in: no allow header"
        raise answer.failed(said, _REMEDY)
