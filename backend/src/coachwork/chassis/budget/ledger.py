"""The ledger of tokens, in Postgres: reserved before a call, settled after it, so that no two calls slip under a limit.

A day is a day in UTC, by the database's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent

if TYPE_CHECKING:
    from coachwork.chassis.sql.database import Database
    from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class Limits:
    """Tokens a day: of one user, and of all users together."""

    tokens_per_day: int
    tokens_per_day_all: int


@dataclass(frozen=True)
class Spent:
    """What one call used."""

    input_tokens: int = 0
    output_tokens: int = 0
    embedding_tokens: int = 0

    @property
    def tokens(self) -> int:
        """All of them: a budget makes no difference between kinds."""
        return self.input_tokens + self.output_tokens + self.embedding_tokens


@dataclass(frozen=True)
class Reservation:
    """Tokens put aside for a call under way, out of the budget of a day."""

    id: UUID
    day: date


@dataclass(frozen=True)
class DayOfUse:
    """What a user's calls used on a day."""

    day: date
    calls: int
    input_tokens: int
    output_tokens: int
    embedding_tokens: int


@dataclass(frozen=True)
class Standing:
    """How a user's budget stands today; `renews_at` is the next midnight in UTC."""

    today: date
    used: int
    reserved: int
    renews_at: datetime
    renews_in_seconds: int


@dataclass(frozen=True)
class _Room:
    """What is used or reserved of today's tokens, by one user and by all together."""

    mine: int
    everybodys: int
    renews_in_seconds: int


class Ledger:
    """Keeps `coachwork.token_usage`, `token_days` and `token_reservations`; the chassis's role alone may.

    Args:
        hold_seconds: after how long a reservation nobody settled counts no more: longer than any call takes.
    """

    def __init__(self, database: "Database", limits: Limits, *, hold_seconds: float) -> None:
        self._database = database
        self.limits = limits
        self._hold_seconds = hold_seconds

    def reserve(self, user_id: UUID | None, tokens: int) -> Reservation:
        """Put tokens aside for a call; of any number of callers at once none gets what another has.

        Args:
            user_id: who pays; None for what is done for everybody, which only the ceiling of all limits.

        Raises:
            TokenBudgetSpent: the user has fewer left today.
            DailyCeilingReached: everybody together has.
            AccountGone: there is no such user.
        """
        with self._database.service_session() as session:
            _take_turns(session)
            self._require(session, user_id, tokens)
            made = session.one(
                Reservation,
                """
                with old as (
                    delete from coachwork.token_reservations
                    where user_id is not distinct from %(user)s::uuid and day < current_date - 1)
                insert into coachwork.token_reservations (user_id, day, tokens, expires_at)
                values (%(user)s, current_date, %(tokens)s, clock_timestamp() + make_interval(secs => %(hold)s))
                returning id, day
                """,
                {"user": user_id, "tokens": tokens, "hold": self._hold_seconds},
            )
        assert made is not None  # noqa: S101  an insert returns its row
        return made

    def settle(self, reservation: Reservation, spent: Spent) -> None:
        """Count what the call used, on the day it was begun, and put the rest back. To be called once.

        Everybody's sum counts it also when the user's account is gone meanwhile: it was paid for.
        """
        with self._database.service_session() as session:
            session.execute(
                """
                with mine as (delete from coachwork.token_reservations where id = %(id)s returning user_id, day),
                everybody as (update coachwork.token_days set tokens = tokens + %(tokens)s where day = %(day)s)
                insert into coachwork.token_usage as kept
                    (user_id, day, calls, input_tokens, output_tokens, embedding_tokens)
                select user_id, day, 1, %(input)s, %(output)s, %(embedding)s from mine
                where %(tokens)s > 0 and user_id is not null
                on conflict (user_id, day) do update set calls = kept.calls + 1,
                    input_tokens = kept.input_tokens + excluded.input_tokens,
                    output_tokens = kept.output_tokens + excluded.output_tokens,
                    embedding_tokens = kept.embedding_tokens + excluded.embedding_tokens
                """,
                {
                    "id": reservation.id,
                    "input": spent.input_tokens,
                    "output": spent.output_tokens,
                    "embedding": spent.embedding_tokens,
                    "tokens": spent.tokens,
                    "day": reservation.day,
                },
            )

    def require(self, user_id: UUID | None, tokens: int) -> None:
        """Return when as many could be reserved now; raises what `reserve` does. It promises nothing."""
        with self._database.service_session() as session:
            self._require(session, user_id, tokens)

    def standing(self, user_id: UUID) -> Standing:
        """Return how the user's budget stands today."""
        with self._database.service_session() as session:
            return _standing(session, user_id)

    def days(self, user_id: UUID, most: int) -> Sequence[DayOfUse]:
        """Return the days on which the user used anything, of the last `most` days, today first."""
        with self._database.service_session() as session:
            return session.all(
                DayOfUse,
                """
                select day, calls, input_tokens, output_tokens, embedding_tokens from coachwork.token_usage
                where user_id = %(user)s and day > current_date - %(most)s::integer
                order by day desc
                """,
                {"user": user_id, "most": most},
            )

    def _require(self, session: "Session", user_id: UUID | None, tokens: int) -> None:
        room = _room(session, user_id)
        remaining = max(0, self.limits.tokens_per_day - room.mine)
        if user_id and tokens > remaining:
            raise TokenBudgetSpent(
                limit=self.limits.tokens_per_day,
                remaining=remaining,
                wanted=tokens,
                retry_after_seconds=room.renews_in_seconds,
            )
        if tokens > self.limits.tokens_per_day_all - room.everybodys:
            raise DailyCeilingReached(room.renews_in_seconds)


def _take_turns(session: "Session") -> None:
    """Wait for other reservations of today to end; what is read afterwards stays true until the session ends."""
    session.execute(
        """
        insert into coachwork.token_days as today (day) values (current_date)
        on conflict (day) do update set tokens = today.tokens
        """
    )


def _standing(session: "Session", user_id: UUID) -> Standing:
    found = session.one(
        Standing,
        """
        select current_date as today,
               coalesce((select input_tokens + output_tokens + embedding_tokens from coachwork.token_usage
                         where user_id = %(user)s and day = current_date), 0) as used,
               (select coalesce(sum(tokens), 0)::bigint from coachwork.token_reservations
                where user_id = %(user)s and day = current_date and expires_at > clock_timestamp()) as reserved,
               (current_date + 1)::timestamptz as renews_at,
               ceil(extract(epoch from (current_date + 1)::timestamptz - clock_timestamp()))::integer
                   as renews_in_seconds
        """,
        {"user": user_id},
    )
    assert found is not None  # noqa: S101  a select without a table has a row
    return found


def _room(session: "Session", user_id: UUID | None) -> _Room:
    found = session.one(
        _Room,
        """
        select coalesce((select input_tokens + output_tokens + embedding_tokens from coachwork.token_usage
                         where user_id = %(user)s and day = current_date), 0)
                   + coalesce(sum(tokens) filter (where user_id = %(user)s), 0)::bigint as mine,
               coalesce((select tokens from coachwork.token_days where day = current_date), 0)
                   + coalesce(sum(tokens), 0)::bigint as everybodys,
               ceil(extract(epoch from (current_date + 1)::timestamptz - clock_timestamp()))::integer
                   as renews_in_seconds
        from coachwork.token_reservations where day = current_date and expires_at > clock_timestamp()
        """,
        {"user": user_id},
    )
    assert found is not None  # noqa: S101  a sum without groups has a row
    return found
