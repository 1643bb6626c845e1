"""The checks in their order, each timed and counted; what was made is removed however the run ends."""

from collections.abc import Callable
from time import perf_counter

import httpx

from deployment.smoke import (
    accounts,
    browser,
    chat,
    cleanup,
    documentation,
    documents,
    error_responses,
    health,
    profile,
    retrieval,
    videos,
    workouts,
)
from deployment.smoke.client import ApiClient
from deployment.smoke.context import CheckContext
from deployment.smoke.failures import Failed, NotTried, Skipped, Unreachable
from deployment.smoke.outcome import NOT_TRIED, SKIPPED, Check, Options, Outcome

CheckFunction = Callable[[CheckContext], str]
"""Looks at one thing and returns what it saw; raises what `failures` names."""

_FIRST, _LAST, _CLEANUP = "liveness", "guessing passwords", "cleaning up"
_CHECKS: tuple[tuple[str, CheckFunction], ...] = (
    ("health", health.parts),
    ("documentation", documentation.documentation),
    ("account", accounts.account),
    ("profile", profile.profile),
    ("workout", workouts.workout),
    ("log and progress", workouts.log),
    ("another account", accounts.another_account),
    ("chat with citations", chat.chat),
    ("chat that goes on", chat.later),
    ("absent video", videos.no_video),
    ("upload by a user", videos.upload_refused),
    ("upload by an admin", videos.there_and_back),
    ("document's arrival", documents.arrival),
    ("search in documents", retrieval.search),
    ("answer from documents", retrieval.answer),
    ("document's removal", documents.removal),
    ("document sent along", documents.sent_whole),
    ("documents' erasure", documents.erasure),
    ("front end (CORS)", browser.front_end),
    ("foreign page (CORS)", browser.foreign_page),
    ("gateway's own error", browser.gateway_error),
    ("unknown path", error_responses.unknown_path),
    ("wrong method", error_responses.wrong_method),
    ("no token", error_responses.no_token),
    ("bad value", error_responses.bad_value),
    ("large body", error_responses.large_body),
)


class _Run:
    def __init__(self, context: CheckContext, report: Callable[[Check], None]) -> None:
        self._context = context
        self._report = report
        self.done: list[Check] = []

    def check(self, name: str, look: CheckFunction) -> bool:
        """Look, time it, report it; return whether anything else is worth a look."""
        started, before = perf_counter(), self._context.client.requests
        note, failure, goes_on = "", "", True
        try:
            note = look(self._context)
        except Skipped as skipped:
            note = f"{SKIPPED}{skipped}"
        except NotTried as not_tried:
            note = f"{NOT_TRIED}{not_tried}"
        except Failed as failed:
            failure, goes_on = str(failed), not isinstance(failed, Unreachable)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            failure = f"an answer has a shape nobody thought of: {type(error).__name__}: {error}"
        requests = self._context.client.requests - before
        self._context.has_failed |= bool(failure)
        self.tell(Check(name, perf_counter() - started, requests, note, failure))
        return goes_on

    def tell(self, check: Check) -> None:
        """Keep and report a check."""
        self.done.append(check)
        self._report(check)


def smoke(
    url: str, options: Options, report: Callable[[Check], None], transport: httpx.BaseTransport | None = None
) -> Outcome:
    """Run every check against the deployment at `url`; `report` hears of each as it ends.

    `transport` is another way to it than its address, such as a function's Invoke API.

    What the run made is removed at its end, also when an exception such as KeyboardInterrupt cuts it off; then that
    goes on after the removal.

    Raises:
        BadUrl: `url` is none an API can be called at.
    """
    with ApiClient(url, options.timeout_seconds, transport) as client:
        context = CheckContext(client, options)
        run = _Run(context, report)
        if not run.check(_FIRST, health.liveness):
            rest = f"the other {len(_CHECKS) + 2} checks"
            run.tell(Check(rest, 0.0, 0, f"{NOT_TRIED}the application does not answer there", ""))
            return Outcome(tuple(run.done), client.requests)
        try:
            for name, look in _CHECKS:
                run.check(name, look)
        finally:
            run.check(_CLEANUP, cleanup.cleanup)
        if options.guesses_passwords:
            run.check(_LAST, error_responses.guessing)
        return Outcome(tuple(run.done), client.requests)
