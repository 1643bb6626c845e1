"""How it refuses: every failure a problem with a request id, whatever was wrong."""

import secrets

from deployment.smoke.accounts import try_as_stranger
from deployment.smoke.context import CheckContext

_LIMITS_BYTES = (1_000_000, 6_000_000)
"""What MAX_REQUEST_BYTES is unless set, and the most it can be."""
_MOST_FAILURES = 5
"""How many failed sign-ins an account is allowed in a quarter of an hour."""


def unknown_path(context: CheckContext) -> str:
    """404 where nothing is."""
    context.client.request("GET", f"/api/v1/nothing-{context.mark}").expect_problem(404)
    return "404"


def wrong_method(context: CheckContext) -> str:
    """405 names what is allowed."""
    answer = context.client.request("DELETE", "/api/v1/users/login").expect_problem(405)
    allowed = answer.headers.get("allow", "")
    if "POST" not in allowed:
        raise answer.failed("answered 405 without naming POST in Allow")
    return f"405, allows {allowed}"


def no_token(context: CheckContext) -> str:
    """401 names the scheme; API Gateway gives that header another name."""
    answer = context.client.request("GET", "/api/v1/workouts-db/").expect_problem(401)
    names = ("www-authenticate", "x-amzn-remapped-www-authenticate")
    if not any("bearer" in answer.headers.get(name, "").lower() for name in names):
        raise answer.failed("answered 401 without naming Bearer in WWW-Authenticate")
    return "401, wants Bearer"


def bad_value(context: CheckContext) -> str:
    """422 says where the value is."""
    body = {"email": "nobody", "password": secrets.token_urlsafe(16)}
    answer = context.client.request("POST", "/api/v1/users/register", body).expect_problem(422)
    answer.equal("body/email", "errors", 0, "location")
    return "422, names body/email"


def large_body(context: CheckContext) -> str:
    """413 over the limit, whichever it is."""
    headers = {"Content-Type": "application/json"}
    for limit in _LIMITS_BYTES:
        answer = context.client.request("POST", "/api/v1/users/login", headers=headers, content=b"x" * (limit + 1))
        if answer.status == 413:
            break
    answer.expect_problem(413)
    return f"413 over {limit / 1e6:g} MB"


def guessing(context: CheckContext) -> str:
    """429 says when to come back; tried with an address nobody has, after everything else."""
    while (answer := try_as_stranger(context)).status != 429:
        answer.expect_problem(401)
        if context.strangers_failures > _MOST_FAILURES:
            raise answer.failed(f"lets passwords be guessed: {context.strangers_failures} failures, and no end")
    seconds = answer.expect_problem(429).headers.get("retry-after", "")
    if not seconds.isdecimal() or int(seconds) < 1:
        raise answer.failed("answered 429 without a Retry-After in seconds")
    failures = "1 failure" if context.strangers_failures == 1 else f"{context.strangers_failures} failures"
    return f"429 after {failures}, come back in {seconds} s"
