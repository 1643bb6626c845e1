"""Every request a line of JSON, when it has ended; and how many were begun, so that none is lost unseen."""

import json
from time import time
from typing import Any, TextIO

_PROBLEM_TYPE = "urn:coachwork:problem:"
_SHOWN_CHARACTERS = 60


class RequestLog:
    """Writes to `output`; times are seconds since it was made."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._begun_at = time()
        self._begun = 0

    def begin(self) -> None:
        """Note that a request is about to be sent."""
        self._begun += 1

    def on_request(
        self,
        *,
        request_type: str,
        name: str,
        response_time: float,
        start_time: float,
        response: Any = None,
        exception: BaseException | None = None,
        **_: object,
    ) -> None:
        """Write what came of a request: Locust's own event."""
        status = getattr(response, "status_code", 0) or 0
        is_failed = exception is not None or not 200 <= status < 400
        self._write(
            {
                "at": round(start_time - self._begun_at, 3),
                "ms": round(response_time, 2),
                "name": f"{request_type} {name}",
                "status": status,
                "kind": kind_of(status, response, exception) if is_failed else "",
            }
        )

    def beat(self, users: int) -> None:
        """Write how many users there are."""
        self._write({"at": round(time() - self._begun_at, 3), "users": users})

    def made(self, email: str, path: str) -> None:
        """Write what a user made that outlives its account's run."""
        self._write({"made": path, "by": email})

    def end(self) -> None:
        """Write how many requests were begun."""
        self._write({"begun": self._begun})

    def _write(self, line: dict[str, object]) -> None:
        self._output.write(json.dumps(line) + "\n")
        self._output.flush()


def kind_of(status: int, response: Any, exception: BaseException | None) -> str:
    """Return what kind of failure it is: the problem's type, the gateway's words, or why there was no answer."""
    if not status:
        return f"no answer: {_innermost(exception)}"
    try:
        said = json.loads(response.content)
    except (TypeError, ValueError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("type"), str):
        return str(said["type"]).removeprefix(_PROBLEM_TYPE)[:_SHOWN_CHARACTERS]
    if isinstance(said, dict) and isinstance(said.get("message"), str):
        return f"gateway: {said['message']}"[:_SHOWN_CHARACTERS]
    return f"no problem document ({_innermost(exception)})"[:_SHOWN_CHARACTERS] if exception else "no problem document"


def _innermost(exception: BaseException | None) -> str:
    """Return the name of what lies at the bottom of an error of the HTTP client's."""
    if exception is None:
        return "nothing was said"
    seen: list[BaseException] = [exception]
    while (cause := _cause(seen[-1])) is not None and cause not in seen:
        seen.append(cause)
    return type(seen[-1]).__name__


def _cause(exception: BaseException) -> BaseException | None:
    inner = exception.__cause__ or exception.__context__
    if inner is None:
        inner = next((one for one in exception.args if isinstance(one, BaseException)), None)
    return inner
