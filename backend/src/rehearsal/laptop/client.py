"""Visits the parts over HTTP, as a user would."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from rehearsal.laptop.errors import PartFailed

DEMO_EMAIL = "demo@example.com"
_TIMEOUT_SECONDS = 15.0


@dataclass(frozen=True)
class Answer:
    """A status and what came with it; status 0 is no answer."""

    status: int
    body: Any = None


def ask(port: int, method: str, path: str, body: object = None, timeout: float = _TIMEOUT_SECONDS) -> Answer:
    """Ask 127.0.0.1:`port` and return its answer, the body parsed where it is JSON."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, path, payload, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
    except (OSError, HTTPException):
        return Answer(0)
    finally:
        connection.close()
    try:
        return Answer(response.status, json.loads(content))
    except ValueError:
        return Answer(response.status, content.decode(errors="replace"))


def log_in(port: int, password: str) -> bool:
    """Log the demo account in, registering it when it is new; False when its owner gave it another password.

    Raises:
        PartFailed: the API did neither.
    """
    account = {"email": DEMO_EMAIL, "password": password}
    answer = ask(port, "POST", "/api/v1/users/login", account)
    if answer.status == 401:
        registered = ask(port, "POST", "/api/v1/users/register", account)
        if registered.status == 409:
            return False
        answer = ask(port, "POST", "/api/v1/users/login", account)
    if answer.status != 200:
        raise PartFailed(f"the demo account could not log in: {answer.status} {answer.body}")
    return True
