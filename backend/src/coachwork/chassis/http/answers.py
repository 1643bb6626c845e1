"""Answers kept under idempotency keys, for all instances together: who works on a key, and what came of it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from coachwork.chassis.errors import Conflict, InvalidRequest

if TYPE_CHECKING:
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.sql.session import Session

KEPT = timedelta(hours=24)
"""How long an answer is kept."""

_PURGED_AT_ONCE = 100
_LONGEST_RETRY_SECONDS = 5


class IdempotencyKeyReused(InvalidRequest):
    """The key was used for a request with another body or query."""

    slug = "idempotency-key-reused"
    title = "This Idempotency-Key belongs to another request: take a new one"


class StillInProgress(Conflict):
    """The first request with this key has not ended yet."""

    slug = "request-in-progress"
    title = "The first request with this Idempotency-Key is still in progress"

    def __init__(self, retry_after_seconds: int = 1) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds

    @property
    def headers(self) -> dict[str, str]:
        """RFC 9110: whole seconds until it is worth asking again."""
        return {"Retry-After": str(self.retry_after_seconds)}


class AnswerNotKept(Conflict):
    """The first request with this key was done, and its answer was too large to keep."""

    slug = "answer-not-kept"
    title = "This was done before, and its answer was too large to be kept"

    def __init__(self, location: str | None) -> None:
        super().__init__()
        self.location = location

    @property
    def headers(self) -> dict[str, str]:
        """Where to read what was made, if the answer said so."""
        return {"Location": self.location} if self.location else {}


@dataclass(frozen=True)
class Attempt:
    """One try at a request: whose it is, what names it, and what it carries."""

    id: UUID
    user_id: UUID
    request_sha256: bytes
    content_sha256: bytes

    @classmethod
    def at(cls, user_id: UUID, *, operation: str, key: str, query: bytes, body: bytes) -> "Attempt":
        """Return a new attempt; `operation` is method and path."""
        request = sha256(f"{operation}\n{key}".encode(errors="replace"))
        content = sha256(len(query).to_bytes(8, "big") + query + body)
        return cls(uuid4(), user_id, request.digest(), content.digest())


@dataclass(frozen=True)
class Answer:
    """What a request was answered; `body` is None when it was too large to keep."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes | None


@dataclass(frozen=True)
class _Row:
    content_sha256: bytes
    locked_until: datetime
    status: int | None
    headers: Sequence[tuple[str, str]] | None
    body: bytes | None


class Answers:
    """Keeps answers in `coachwork.idempotency_keys`, a day each.

    One statement takes a key, so of two requests at once, wherever they run, one works and the other is told to wait.
    A key whose worker died is free again when its lock has run out.
    """

    def __init__(self, database: "Database", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def begin(self, attempt: Attempt, *, lock_seconds: float) -> Answer | None:
        """Take the key for an attempt and return None, or return what the first attempt was answered.

        Raises:
            IdempotencyKeyReused: the key stands for another body or query.
            StillInProgress: another attempt works on it.
        """
        with self._database.service_session() as session:
            if self._take(session, attempt, timedelta(seconds=lock_seconds)):
                self._purge(session)
                return None
            kept = session.one(
                _Row,
                """select content_sha256, locked_until, status, headers, body from coachwork.idempotency_keys
                where user_id = %(user_id)s and request_sha256 = %(request)s""",
                {"user_id": attempt.user_id, "request": attempt.request_sha256},
            )
        return self._answer(attempt, kept)

    def keep(self, attempt: Attempt, answer: Answer) -> None:
        """Store what the attempt was answered, unless its lock ran out and another attempt took the key."""
        with self._database.service_session() as session:
            session.execute(
                """update coachwork.idempotency_keys
                set status = %(status)s, headers = %(headers)s::jsonb, body = %(body)s
                where user_id = %(user_id)s and request_sha256 = %(request)s and attempt_id = %(attempt)s""",
                {
                    "status": answer.status,
                    "headers": json.dumps(answer.headers),
                    "body": answer.body,
                    **_named(attempt),
                },
            )

    def free(self, attempt: Attempt) -> None:
        """Give the key back: the attempt came to nothing, and the next one may try again."""
        with self._database.service_session() as session:
            session.execute(
                """delete from coachwork.idempotency_keys
                where user_id = %(user_id)s and request_sha256 = %(request)s and attempt_id = %(attempt)s""",
                _named(attempt),
            )

    def _take(self, session: "Session", attempt: Attempt, lock: timedelta) -> bool:
        now = self._clock()
        taken = session.execute(
            """insert into coachwork.idempotency_keys as kept
                (user_id, request_sha256, content_sha256, attempt_id, locked_until, expires_at)
            values (%(user_id)s, %(request)s, %(content)s, %(attempt)s, %(locked_until)s, %(expires_at)s)
            on conflict (user_id, request_sha256) do update set
                content_sha256 = excluded.content_sha256, attempt_id = excluded.attempt_id,
                locked_until = excluded.locked_until, expires_at = excluded.expires_at,
                status = null, headers = null, body = null
            where kept.expires_at <= %(now)s
               or (kept.status is null and kept.locked_until <= %(now)s
                   and kept.content_sha256 = excluded.content_sha256)""",
            {
                "content": attempt.content_sha256,
                "now": now,
                "locked_until": now + lock,
                "expires_at": now + KEPT,
                **_named(attempt),
            },
        )
        return taken > 0

    def _answer(self, attempt: Attempt, kept: _Row | None) -> Answer:
        if kept is None:  # given back this very moment
            raise StillInProgress
        if kept.content_sha256 != attempt.content_sha256:
            raise IdempotencyKeyReused
        if kept.status is None:
            left = ceil((kept.locked_until - self._clock()).total_seconds())
            raise StillInProgress(max(1, min(left, _LONGEST_RETRY_SECONDS)))
        return Answer(kept.status, [(name, value) for name, value in kept.headers or ()], kept.body)

    def _purge(self, session: "Session") -> None:
        """Delete some answers that are too old; it skips what others hold, so it waits for nobody."""
        session.execute(
            """delete from coachwork.idempotency_keys where (user_id, request_sha256) in (
                select user_id, request_sha256 from coachwork.idempotency_keys where expires_at <= %(now)s
                limit %(most)s for update skip locked)""",
            {"now": self._clock(), "most": _PURGED_AT_ONCE},
        )


def _named(attempt: Attempt) -> dict[str, object]:
    return {"user_id": attempt.user_id, "request": attempt.request_sha256, "attempt": attempt.id}
