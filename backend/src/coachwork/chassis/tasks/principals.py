"""For whom a task acts: kept where no tenant reads it, because an event carries ids alone."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class _Row:
    user_id: UUID
    claims: dict[str, Any]


def keep(session: Session, subject_id: UUID, principal: Principal) -> None:
    """Remember for whom the task on this subject acts, in the caller's own transaction; yesterday's are forgotten."""
    with session.as_service():
        session.execute(
            """
            insert into coachwork.task_principals (subject_id, user_id, claims)
            values (%(subject)s, %(user)s, %(claims)s)
            on conflict (subject_id) do update set user_id = excluded.user_id, claims = excluded.claims
            """,
            {
                "subject": subject_id,
                "user": principal.user_id,
                "claims": json.dumps(dict(principal.claims), default=str),
            },
        )
        session.execute("delete from coachwork.task_principals where created_at < now() - interval '1 day'")


def find(database: Database, subject_id: UUID) -> Principal | None:
    """Return for whom the task acts; None when it is done, or its owner's account is gone."""
    with database.service_session() as session:
        row = session.one(
            _Row,
            "select user_id, claims from coachwork.task_principals where subject_id = %(subject)s",
            {"subject": subject_id},
        )
    return Principal(row.user_id, row.claims.get("email"), row.claims) if row else None


def forget(session: Session, subject_id: UUID) -> None:
    """Forget it, in the caller's own transaction."""
    with session.as_service():
        session.execute("delete from coachwork.task_principals where subject_id = %(subject)s", {"subject": subject_id})
