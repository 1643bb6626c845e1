"""What an error of the OpenAI SDK means to us: a detail that is safe to show, and whether it may pass.

The vendor's own messages are never quoted: they may hold a part of the key or of the prompt.
"""

from dataclasses import dataclass

import httpx2
import openai

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models.patience import seconds_of

_PASSING = {408, 409, 429}
_CODES = {
    "insufficient_quota": "The account behind OPENAI_API_KEY has no quota left",
    "context_length_exceeded": "The conversation is too long for the language model",
}
_STATUSES = {
    401: "The language model's provider refused the key: check OPENAI_API_KEY",
    403: "OPENAI_API_KEY does not permit this use of the language model",
}


class FormatRefused(ModelUnavailable):
    """The server does not know the response format we asked for; another may do."""


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed. `may_pass` says whether the same request is worth another attempt."""

    detail: str
    may_pass: bool = False
    retry_after_seconds: float | None = None
    error: type[ModelUnavailable] = ModelUnavailable


def failure_of(error: Exception, model_variable: str) -> Failure:
    """Explain what was caught; `model_variable` is the setting that names the model at fault."""
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, model_variable)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return Failure("The language model did not answer in time", may_pass=True)
    if isinstance(error, openai.APIConnectionError | httpx2.RequestError):
        return Failure("The connection to the language model could not be made, or broke", may_pass=True)
    if isinstance(error, openai.OpenAIError):
        return Failure("The language model's client refused the request")
    return Failure("The language model's answer could not be read", may_pass=True)


def _status_failure(error: openai.APIStatusError, model_variable: str) -> Failure:
    code, status = str(error.code or ""), error.status_code
    if code == "model_not_found" or status == 404:
        return Failure(f"The language model's provider does not offer this model: check {model_variable}")
    if detail := _CODES.get(code) or _STATUSES.get(status):
        return Failure(detail)
    if status in _PASSING or status >= 500:
        return _passing_failure(error)
    if "response_format" in f"{error.param} {error.message}":
        return Failure("The language model's provider refused the response format", error=FormatRefused)
    return Failure(f"The language model's provider refused the request (status {status})")


def _passing_failure(error: openai.APIStatusError) -> Failure:
    headers, status = error.response.headers, error.status_code
    milliseconds = seconds_of(headers.get("retry-after-ms"))
    asked = seconds_of(headers.get("retry-after")) if milliseconds is None else milliseconds / 1000
    if status == 429:
        detail = "The language model's provider limits our rate: try again later"
    else:
        detail = f"The language model's provider failed (status {status})"
    return Failure(detail, headers.get("x-should-retry") != "false", asked)
