"""What can be broken in a deployment, and which check tells."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.deployment.smoke.deployment import ORIGIN
from tests.deployment.smoke.proxy import Answer, Proxy, Request

FOREIGN = "https://attacker.example"
OTHER_BYTES = "/other-bytes"
STACK_TRACE = b"Traceback (most recent call last):\n  File ..."


_PROBLEM = {"type": "urn:coachwork:problem:internal-error", "title": "Something went wrong", "status": 500}


def change(answer: Answer, changing: Callable[[Any], object], status: int = 0) -> None:
    """Change the JSON of an answer in place, and its status if one is given."""
    answer.status = status or answer.status
    content = json.loads(answer.body)
    changing(content)
    answer.body = json.dumps(content).encode()


def fail(answer: Answer) -> None:
    """Make it the application's own 500."""
    problem = {**_PROBLEM, "detail": "Something went wrong", "instance": answer.headers["x-request-id"]}
    answer.status, answer.body = 500, json.dumps(problem).encode()
    answer.headers["content-type"] = "application/problem+json"


def fail_first(proxy: Proxy, answer: Answer) -> None:
    """Make the first answer of all the gateway's own, which got none of the function."""
    if len(proxy.requests) == 1:
        answer.status, answer.body = 502, b'{"message":"Internal server error"}'


def serve_other_bytes(proxy: Proxy, answer: Answer) -> None:
    """Answer with bytes nobody stored."""
    answer.status, answer.body = 200, b"other"


@dataclass(frozen=True)
class Breakage:
    """Answers of `status` (0 is any) to requests that match, and what is done to them."""

    request: str
    status: int
    breaking: Callable[[Proxy, Answer], object]
    origin: str = ".*"

    def breaks(self, proxy: Proxy, request: Request, answer: Answer) -> None:
        """Break the answer if it is meant."""
        asked = f"{request.method} {request.path.partition('?')[0]}"
        meant = re.fullmatch(self.request, asked) and re.fullmatch(self.origin, request.headers.get("Origin", ""))
        if meant and self.status in {0, answer.status}:
            self.breaking(proxy, answer)


BREAKAGES = (
    Breakage("GET /health", 200, fail_first),
    Breakage(
        "GET /api/v1/health/",
        200,
        lambda _, answer: change(answer, lambda health: health.update(status="unavailable", rag="empty"), status=503),
    ),
    Breakage("GET /api/v1/workouts-db/[0-9a-f-]{36}", 404, lambda _, answer: setattr(answer, "status", 200)),
    Breakage("PUT /api/v1/profile", 200, lambda _, answer: fail(answer)),
    Breakage(
        "GET /api/v1/workouts-db/progress",
        200,
        lambda _, answer: change(answer, lambda found: found["exercises"][0]["best_epley"].update(estimate_kg=133.3)),
    ),
    Breakage("GET /api/v1/workouts-db/", 401, lambda _, answer: answer.headers.pop("www-authenticate")),
    Breakage("POST /api/v1/chat/send", 200, lambda _, answer: change(answer, lambda turn: turn["citations"].clear())),
    Breakage("POST /api/v1/chat/send", 202, lambda _, answer: answer.headers.pop("location")),
    Breakage("OPTIONS .*", 0, lambda _, answer: answer.headers.pop("access-control-allow-origin"), origin=ORIGIN),
    Breakage(
        "GET /api/v1/users/me",
        401,
        lambda _, answer: answer.headers.update({"access-control-allow-origin": FOREIGN}),
        origin=FOREIGN,
    ),
    Breakage(
        "GET /api/v1/videos/smoke/.*",
        200,
        lambda proxy, answer: change(answer, lambda video: video.update(url=proxy.url + OTHER_BYTES)),
    ),
    Breakage(f"GET {OTHER_BYTES}", 404, serve_other_bytes),
    Breakage("GET /api/v1/documents", 200, lambda _, answer: change(answer, lambda found: found["items"].clear())),
    Breakage(
        "POST /api/v1/knowledge/search",
        200,
        lambda _, answer: change(answer, lambda found: [hit.update(page=7) for hit in found["items"]]),
    ),
    Breakage(
        "POST /api/v1/knowledge/chat",
        200,
        lambda _, answer: change(answer, lambda turn: turn["citations"][0].update(excerpt="Nobody said that.")),
    ),
    Breakage(
        "GET /api/v1/documents/.*/download",
        200,
        lambda proxy, answer: change(answer, lambda download: download.update(url=proxy.url + OTHER_BYTES)),
    ),
    Breakage("DELETE /api/v1/knowledge", 200, lambda _, answer: change(answer, lambda gone: gone.update(documents=0))),
    Breakage("GET /api/v1/nothing.*", 404, lambda _, answer: setattr(answer, "body", STACK_TRACE)),
    Breakage("POST /api/v1/users/login", 429, lambda _, answer: answer.headers.pop("retry-after")),
    Breakage("POST /api/v1/users/login", 413, lambda _, answer: answer.headers.update({"content-type": "text/plain"})),
)
"""One broken answer of each of many checks."""
