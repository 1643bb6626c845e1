"""The pool, and the roles a session takes: this is where row level security gets its caller."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection, DataError, OperationalError, errors
from psycopg_pool import ConnectionPool, PoolTimeout

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, Forbidden, InvalidRequest
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.session import Session

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
_SERVICE_ROLE = "coachwork_service"
_IS_UNSAFE = """
    select rolsuper or rolbypassrls or exists (
        select from pg_class where relowner = pg_roles.oid and relnamespace = 'public'::regnamespace)
    from pg_roles where rolname = session_user"""


class Database:
    """Postgres behind a pool; every session is one transaction under a role that row level security binds.

    Prepared statements are off and every setting is transaction-local, so a pooler in transaction mode
    (Supabase's port 6543, PgBouncer) may sit in between; a connection that died idle is replaced unseen.

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
            kwargs={"prepare_threshold": None, "connect_timeout": max(2, round(timeout_seconds))},
            configure=self._configure,
            check=ConnectionPool.check_connection,
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
            Forbidden: a policy refused the write; nothing was written.
            InvalidRequest: Postgres cannot hold a value; nothing was written.
        """
        claims = {**principal.claims, "sub": str(principal.user_id), "role": "authenticated"}
        with self._transaction("authenticated", claims) as session:
            yield session

    @contextmanager
    def service_session(self) -> Iterator[Session]:
        """Yield a transaction for the chassis's own tables (accounts, throttles); it sees no tenant's rows."""
        with self._transaction(_SERVICE_ROLE, {"role": _SERVICE_ROLE}) as session:
            yield session

    def ping(self, timeout_seconds: float) -> None:
        """Return when the database answers within the time; raises `DatabaseUnavailable` otherwise."""
        try:
            with self._pool.connection(timeout=timeout_seconds) as connection:
                connection.execute("select 1")
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable from error

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def _transaction(self, role: str, claims: dict[str, object]) -> Iterator[Session]:
        try:
            with self._pool.connection() as connection:
                connection.execute(_BIND, self._binding(role, claims))
                yield Session(connection)
        except _CONFLICTS as error:
            raise Conflict from error
        except errors.InsufficientPrivilege as error:
            raise Forbidden from error
        except _BAD_VALUES as error:
            raise InvalidRequest("A value is one the database cannot hold") from error
        except (OperationalError, PoolTimeout) as error:
            raise DatabaseUnavailable from error

    def _binding(self, role: str, claims: dict[str, object]) -> dict[str, str]:
        return {
            "role": role,
            "claims": json.dumps(claims, default=str),
            "timeout": f"{round(self._timeout_seconds * 1000)}ms",
        }

    def _configure(self, connection: Connection[tuple[object, ...]]) -> None:
        if self._require_safe_login:
            row = connection.execute(_IS_UNSAFE).fetchone()
            if row is None or row[0]:
                raise OperationalError("the login is a superuser, bypasses row level security, or owns tables")
        connection.commit()
