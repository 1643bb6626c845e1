"""The events of several log groups in the order they happened, and those that are still to come."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.errors import DeploymentError

_SPAN = re.compile(r"(\d+)\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_ABSENT = "ResourceNotFoundException"
_GLANCE_SECONDS = 2.0
_LATE_MS = 15_000
"""How late an event may arrive in CloudWatch and still be shown when following."""


class SpanUnknown(DeploymentError):
    """Nobody can tell since when."""


def since_ms(text: str, now: datetime | None = None) -> int:
    """Return the moment `text` (10m, 2h, 1d, or an ISO 8601 time) means, in milliseconds since 1970.

    Raises:
        SpanUnknown: it means none.
    """
    if found := _SPAN.fullmatch(text.strip()):
        moment = (now or datetime.now(UTC)) - timedelta(**{_UNITS[found[2]]: int(found[1])})
        return int(moment.timestamp() * 1000)
    try:
        return int(datetime.fromisoformat(text.strip()).timestamp() * 1000)
    except ValueError:
        raise SpanUnknown(f"--since {text} is no time: wants 30s, 10m, 2h, 1d or 2026-01-31T12:00") from None


class Tail:
    """Reads log groups.

    Args:
        account: whose.
        groups: names by what to call each.
        words: what an event must hold, such as a request's id; anything when empty.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        account: Account,
        groups: Mapping[str, str],
        words: Sequence[str] = (),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = account.client("logs")
        self._groups = groups
        self._pattern = " ".join(quoted(word) for word in words)
        self._pause = pause

    def events(self, since: int) -> list[tuple[str, dict[str, Any]]]:
        """Return what was logged since then, with what its group is called, oldest first."""
        found = [(name, event) for name, group in self._groups.items() for event in self._of(group, since)]
        return sorted(found, key=lambda one: int(one[1]["timestamp"]))

    def follow(self, since: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what was logged since then and whatever is from now on, for ever."""
        seen: dict[str, int] = {}
        while True:
            for name, event in self.events(since):
                if event["eventId"] not in seen:
                    seen[event["eventId"]] = int(event["timestamp"])
                    since = max(since, int(event["timestamp"]) - _LATE_MS)
                    yield name, event
            seen = {event_id: at for event_id, at in seen.items() if at >= since}
            self._pause(_GLANCE_SECONDS)

    def _of(self, group: str, since: int) -> Iterator[dict[str, Any]]:
        options = {"filterPattern": self._pattern} if self._pattern else {}
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=max(since, 0), **options
        )
        try:
            for page in pages:
                yield from page["events"]
        except ClientError as error:
            if error.response["Error"]["Code"] != _ABSENT:
                raise


def quoted(word: str) -> str:
    """Return a term of CloudWatch's filter language that finds `word` as it is."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
