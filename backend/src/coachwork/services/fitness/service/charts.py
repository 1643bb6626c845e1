"""Charts of the caller's progress, out of the figures the other operations answer with."""

from collections.abc import Callable, Mapping
from datetime import datetime

from coachwork.chassis.charts.drawing import draw
from coachwork.chassis.charts.port import Chart
from coachwork.chassis.errors import InvalidRequest, WrongValue
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.body import weight_trend
from coachwork.services.fitness.domain.charts import (
    adherence_chart,
    e1rm_chart,
    muscles_chart,
    volume_chart,
    weight_chart,
)
from coachwork.services.fitness.domain.performance import rows_of_days
from coachwork.services.fitness.repository import body
from coachwork.services.fitness.repository import performance as repository
from coachwork.services.fitness.schemas.charts import ChartName, ChartQuery
from coachwork.services.fitness.schemas.performance import SeriesQuery
from coachwork.services.fitness.service.adherence import read_adherence
from coachwork.services.fitness.service.exercises import found_exercise
from coachwork.services.fitness.service.performance import read_muscles, read_series, whole_weeks


def draw_chart(database: Database, principal: Principal, name: ChartName, query: ChartQuery, now: datetime) -> str:
    """Return a chart as SVG.

    Raises:
        ExerciseNotFound, TooManyLogsInPeriod
        InvalidRequest: the exercise is missing, or there are too many weeks.
    """
    return draw(_CHARTS[name](database, principal, query, now), query.width)


def _e1rm(database: Database, principal: Principal, query: ChartQuery, _: datetime) -> Chart:
    if query.exercise is None:
        raise InvalidRequest(values=[WrongValue("query/exercise", "say which exercise")])
    asked = SeriesQuery.model_validate({"from": query.start, "to": query.end, "formula": query.formula})
    return e1rm_chart(read_series(database, principal, query.exercise, asked.model_copy(update={"tz": query.tz})))


def _volume(database: Database, principal: Principal, query: ChartQuery, now: datetime) -> Chart:
    days = whole_weeks(query, now)
    with database.session(principal) as session:
        exercise = found_exercise(session, query.exercise) if query.exercise else None
        rows = rows_of_days(*days, query.tz, exercise.slug if exercise else None)
        performed = repository.performed_logs(session, rows)
    return volume_chart(performed, exercise.name if exercise else None, days, query.tz)


def _muscles(database: Database, principal: Principal, query: ChartQuery, now: datetime) -> Chart:
    return muscles_chart(read_muscles(database, principal, query, now))


def _weight(database: Database, principal: Principal, query: ChartQuery, _: datetime) -> Chart:
    period = rows_of_days(query.start, query.end, query.tz)
    with database.session(principal) as session:
        weighings = body.weighings(session, period.until)
    return weight_chart(weight_trend(weighings, period.since), query.tz)


def _adherence(database: Database, principal: Principal, query: ChartQuery, now: datetime) -> Chart:
    return adherence_chart(read_adherence(database, principal, query, now))


_CHARTS: Mapping[ChartName, Callable[[Database, Principal, ChartQuery, datetime], Chart]] = {
    "e1rm": _e1rm,
    "volume": _volume,
    "muscles": _muscles,
    "weight": _weight,
    "adherence": _adherence,
}
