"""Body measurements."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.body import Measurement, Weighing
from coachwork.services.fitness.schemas.body import MeasurementQuery, MeasurementRequest
from coachwork.services.fitness.schemas.period import end_of, start_of

_SELECT = """
    select id, measured_at, weight_kg::float8, body_fat_percent::float8, circumferences_cm, note, version,
           created_at, updated_at
    from public.body_measurements"""


@dataclass(frozen=True)
class Latest:
    """The latest value of one kind, and the measurement it is from."""

    id: UUID
    measured_at: datetime
    value: float


def find(session: Session, measurement_id: UUID) -> Measurement | None:
    """Return the caller's measurement, or None."""
    return session.one(Measurement, _SELECT + " where id = %(id)s", {"id": measurement_id})


def locked_version(session: Session, measurement_id: UUID) -> int | None:
    """Return the version of the caller's measurement and hold its row until the session ends, or None."""
    version: int | None = session.value(
        "select version from public.body_measurements where id = %(id)s for update", {"id": measurement_id}
    )
    return version


def page(
    session: Session, query: MeasurementQuery, limit: int, after: tuple[datetime, UUID] | None
) -> list[Measurement]:
    """Return the caller's measurements, the latest first, after a position."""
    return session.all(
        Measurement,
        _SELECT
        + """
        where case %(kind)s::text
                  when 'weight' then weight_kg is not null
                  when 'body_fat' then body_fat_percent is not null
                  else %(kind)s is null or circumferences_cm ? %(kind)s
              end
          and measured_at >= coalesce(%(start)s::timestamptz, '-infinity')
          and measured_at < coalesce(%(end)s::timestamptz, 'infinity')
          and (measured_at, id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by measured_at desc, id desc limit %(limit)s
        """,
        {
            "kind": query.kind,
            "start": start_of(query.start),
            "end": end_of(query.end),
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )


def weighings(session: Session, until: datetime | None) -> list[Weighing]:
    """Return what the caller weighed before a moment, the earliest first."""
    return session.all(
        Weighing,
        """
        select id as measurement_id, measured_at, weight_kg::float8 from public.body_measurements
        where weight_kg is not null and measured_at < coalesce(%(until)s::timestamptz, 'infinity')
        order by measured_at, id
        """,
        {"until": until},
    )


def latest_weight(session: Session) -> Latest | None:
    """Return what the caller weighed last, in kg."""
    return session.one(
        Latest,
        """
        select id, measured_at, weight_kg::float8 as value from public.body_measurements
        where weight_kg is not null order by measured_at desc, id desc limit 1
        """,
    )


def latest_body_fat(session: Session) -> Latest | None:
    """Return the body fat the caller measured last, in percent."""
    return session.one(
        Latest,
        """
        select id, measured_at, body_fat_percent::float8 as value from public.body_measurements
        where body_fat_percent is not null order by measured_at desc, id desc limit 1
        """,
    )


def create(session: Session, measurement: MeasurementRequest, measured_at: datetime) -> UUID:
    """Store a measurement; return its id."""
    measurement_id: UUID = session.value(
        """
        insert into public.body_measurements (measured_at, weight_kg, body_fat_percent, circumferences_cm, note)
        values (%(measured_at)s, %(weight_kg)s, %(body_fat_percent)s, %(circumferences_cm)s::jsonb, %(note)s)
        returning id
        """,
        {**_columns(measurement), "measured_at": measured_at},
    )
    return measurement_id


def replace_whole(session: Session, measurement_id: UUID, measurement: MeasurementRequest) -> None:
    """Store a measurement over the caller's earlier one; without a time it keeps its own."""
    session.execute(
        """
        update public.body_measurements set
            measured_at = coalesce(%(measured_at)s, measured_at), weight_kg = %(weight_kg)s,
            body_fat_percent = %(body_fat_percent)s, circumferences_cm = %(circumferences_cm)s::jsonb,
            note = %(note)s, version = version + 1, updated_at = now()
        where id = %(id)s
        """,
        {**_columns(measurement), "id": measurement_id},
    )


def delete(session: Session, measurement_id: UUID) -> None:
    """Remove the caller's measurement."""
    session.execute("delete from public.body_measurements where id = %(id)s", {"id": measurement_id})


def _columns(measurement: MeasurementRequest) -> dict[str, object]:
    return {**measurement.model_dump(), "circumferences_cm": json.dumps(measurement.circumferences_cm)}
