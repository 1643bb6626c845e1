"""Body measurements and the trend of body weight."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.body import Measurement, WeightTrend, weight_trend
from coachwork.services.fitness.domain.logs import EARLIEST, is_plausible
from coachwork.services.fitness.errors import ImplausibleTime, MeasurementNotFound
from coachwork.services.fitness.repository import body as repository
from coachwork.services.fitness.schemas.body import MeasurementQuery, MeasurementRequest, WeightTrendQuery
from coachwork.services.fitness.schemas.period import end_of, start_of
from coachwork.services.fitness.service.pages import cut, position_of


def list_measurements(
    database: Database, principal: Principal, query: MeasurementQuery
) -> tuple[Sequence[Measurement], str | None]:
    """Return one page of the caller's measurements, the latest first, and the next page's cursor if there is one."""
    after = position_of(query.cursor)
    with database.session(principal) as session:
        found = repository.page(session, query, query.limit + 1, after)
    return cut(found, query.limit, lambda one: (one.measured_at, one.id))


def read_measurement(database: Database, principal: Principal, measurement_id: UUID) -> Measurement:
    """Return the caller's measurement; raises `MeasurementNotFound`."""
    with database.session(principal) as session:
        return _found(session, measurement_id)


def create_measurement(
    database: Database, principal: Principal, request: MeasurementRequest, now: datetime
) -> Measurement:
    """Store a measurement and return it; raises `ImplausibleTime`."""
    request = _checked(request, now)
    with database.session(principal) as session:
        return _found(session, repository.create(session, request, request.measured_at or now))


def replace_measurement(
    database: Database,
    principal: Principal,
    measurement_id: UUID,
    request: MeasurementRequest,
    *,
    expected: int | None,
    now: datetime,
) -> Measurement:
    """Store a measurement over the caller's earlier one.

    Raises:
        MeasurementNotFound, ImplausibleTime
        PreconditionFailed: it is no longer the `expected` version.
    """
    request = _checked(request, now)
    with database.session(principal) as session:
        _hold(session, measurement_id, expected)
        repository.replace_whole(session, measurement_id, request)
        return _found(session, measurement_id)


def delete_measurement(database: Database, principal: Principal, measurement_id: UUID, expected: int | None) -> None:
    """Remove the caller's measurement; raises `MeasurementNotFound` or `PreconditionFailed`."""
    with database.session(principal) as session:
        _hold(session, measurement_id, expected)
        repository.delete(session, measurement_id)


def read_weight_trend(database: Database, principal: Principal, query: WeightTrendQuery) -> WeightTrend:
    """Return the trend of the caller's weight in a period; every weighing before it leads up to it."""
    with database.session(principal) as session:
        weighings = repository.weighings(session, end_of(query.end))
    return weight_trend(weighings, start_of(query.start))


def _checked(request: MeasurementRequest, now: datetime) -> MeasurementRequest:
    if request.measured_at is None:
        return request
    if not is_plausible(request.measured_at, now):
        raise ImplausibleTime("body/measured_at", f"Must be after {EARLIEST.date()} and at most a day from now")
    return request.model_copy(update={"measured_at": request.measured_at.astimezone(UTC)})


def _hold(session: Session, measurement_id: UUID, expected: int | None) -> None:
    version = repository.locked_version(session, measurement_id)
    if version is None:
        raise MeasurementNotFound
    require_version(expected, version)


def _found(session: Session, measurement_id: UUID) -> Measurement:
    measurement = repository.find(session, measurement_id)
    if measurement is None:
        raise MeasurementNotFound
    return measurement
