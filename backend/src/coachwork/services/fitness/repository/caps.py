"""How much of anything the caller has."""

from typing import LiteralString

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.repository.export import Table


def most_rows(session: Session, table: Table, within: LiteralString | None) -> int:
    """Return how many of the caller's rows a table has, or has at most for one value of the column `within`."""
    found: int | None = session.value(
        f"""
        select count(*) from public.{table.name} where user_id = (select auth.uid())
        {f"group by {within}" if within else ""} order by 1 desc limit 1
        """,  # noqa: S608  names of our own, as in export.py
    )
    return found or 0
