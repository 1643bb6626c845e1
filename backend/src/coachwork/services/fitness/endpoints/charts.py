"""Charts of progress."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response

from coachwork.chassis.errors import DatabaseUnavailable, InvalidRequest, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.errors import ExerciseNotFound, TooManyLogsInPeriod
from coachwork.services.fitness.schemas.charts import ChartName, ChartQuery
from coachwork.services.fitness.service.charts import draw_chart

router = APIRouter(
    prefix="/api/v1/progress/charts", tags=["progress"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

_HEADERS = {
    # a picture: whatever it held, opened by itself it could fetch nothing and run nothing
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
}


class Svg(Response):
    """A picture as SVG."""

    media_type = "image/svg+xml"


@router.get(
    "/{chart}.svg",
    operation_id="draw_chart",
    response_class=Svg,
    responses={
        200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}},
        **documented(ExerciseNotFound, InvalidRequest, TooManyLogsInPeriod),
    },
)
def get_chart(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    chart: ChartName,
    query: Annotated[ChartQuery, Query()],
) -> Svg:
    """See your progress: light or dark as you prefer, titled and described, without scripts."""
    return Svg(draw_chart(resources.database(), principal, chart, query, datetime.now(UTC)), headers=_HEADERS)
