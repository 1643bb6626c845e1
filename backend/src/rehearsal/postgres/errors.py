"""What can go wrong."""


class PostgresError(RuntimeError):
    """Postgres could not be set up or started; the message says why."""
