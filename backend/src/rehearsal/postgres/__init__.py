"""Embedded Postgres 18 from a wheel's programs: unprivileged, password (SCRAM) over 127.0.0.1, no socket file."""

from rehearsal.postgres.errors import PostgresError
from rehearsal.postgres.server import EmbeddedPostgres, running, temporary

__all__ = ["EmbeddedPostgres", "PostgresError", "running", "temporary"]
