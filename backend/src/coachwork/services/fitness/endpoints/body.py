"""Body measurements and the trend of body weight."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.body import (
    TIME_CONSTANT_DAYS,
    TREND_FORMULA,
    TREND_SOURCE,
    Measurement,
    WeightTrend,
)
from coachwork.services.fitness.domain.regression import NOT_ENOUGH
from coachwork.services.fitness.errors import MeasurementNotFound
from coachwork.services.fitness.schemas.body import (
    MeasurementQuery,
    MeasurementRequest,
    MeasurementResponse,
    RateResponse,
    TrendPointResponse,
    WeightTrendQuery,
    WeightTrendResponse,
)
from coachwork.services.fitness.service.body import (
    create_measurement,
    delete_measurement,
    list_measurements,
    read_measurement,
    read_weight_trend,
    replace_measurement,
)

router = APIRouter(prefix="/api/v1/body", tags=["body"], responses=documented(Unauthenticated, DatabaseUnavailable))

_WRITE = documented(MeasurementNotFound, Conflict, PreconditionFailed)


@router.post("/measurements", status_code=201, operation_id="create_measurement", responses=documented(Conflict))
def post_measurement(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    measurement: MeasurementRequest,
    request: Request,
    response: Response,
) -> MeasurementResponse:
    """Store what you measured at one time: weight, body fat, circumferences."""
    stored = create_measurement(resources.database(), principal, measurement, datetime.now(UTC))
    response.headers["Location"] = f"{request.scope['path']}/{stored.id}"
    return _answer(response, stored)


@router.get("/measurements", operation_id="list_measurements")
def get_measurements(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[MeasurementQuery, Query()]
) -> Page[MeasurementResponse]:
    """List your measurements, the latest first."""
    found, next_cursor = list_measurements(resources.database(), principal, query)
    return Page(items=[MeasurementResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get(
    "/measurements/{measurement_id:uuid}", operation_id="read_measurement", responses=documented(MeasurementNotFound)
)
def get_measurement(
    principal: CurrentPrincipal, resources: CurrentResources, measurement_id: UUID, response: Response
) -> MeasurementResponse:
    """Read one of your measurements."""
    return _answer(response, read_measurement(resources.database(), principal, measurement_id))


@router.put("/measurements/{measurement_id:uuid}", operation_id="replace_measurement", responses=_WRITE)
def put_measurement(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    measurement_id: UUID,
    measurement: MeasurementRequest,
    expected: ExpectedVersion,
    response: Response,
) -> MeasurementResponse:
    """Replace one of your measurements as a whole; without `measured_at` it keeps its time."""
    stored = replace_measurement(
        resources.database(), principal, measurement_id, measurement, expected=expected, now=datetime.now(UTC)
    )
    return _answer(response, stored)


@router.delete(
    "/measurements/{measurement_id:uuid}", status_code=204, operation_id="delete_measurement", responses=_WRITE
)
def remove_measurement(
    principal: CurrentPrincipal, resources: CurrentResources, measurement_id: UUID, expected: ExpectedVersion
) -> None:
    """Delete one of your measurements."""
    delete_measurement(resources.database(), principal, measurement_id, expected)


@router.get("/weight-trend", operation_id="read_weight_trend")
def get_weight_trend(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[WeightTrendQuery, Query()]
) -> WeightTrendResponse:
    """Smooth your weight, and say how fast it changes and how sure that is."""
    return _trend(read_weight_trend(resources.database(), principal, query))


def _answer(response: Response, stored: Measurement) -> MeasurementResponse:
    set_etag(response, stored.version)
    return MeasurementResponse.model_validate(stored)


def _trend(trend: WeightTrend) -> WeightTrendResponse:
    return WeightTrendResponse(
        points=[TrendPointResponse(**{**vars(point), "trend_kg": round(point.trend_kg, 2)}) for point in trend.points],
        trend_kg=None if trend.trend_kg is None else round(trend.trend_kg, 2),
        weekly_rate=trend.weekly_rate and RateResponse.model_validate(trend.weekly_rate),
        weekly_rate_missing=None if trend.weekly_rate else NOT_ENOUGH,
        time_constant_days=round(TIME_CONSTANT_DAYS, 2),
        formula=TREND_FORMULA,
        source=TREND_SOURCE,
    )
