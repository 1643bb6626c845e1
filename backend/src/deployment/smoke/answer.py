"""An answer, and what a check may ask of it; whatever is wrong with it fails with the request that got it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from deployment.smoke.failures import Failed
from deployment.smoke.hints import hint_for_gateway_error, hint_for_problem

T = TypeVar("T")
PROBLEM = "application/problem+json"
_PROBLEM_TYPE = "urn:coachwork:problem:"
_SHOWN_CHARACTERS = 200


@dataclass(frozen=True)
class Answer:
    """A status, headers by lower-case name, and a body; `request` is the method and path it answers."""

    request: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def gateway_message(self) -> str:
        """The message of an answer API Gateway gave by itself; empty for any other."""
        found = self._parsed()
        return str(found["message"]) if isinstance(found, dict) and list(found) == ["message"] else ""

    def expect(self, *statuses: int) -> Self:
        """Return the answer; raises `Failed` unless its status is one of these."""
        if self.status not in statuses:
            wanted = " or ".join(str(status) for status in statuses)
            raise self.failed(f"answered {self.status} where {wanted} was expected")
        return self

    def expect_problem(self, status: int) -> Self:
        """Return the answer; raises `Failed` unless it is a whole problem of this status with its request id."""
        self.expect(status)
        if self.media_type != PROBLEM:
            raise self.failed(f"answered {status} as {self.media_type or 'nothing'} where {PROBLEM} was expected")
        if self.at("status") != status:
            raise self.failed(f"answered {status} with a problem that says {self.at('status')}")
        missing = [name for name in ("type", "title", "detail", "instance") if not self.text(name)]
        if missing:
            raise self.failed(f"answered with a problem without {' and '.join(missing)}")
        if self.text("instance") != self.headers.get("x-request-id"):
            raise self.failed("answered with a problem that does not name its X-Request-Id")
        return self

    def at(self, *path: str | int) -> Any:
        """Return the value there in the JSON body; raises `Failed` when there is none."""
        found = self._parsed()
        for step in path:
            try:
                found = found[step]
            except (KeyError, IndexError, TypeError):
                where = ".".join(str(one) for one in path)
                raise self.failed(f"answered {self.status} without {where}") from None
        if not path and found is None:
            raise self.failed(f"answered {self.status} with what is not JSON")
        return found

    def text(self, *path: str | int) -> str:
        """Return the text there."""
        return self._of_type(str, "text", path)

    def items(self, *path: str | int) -> Sequence[Any]:
        """Return the list there."""
        return self._of_type(list, "a list", path)

    def mapping(self, *path: str | int) -> Mapping[str, Any]:
        """Return the object there."""
        return self._of_type(dict, "an object", path)

    def equal(self, expected: object, *path: str | int) -> None:
        """Raises `Failed` unless the value there is `expected`."""
        found = self.at(*path)
        if found != expected:
            where = ".".join(str(one) for one in path)
            raise self.failed(f"says {where} is {_short(found)} where {_short(expected)} was expected")

    def failed(self, what: str, meaning: str = "") -> Failed:
        """Return the failure `what` of this request, with all that helps to find its cause."""
        lines = [f"{self.request} {what}", self._said(), self._id(), meaning or self._meaning()]
        return Failed("\n".join(line for line in lines if line))

    def _of_type(self, kind: type[T], name: str, path: Sequence[str | int]) -> T:
        found = self.at(*path)
        if not isinstance(found, kind):
            where = ".".join(str(one) for one in path) or "the body"
            raise self.failed(f"answered {self.status} with {where} that is not {name}")
        return found

    def _parsed(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def _said(self) -> str:
        """Return the problem's own words; of any other refusal, its beginning."""
        if self.status < 400:
            return ""
        found = self._parsed()
        if isinstance(found, dict) and "title" in found:
            title, detail = (_short(found.get(name, "")).strip('"') for name in ("title", "detail"))
            return title if detail in {title, ""} else f"{title}: {detail}"
        return printable(self.body[:_SHOWN_CHARACTERS].decode(errors="replace"))

    def _id(self) -> str:
        names = ("X-Request-Id", "x-amzn-RequestId", "Apigw-Requestid")
        found = [f"{name}: {printable(self.headers[name.lower()])}" for name in names if name.lower() in self.headers]
        retry = self.headers.get("retry-after")
        return ", ".join([*found[:1], *([f"Retry-After: {printable(retry)} s"] if retry else [])])

    def _meaning(self) -> str:
        if self.status < 400:
            return ""
        if self.gateway_message:
            return hint_for_gateway_error(self.status, self.gateway_message)
        found = self._parsed()
        kind = str(found.get("type", "")) if isinstance(found, dict) else ""
        return hint_for_problem(kind.removeprefix(_PROBLEM_TYPE))


def printable(text: str) -> str:
    """Return `text` on one line, without what a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _short(value: object) -> str:
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
