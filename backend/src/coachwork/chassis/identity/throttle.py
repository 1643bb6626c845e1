"""Slows guessing down: failed sign-ins are counted for each account and each address, for all instances together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import ceil

from coachwork.chassis.errors import TooManyRequests
from coachwork.chassis.identity.errors import InvalidCredentials
from coachwork.chassis.networks import network_of
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session

_WINDOW_SECONDS = 900
_PURGED_AT_ONCE = 100


@dataclass(frozen=True)
class Limits:
    """How many failures a window of `window_seconds` bears before it closes; it opens with the first of them."""

    per_account: int = 5
    per_address: int = 20
    registrations_per_address: int = 20
    window_seconds: int = _WINDOW_SECONDS


class LoginThrottle:
    """Counts in `coachwork.login_attempts`; subjects are stored as digests, never in clear.

    An attempt is counted before the password is looked at and given back unless it failed, so a burst of
    parallel guesses gets no further than as many in a row.
    """

    def __init__(
        self,
        database: Database,
        *,
        limits: Limits | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._limits = limits or Limits()
        self._window = timedelta(seconds=self._limits.window_seconds)
        self._clock = clock

    @contextmanager
    def sign_in(self, email: str, address: str) -> Iterator[None]:
        """Guard one attempt to sign in: success clears the account's count, `InvalidCredentials` keeps it.

        Raises:
            TooManyRequests: the account or the address has failed too often; nothing was tried.
        """
        account, caller = _digest("account", email), _digest("address", network_of(address))
        with self._database.service_session() as session:
            self._count(session, account, self._limits.per_account)
            self._count(session, caller, self._limits.per_address)
            self._purge(session)
        try:
            yield
        except InvalidCredentials:
            raise
        except BaseException:
            self._give_back(account, caller)
            raise
        self._clear(account, caller)

    def register(self, address: str) -> None:
        """Count one registration; raises `TooManyRequests` when the address has made too many."""
        subject = _digest("registration", network_of(address))
        with self._database.service_session() as session:
            self._count(session, subject, self._limits.registrations_per_address)
            self._purge(session)

    def _count(self, session: Session, subject: bytes, limit: int) -> None:
        """Add one, unless the window is full; raising takes the counts of the same attempt back."""
        now = self._clock()
        counted = session.value(
            """insert into coachwork.login_attempts as kept (subject_sha256, window_start, failures)
            values (%(subject)s, %(now)s, 1)
            on conflict (subject_sha256) do update set
                failures = case when kept.window_start <= %(oldest)s then 1 else kept.failures + 1 end,
                window_start = case when kept.window_start <= %(oldest)s then %(now)s else kept.window_start end
            where kept.window_start <= %(oldest)s or kept.failures < %(limit)s
            returning failures""",
            {"subject": subject, "now": now, "oldest": now - self._window, "limit": limit},
        )
        if counted is None:
            opened = session.value(
                "select window_start from coachwork.login_attempts where subject_sha256 = %(subject)s",
                {"subject": subject},
            )
            raise TooManyRequests(
                ceil((opened + self._window - now).total_seconds()), "Too many attempts: wait, then retry"
            )

    def _give_back(self, *subjects: bytes) -> None:
        with self._database.service_session() as session:
            for subject in subjects:
                _take_one(session, subject)

    def _clear(self, account: bytes, caller: bytes) -> None:
        with self._database.service_session() as session:
            session.execute(
                "delete from coachwork.login_attempts where subject_sha256 = %(account)s",
                {"account": account},
            )
            _take_one(session, caller)

    def _purge(self, session: Session) -> None:
        """Delete some closed windows; it comes last and skips what others hold, so it waits for nobody."""
        session.execute(
            """delete from coachwork.login_attempts where subject_sha256 in (
                select subject_sha256 from coachwork.login_attempts where window_start <= %(oldest)s
                limit %(most)s for update skip locked)""",
            {"oldest": self._clock() - self._window, "most": _PURGED_AT_ONCE},
        )


def _take_one(session: Session, subject: bytes) -> None:
    session.execute(
        """update coachwork.login_attempts set failures = greatest(failures - 1, 0)
        where subject_sha256 = %(subject)s""",
        {"subject": subject},
    )


def _digest(kind: str, subject: str) -> bytes:
    return sha256(f"{kind}:{subject}".encode(errors="replace")).digest()
