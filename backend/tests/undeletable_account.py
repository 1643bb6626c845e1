"""An account that cannot go: a table of somebody else's refers to it and does not follow."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg


@contextmanager
def undeletable(owner_url: str, user_id: UUID | str) -> Iterator[None]:
    """Keep a user's row from going for as long as the block lasts."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("create table auth.held (user_id uuid references auth.users (id))")
        try:
            connection.execute("insert into auth.held values (%s)", [user_id])
            yield
        finally:
            connection.execute("drop table auth.held")
