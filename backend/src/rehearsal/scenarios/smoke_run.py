"""One look at what stands: a smoke test, what the roles were denied meanwhile, and what the functions logged of it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import time

import boto3

from deployment.smoke import Check, Options, Outcome, smoke
from rehearsal.aws.summary import summary_of
from rehearsal.scenarios.dependencies import ADMIN_EMAIL, Dependencies
from rehearsal.scenarios.deployment_server import DeploymentServer
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.function_logs import explanations, logged, summary
from rehearsal.scenarios.statements import FOR_FAILURES
from rehearsal.scenarios.target import Target

_IN_FULL = 3
_INGESTION_SECONDS = 45
"""Enough for two pages on a busy machine."""
_TRIES = 3
"""Nothing here has still to reach all of AWS, as permissions there do."""
_PATIENCE_SECONDS = 10
"""With a document that a missing permission may have stopped."""


class _Enough(Exception):
    """What was looked for has been seen; the rest of the smoke test is left."""


class SmokeRun:
    """Tries a deployment out, as often as asked.

    Args:
        target: what was deployed; says what to expect of it, for a deployment does not judge itself.
        dependencies: where it was deployed.
        server: what serves it.
        session: keys that may read its logs.
    """

    def __init__(
        self, target: Target, dependencies: Dependencies, server: DeploymentServer, session: boto3.Session
    ) -> None:
        self._target = target
        self._surroundings = dependencies
        self._server = server
        self._session = session
        self.requests = 0

    @property
    def options(self) -> Options:
        """What the smoke test is told."""
        return Options(
            admin_email=ADMIN_EMAIL,
            admin_password=self._surroundings.admin_password,
            origin=self._target.origin,
            expects_docs=not self._target.is_production,
            expects_documents=self._target.serves_documents,
            ingestion_seconds=_INGESTION_SECONDS,
            tries=_TRIES,
        )

    def run(self, report: Callable[[Check], None]) -> Outcome:
        """Return how it does in environments that start cold; `report` hears of each check.

        Raises:
            StepFailed: a check failed, or a role was denied something; the message says what, and why.
        """
        begun_ms = int(time() * 1000)
        self._begin()
        outcome = smoke(self._server.url, self.options, report)
        self.requests += outcome.requests
        self._server.abandon() if outcome.failures else self._server.settle()
        authorization = self._surroundings.aws.authorization()
        if outcome.failures or authorization["denied"]:
            words = explanations(logged(self._session, self._surroundings.aws.url, begun_ms))
            words += summary_of({**authorization, "unused": [], "idle": []})
            raise StepFailed("The smoke test", "\n".join([*words, *_failed(outcome)]))
        return outcome

    def is_harmed(self) -> bool:
        """Return whether a check fails or a role is denied something; what comes after that is not tried.

        A denial is looked for after each check: what runs in the background is denied without any check failing.
        """
        self._begin()
        seen = False

        def look(check: Check) -> None:
            nonlocal seen
            self.requests += check.requests
            if seen := bool(seen or check.failure or self._surroundings.aws.authorization()["denied"]):
                raise _Enough

        with suppress(_Enough):
            smoke(self._server.url, replace(self.options, ingestion_seconds=_PATIENCE_SECONDS), look)
        self._server.abandon()
        return seen or bool(self._surroundings.aws.authorization()["denied"])

    def idle_actions(self) -> list[str]:
        """Return the actions of used statements that the last run had no need of."""
        idle = self._surroundings.aws.authorization()["idle"]
        return [f"{one['role']}: {one['sid']}, of which {one['action']}" for one in idle]

    def told(self) -> list[str]:
        """Return how the functions did, and which statements of their roles the last run had no need of."""
        logs = logged(self._session, self._surroundings.aws.url)
        told = [summary(name, lines) for name, lines in logs.items()]
        authorization = self._surroundings.aws.authorization()
        unused = [one for one in authorization["unused"] if one["sid"] not in FOR_FAILURES]
        return told + summary_of({**authorization, "unused": unused})

    def _begin(self) -> None:
        self._server.renew()
        self._surroundings.forget_failed_logins()
        self._surroundings.aws.forget_authorization()


def _failed(outcome: Outcome) -> list[str]:
    """Return the first checks that failed in full, for the others mostly failed of the same; those by name."""
    failures = outcome.failures
    words = [f"{check.name}: {check.failure}" for check in failures[:_IN_FULL]]
    if others := [check.name for check in failures[_IN_FULL:]]:
        words.append(f"and failed as well: {', '.join(others)}")
    return words
