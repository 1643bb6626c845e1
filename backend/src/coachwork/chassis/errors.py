"""The tree of expected failures; one handler in `chassis/http.py` renders each as problem+json.

    CoachworkError
    ├── ConfigurationError          start-up only: names every bad variable at once
    ├── CallerError                 the caller can mend it
    │   ├── MalformedRequest        400
    │   ├── Unauthenticated         401
    │   ├── Forbidden               403
    │   ├── NotFound                404
    │   ├── MethodNotAllowed        405, says which are allowed
    │   ├── Conflict                409
    │   ├── PreconditionFailed      412
    │   ├── PayloadTooLarge         413
    │   │   └── DocumentTooLarge    it would be, with what is stored already
    │   ├── InvalidRequest          422
    │   └── TooManyRequests         429, says when to come back
    └── DependencyError             503: a part we stand on is down
        ├── DatabaseUnavailable
        ├── DocumentStoreUnavailable
        ├── IdentityUnavailable
        ├── ModelUnavailable
        │   └── OutOfTime           the caller had no more time for it
        ├── ObjectStoreUnavailable
        ├── TasksUnavailable
        └── VectorIndexUnavailable

A service adds its own leaves in its `errors.py`. `detail` goes to the caller, so it never holds a secret,
a stack trace or another user's data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class CoachworkError(Exception):
    """An expected failure: `slug` names its type, `status` is its HTTP status, `detail` is safe to show."""

    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title

    @property
    def headers(self) -> dict[str, str]:
        """The response headers that belong to this failure."""
        return {}


@dataclass(frozen=True)
class VariableProblem:
    """What is wrong with one environment variable, and what it wants."""

    variable: str
    message: str


class ConfigurationError(CoachworkError):
    """The environment does not describe a runnable system; raised once, at start."""

    slug = "configuration-error"
    title = "The configuration is not usable"

    def __init__(self, problems: Sequence[VariableProblem]) -> None:
        self.problems = tuple(problems)
        lines = [f"  {problem.variable}: {problem.message}" for problem in self.problems]
        super().__init__("\n".join([f"{self.title}:", *lines]))


class CallerError(CoachworkError):
    """The request cannot be served as it is; the caller can mend it."""

    status = 400


class MalformedRequest(CallerError):
    """The bytes are not what their content type says."""

    slug = "malformed-request"
    title = "The request could not be read"


class Unauthenticated(CallerError):
    """No token, or one that does not verify."""

    slug = "unauthenticated"
    title = "A valid access token is needed"
    status = 401

    @property
    def headers(self) -> dict[str, str]:
        """RFC 6750: a 401 names the scheme."""
        return {"WWW-Authenticate": "Bearer"}


class Forbidden(CallerError):
    """Known, but not allowed."""

    slug = "forbidden"
    title = "This is not allowed"
    status = 403


class NotFound(CallerError):
    """It does not exist, or it is somebody else's: the answer is the same."""

    slug = "not-found"
    title = "Not found"
    status = 404


class MethodNotAllowed(CallerError):
    """The path is there, but not for this method; `allowed` are those it is there for."""

    slug = "method-not-allowed"
    title = "This path does not take this method"
    status = 405

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__()
        self.allowed = tuple(allowed)

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110: a 405 names every method the path takes."""
        return {"Allow": ", ".join(self.allowed)}


class Conflict(CallerError):
    """The request contradicts what is already there."""

    slug = "conflict"
    title = "This conflicts with what is already there"
    status = 409


class PreconditionFailed(CallerError):
    """The caller saw a version that somebody has changed since."""

    slug = "precondition-failed"
    title = "It was changed meanwhile: read it again, and try with its new ETag"
    status = 412


class PayloadTooLarge(CallerError):
    """The body is larger than the limit."""

    slug = "payload-too-large"
    title = "The request body is too large"
    status = 413


class DocumentTooLarge(PayloadTooLarge):
    """One document of a table would hold more than the 400 KB that the engine keeps in one."""

    slug = "document-too-large"
    title = "This is more than one record can hold"


@dataclass(frozen=True)
class WrongValue:
    """Where a value is wrong, as a JSON Pointer such as `body/sets/0/reps`, and what it wants."""

    location: str
    message: str


class InvalidRequest(CallerError):
    """Readable, but a value is outside what the operation takes; `values` says which, where that is known."""

    slug = "invalid-request"
    title = "The request has invalid values"
    status = 422

    def __init__(self, detail: str | None = None, values: Sequence[WrongValue] = ()) -> None:
        super().__init__(detail)
        self.values = tuple(values)


class TooManyRequests(CallerError):
    """Come back after `retry_after_seconds`."""

    slug = "too-many-requests"
    title = "Too many requests"
    status = 429

    def __init__(self, retry_after_seconds: int, detail: str | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = max(1, retry_after_seconds)

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110: whole seconds until the next try can succeed."""
        return {"Retry-After": str(self.retry_after_seconds)}


class DependencyError(CoachworkError):
    """A part the service stands on is down or too slow; nothing was stored, and a retry may succeed."""

    slug = "dependency-unavailable"
    title = "A part of the service is unavailable"
    status = 503


class DatabaseUnavailable(DependencyError):
    """Postgres refused, timed out, or dropped the connection."""

    slug = "database-unavailable"
    title = "The database is unavailable"


class DocumentStoreUnavailable(DependencyError):
    """The tables of documents did not answer as they should, or have no room for so many requests at once."""

    slug = "document-store-unavailable"
    title = "The document store is unavailable"


class IdentityUnavailable(DependencyError):
    """The identity provider did not answer as it should."""

    slug = "identity-unavailable"
    title = "The identity provider is unavailable"


class ModelUnavailable(DependencyError):
    """The language model or embedder did not answer as it should."""

    slug = "model-unavailable"
    title = "The language model is unavailable"


class OutOfTime(ModelUnavailable):
    """The caller's own deadline came before the model's answer; with more time the same call may succeed."""

    slug = "out-of-time"
    title = "The language model did not answer in the time there was"


class ObjectStoreUnavailable(DependencyError):
    """Object storage did not answer as it should."""

    slug = "object-store-unavailable"
    title = "The object store is unavailable"


class TasksUnavailable(DependencyError):
    """What was to go on after the answer cannot: nobody takes it over."""

    slug = "tasks-unavailable"
    title = "Work that takes longer cannot be taken on at the moment"


class VectorIndexUnavailable(DependencyError):
    """The vector index did not answer as it should."""

    slug = "vector-index-unavailable"
    title = "The vector index is unavailable"
