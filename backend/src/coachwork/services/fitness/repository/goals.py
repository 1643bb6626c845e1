"""Goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.goals import Goal
from coachwork.services.fitness.schemas.goals import GoalKind, GoalQuery, GoalReplacement, GoalSite, StartSource

_SELECT = """
    select goal.id, goal.kind, exercise.slug as exercise, exercise.name as exercise_name, goal.site,
           goal.start_value::float8, goal.start_source, goal.started_at, goal.target_value::float8, goal.due_on,
           goal.note, goal.archived_at, goal.version, goal.created_at, goal.updated_at
    from public.goals as goal
    left join public.exercises as exercise on exercise.id = goal.exercise_id"""


@dataclass(frozen=True)
class NewGoal:
    """A goal to be stored, its start known."""

    kind: GoalKind
    exercise_id: UUID | None
    site: GoalSite | None
    start_value: float
    start_source: StartSource
    started_at: datetime
    target_value: float
    due_on: date
    note: str


def find(session: Session, goal_id: UUID) -> Goal | None:
    """Return the caller's goal, or None."""
    return session.one(Goal, _SELECT + " where goal.id = %(id)s", {"id": goal_id})


def hold(session: Session, goal_id: UUID) -> Goal | None:
    """Return the caller's goal and hold its row until the session ends, or None."""
    return session.one(Goal, _SELECT + " where goal.id = %(id)s for update of goal", {"id": goal_id})


def known_ids(session: Session, goal_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the ids that are goals of the caller's."""
    found: list[UUID] = session.value(
        "select coalesce(array_agg(id), '{}') from public.goals where id = any (%(ids)s)", {"ids": list(goal_ids)}
    )
    return set(found)


def page(session: Session, query: GoalQuery, limit: int, after: tuple[datetime, UUID] | None) -> list[Goal]:
    """Return the caller's goals, the newest first, after a position."""
    return session.all(
        Goal,
        _SELECT
        + """
        where (%(kind)s::text is null or goal.kind = %(kind)s)
          and (%(archived)s::boolean is null or (goal.archived_at is not null) = %(archived)s)
          and (goal.created_at, goal.id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by goal.created_at desc, goal.id desc limit %(limit)s
        """,
        {
            "kind": query.kind,
            "archived": query.archived,
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )


def create(session: Session, goal: NewGoal) -> UUID:
    """Store a goal; return its id."""
    goal_id: UUID = session.value(
        """
        insert into public.goals (kind, exercise_id, site, start_value, start_source, started_at, target_value,
                                  due_on, note)
        values (%(kind)s, %(exercise_id)s, %(site)s, %(start_value)s, %(start_source)s, %(started_at)s,
                %(target_value)s, %(due_on)s, %(note)s)
        returning id
        """,
        vars(goal),
    )
    return goal_id


def replace_whole(session: Session, goal_id: UUID, goal: GoalReplacement, archived_at: datetime | None) -> None:
    """Change what can change of the caller's goal; without a start value it keeps its own."""
    session.execute(
        """
        update public.goals set
            start_value = coalesce(%(start_value)s, start_value),
            start_source = case when %(start_value)s::numeric is null then start_source else 'given' end,
            target_value = %(target_value)s, due_on = %(due_on)s, note = %(note)s, archived_at = %(archived_at)s,
            version = version + 1, updated_at = now()
        where id = %(id)s
        """,
        {**goal.model_dump(exclude={"archived"}), "archived_at": archived_at, "id": goal_id},
    )


def delete(session: Session, goal_id: UUID) -> None:
    """Remove the caller's goal."""
    session.execute("delete from public.goals where id = %(id)s", {"id": goal_id})
