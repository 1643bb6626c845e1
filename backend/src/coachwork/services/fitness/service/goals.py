"""Goals. How each stands is derived from what was logged, whenever it is asked for."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.goal_rules import require_due, require_fit, require_safe
from coachwork.services.fitness.domain.goals import Assessment, Goal, Subject, assess, current_of
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.errors import GoalNotFound, UnfitGoal, UnknownExercise
from coachwork.services.fitness.repository import exercises, profile
from coachwork.services.fitness.repository import goals as repository
from coachwork.services.fitness.repository.goals import NewGoal
from coachwork.services.fitness.schemas.goals import GoalQuery, GoalReplacement, GoalRequest, StartSource
from coachwork.services.fitness.service.evidence import gather
from coachwork.services.fitness.service.pages import cut, position_of

AssessedGoal = tuple[Goal, Assessment]

_LOOK_BACK = timedelta(weeks=13)


def list_goals(
    database: Database, principal: Principal, query: GoalQuery, now: datetime
) -> tuple[Sequence[AssessedGoal], str | None]:
    """Return one page of the caller's goals, the newest first, and the next page's cursor if there is one."""
    with database.session(principal) as session:
        return goals_in(session, query, now)


def goals_in(session: Session, query: GoalQuery, now: datetime) -> tuple[Sequence[AssessedGoal], str | None]:
    """Return what `list_goals` does, within a transaction."""
    found = repository.page(session, query, query.limit + 1, position_of(query.cursor))
    page, next_cursor = cut(found, query.limit, lambda goal: (goal.created_at, goal.id))
    return _assessed(session, page, now), next_cursor


def read_goal(database: Database, principal: Principal, goal_id: UUID, now: datetime) -> AssessedGoal:
    """Return the caller's goal; raises `GoalNotFound`."""
    with database.session(principal) as session:
        return _found(session, goal_id, now)


def create_goal(database: Database, principal: Principal, request: GoalRequest, now: datetime) -> AssessedGoal:
    """Store a goal and return it.

    Raises:
        UnknownExercise, ImplausibleTime
        UnfitGoal: its values do not fit its kind, or its start is neither given nor known.
        UnsafeTarget: it is one the coach does not help with.
    """
    with database.session(principal) as session:
        exercise_id = _exercise_id(session, request.exercise)
        subject = Subject(request.kind, request.exercise or request.site)
        known, known_from = _known_value(session, subject, now)
        start, source = (known, known_from) if request.start_value is None else (request.start_value, "given")
        if start is None:
            raise UnfitGoal("body/start_value", "Nothing of it is logged yet, so say where you start")
        new = NewGoal(
            kind=request.kind,
            exercise_id=exercise_id,
            site=request.site,
            start_value=round(start, 2),
            start_source=source,
            started_at=now,
            target_value=request.target_value,
            due_on=request.due_on,
            note=request.note,
        )
        _check(session, new, known, now)
        return _found(session, repository.create(session, new), now)


def replace_goal(
    database: Database,
    principal: Principal,
    goal_id: UUID,
    request: GoalReplacement,
    *,
    expected: int | None,
    now: datetime,
) -> AssessedGoal:
    """Change what can change of the caller's goal; what stays as it was is not judged again.

    Raises:
        GoalNotFound, ImplausibleTime, UnfitGoal, UnsafeTarget
        PreconditionFailed: it is no longer the `expected` version.
    """
    with database.session(principal) as session:
        goal = _held(session, goal_id, expected)
        start = goal.start_value if request.start_value is None else request.start_value
        changed = (start, request.target_value, request.due_on)
        if changed != (goal.start_value, goal.target_value, goal.due_on):
            known, _ = _known_value(session, goal.subject, now)
            new = NewGoal(goal.kind, None, goal.site, start, goal.start_source, now, *changed[1:], request.note)
            _check(session, new, known, now)
        archived_at = (goal.archived_at or now) if request.archived else None
        repository.replace_whole(session, goal_id, request, archived_at)
        return _found(session, goal_id, now)


def delete_goal(database: Database, principal: Principal, goal_id: UUID, expected: int | None) -> None:
    """Remove the caller's goal; raises `GoalNotFound` or `PreconditionFailed`."""
    with database.session(principal) as session:
        _held(session, goal_id, expected)
        repository.delete(session, goal_id)


def _check(session: Session, goal: NewGoal, known: float | None, now: datetime) -> None:
    """Judge by where the caller is, not only by where they say they start."""
    today = now.date()
    require_due(goal, today, today)
    require_fit(goal)
    require_safe(goal, profile.find(session) or Profile(), max(goal.start_value, known or 0), today)


def _known_value(session: Session, subject: Subject, now: datetime) -> tuple[float | None, StartSource]:
    current = current_of(subject.kind, gather(session, [subject], now - _LOOK_BACK, now)[subject])
    if current is not None:
        return current.value, "computed"
    if subject.kind == "weekly_sessions":
        return 0.0, "computed"
    mine = profile.find(session) if subject.kind == "body_weight" else None
    return (mine.weight_kg if mine else None), "profile"


def _exercise_id(session: Session, slug: str | None) -> UUID | None:
    if slug is None:
        return None
    ids = exercises.ids_of(session, [slug])
    if slug not in ids:
        raise UnknownExercise(["body/exercise"])
    return ids[slug]


def _held(session: Session, goal_id: UUID, expected: int | None) -> Goal:
    goal = repository.hold(session, goal_id)
    if goal is None:
        raise GoalNotFound
    require_version(expected, goal.version)
    return goal


def _found(session: Session, goal_id: UUID, now: datetime) -> AssessedGoal:
    goal = repository.find(session, goal_id)
    if goal is None:
        raise GoalNotFound
    return _assessed(session, [goal], now)[0]


def _assessed(session: Session, goals: Sequence[Goal], now: datetime) -> list[AssessedGoal]:
    since = min([now - _LOOK_BACK, *(goal.started_at for goal in goals)])
    evidence = gather(session, {goal.subject for goal in goals}, since, now)
    return [(goal, assess(goal, evidence[goal.subject], now)) for goal in goals]
