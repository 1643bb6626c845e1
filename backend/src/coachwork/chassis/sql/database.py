"""The pool, and the roles a session takes: this is where row level security gets its caller."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from psycopg import Connection, DataError, Error, OperationalError, errors
from psycopg.abc import PQGen
from psycopg_pool import ConnectionPool, PoolTimeout

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, Forbidden, InvalidRequest
from coachwork.chassis.identity.errors import AccountGone
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.session import SERVICE_ROLE, Session

RV = TypeVar("RV")
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # its warnings repeat what we raise

_BIND = """
    select set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true),
           set_config('statement_timeout', %(timeout)s, true), set_config('timezone', 'UTC', true)"""
_CONFLICTS = (
    errors.UniqueViolation,
    errors.ForeignKeyViolation,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)
# numbers out of range, NUL bytes, lone surrogates, and values a check constraint refuses
_BAD_VALUES = (DataError, errors.CheckViolation, UnicodeEncodeError)
_GRACE_SECONDS = 1.0
"""How much longer than its own statement timeout the server is waited for."""
_IS_UNSAFE = """
    select rolsuper or rolbypassrls or exists (
        select from pg_class where relowner = pg_roles.oid and relnamespace = 'public'::regnamespace)
    from pg_roles where rolname = session_user"""


class _Lost(OperationalError):
    """The connection was dead before anything was done on it."""


class _TooSlow(OperationalError):
    """The server did not answer in time; the connection is closed, for nobody knows its state."""


class PatientConnection(Connection[tuple[Any, ...]]):
    """A connection that waits for its server so long and no longer.

    The server's own statement timeout ends a slow statement; this ends the wait for a server that hangs, or for a
    network that swallows what is sent.
    """

    patience_seconds = 5.0

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Run one exchange with the server; raises `OperationalError` when it takes too long."""
        try:
            return super().wait(gen, interval, self.patience_seconds if timeout is None else timeout)
        except errors._WaitTimeout as error:
            self.close()
            raise _TooSlow("the server did not answer in time") from error


class Database:
    """Postgres behind a pool; every session is one transaction under a role that row level security binds.

    Prepared statements are off and every setting is transaction-local, so a pooler in transaction mode
    (Supabase's port 6543, PgBouncer) may sit in between. Connections that died idle are replaced unseen, and a server
    that hangs is given up on.

    Args:
        url: a normalised `postgresql://` URL whose login is neither superuser nor owner of the tables.
        pool_size: connections at most.
        timeout_seconds: for connecting, for waiting on the pool, and for a statement.
        require_safe_login: refuse a login that row level security does not bind.
    """

    def __init__(self, url: str, *, pool_size: int, timeout_seconds: float, require_safe_login: bool) -> None:
        self._timeout_seconds = timeout_seconds
        self._require_safe_login = require_safe_login
        self._pool = ConnectionPool(
            url,
            connection_class=PatientConnection,
            kwargs={"prepare_threshold": None, "connect_timeout": max(2, round(timeout_seconds))},
            configure=self._configure,
            min_size=0,
            max_size=pool_size,
            timeout=timeout_seconds,
            reconnect_timeout=timeout_seconds,
            num_workers=1,
            open=True,
        )

    @contextmanager
    def session(self, principal: Principal) -> Iterator[Session]:
        """Yield a transaction that sees and touches only what policies grant `principal`.

        Raises:
            DatabaseUnavailable: nothing was written.
            Conflict: a constraint refused the write; nothing was written.
            AccountGone: the write needs the caller's account, and it was deleted; nothing was written.
            Forbidden: a policy refused the write; nothing was written.
            InvalidRequest: Postgres cannot hold a value; nothing was written.
        """
        claims = {**principal.claims, "sub": str(principal.user_id), "role": "authenticated"}
        with self._transaction("authenticated", claims) as session:
            yield session

    @contextmanager
    def service_session(self) -> Iterator[Session]:
        """Yield a transaction for the chassis's own tables (accounts, throttles); it sees no tenant's rows."""
        with self._transaction(SERVICE_ROLE, {"role": SERVICE_ROLE}) as session:
            yield session

    def ping(self, timeout_seconds: float) -> None:
        """Return when the database answers within the time; raises `DatabaseUnavailable` otherwise."""
        with self._transaction(SERVICE_ROLE, {"role": SERVICE_ROLE}, timeout_seconds) as session:
            session.value("select 1")

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def _transaction(
        self, role: str, claims: dict[str, object], timeout_seconds: float | None = None
    ) -> Iterator[Session]:
        try:
            connection = self._take(self._binding(role, claims), timeout_seconds)
            try:
                with connection:
                    yield Session(connection)
            finally:
                self._pool.putconn(connection)
        except _CONFLICTS as error:
            if _misses_account(error):
                raise AccountGone from error
            raise Conflict from error
        except errors.InsufficientPrivilege as error:
            raise Forbidden from error
        except _BAD_VALUES as error:
            raise InvalidRequest("A value is one the database cannot hold") from error
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable from error

    def _take(self, binding: dict[str, str], timeout_seconds: float | None) -> "PatientConnection":
        """Return a connection whose transaction is bound to a role.

        Nothing was done yet when the first statement finds its connection dead, so it may be done again: on a new
        connection, and without the others that lay idle as long.
        """
        try:
            return self._bound(binding, timeout_seconds)
        except _Lost:
            self._pool.drain()
            return self._bound(binding, timeout_seconds)

    def _bound(self, binding: dict[str, str], timeout_seconds: float | None) -> "PatientConnection":
        connection = self._pool.getconn(timeout_seconds)
        try:
            connection.execute(_BIND, binding)
        except OperationalError as error:
            dead = connection.closed and not isinstance(error, _TooSlow)
            self._pool.putconn(connection)
            if dead:
                raise _Lost from error
            raise
        return connection

    def _binding(self, role: str, claims: dict[str, object]) -> dict[str, str]:
        return {
            "role": role,
            "claims": json.dumps(claims, default=str),
            "timeout": f"{round(self._timeout_seconds * 1000)}ms",
        }

    def _configure(self, connection: "PatientConnection") -> None:
        connection.patience_seconds = self._timeout_seconds + _GRACE_SECONDS
        if self._require_safe_login:
            row = connection.execute(_IS_UNSAFE).fetchone()
            if row is None or row[0]:
                raise OperationalError("the login is a superuser, bypasses row level security, or owns tables")
        connection.commit()


def _misses_account(error: Error) -> bool:
    """Whether a row names an account that is not there, by the name Postgres gives a reference from `user_id` alone.

    The same reference may refuse that the account goes; in any language that message names the table `users` too.
    """
    diagnosis = error.diag
    return (
        isinstance(error, errors.ForeignKeyViolation)
        and diagnosis.constraint_name == f"{diagnosis.table_name}_user_id_fkey"
        and "users" not in re.findall(r"\w+", diagnosis.message_primary or "")
    )
