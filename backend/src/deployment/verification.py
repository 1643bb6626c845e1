"""The smoke test of a deployment: of a version no caller has yet, or of what callers get."""

from collections.abc import Sequence
from dataclasses import replace

import httpx

from deployment.context import Context
from deployment.errors import ReleaseFailed
from deployment.invocation.event import ApiEndpoint
from deployment.invocation.transport import InvokeTransport, random_source_ip
from deployment.release.functions import Function
from deployment.smoke import Check, Options, Outcome, smoke
from deployment.steps import Note

_IN_FULL = 3


class Verification:
    """Runs the smoke test.

    Args:
        context: what the command works with.
        url: the API's invoke URL; API_URL says where its callers reach it, if elsewhere.
        routes: the beginnings of paths, and the keys of the functions that take them.
    """

    def __init__(self, context: Context, url: str, routes: dict[str, str]) -> None:
        self._context = context
        self._url = url
        self._routes = routes

    def verify_versions(self, functions: Sequence[Function], note: Note) -> None:
        """Return when the versions published last do all that is expected of them, asked past the alias.

        Raises:
            ReleaseFailed: they do not.
        """
        by_key = {function.key: (function.name, function.version) for function in functions}
        endpoint = ApiEndpoint(self._url, self._context.environment.protocol, random_source_ip())
        routes = {prefix: by_key[key] for prefix, key in self._routes.items()}
        self._run(self._url, note, InvokeTransport(self._context.account, endpoint, routes))

    def verify_live(self, note: Note) -> None:
        """Return when the API does all that is expected of it, as its callers reach it.

        Raises:
            ReleaseFailed: it does not.
        """
        self._run(self._context.shell.get("API_URL", "").strip() or self._url, note, None)

    def _run(self, url: str, note: Note, transport: httpx.BaseTransport | None) -> None:
        options = replace(self._options(), has_gateway=transport is None)
        outcome = smoke(url, options, lambda check: note(check.name), transport)
        if outcome.failures:
            raise ReleaseFailed(_failed(outcome))
        skipped = f", {len(_skipped(outcome))} skipped" if _skipped(outcome) else ""
        note(f"{len(outcome.checks)} checks, {outcome.requests} requests{skipped}")

    def _options(self) -> Options:
        environment, shell = self._context.environment, self._context.shell
        return Options(
            admin_email=shell.get("SMOKE_ADMIN_EMAIL", ""),
            admin_password=shell.get("SMOKE_ADMIN_PASSWORD", ""),
            admin_token=shell.get("SMOKE_ADMIN_TOKEN", "").strip(),
            email=shell.get("SMOKE_EMAIL", ""),
            password=shell.get("SMOKE_PASSWORD", ""),
            origin=environment.origin,
            expects_docs=not environment.is_production,
            expects_documents="knowledge" in environment.services,
            guesses_passwords=False,
        )


def _skipped(outcome: Outcome) -> list[Check]:
    return [check for check in outcome.checks if check.is_skipped]


def _failed(outcome: Outcome) -> str:
    """Return the first checks that failed in full, for the others mostly failed of the same; those by name."""
    failures = outcome.failures
    words = [f"{check.name}: {check.failure}" for check in failures[:_IN_FULL]]
    if others := [check.name for check in failures[_IN_FULL:]]:
        words.append(f"and failed as well: {', '.join(others)}")
    return "\n".join(words)
