"""Programmes with their days and slots."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.plan import (
    Day,
    Deload,
    Programme,
    Progression,
    SetConfiguration,
    Slot,
    configurations_of,
    restarts,
)
from coachwork.services.fitness.schemas.programmes import (
    ProgrammePatch,
    ProgrammeQuery,
    ProgrammeReplacement,
    Source,
    Status,
)
from coachwork.services.fitness.schemas.slots import KeptDayRequest, KeptSlotRequest

_SELECT = """
    select id, name, notes, status, source, template, days_per_week, cycle_weeks, active_since, version,
           created_at, updated_at
    from public.programmes"""


@dataclass(frozen=True)
class _DayRow:
    id: UUID
    name: str
    programme_id: UUID


@dataclass(frozen=True)
class _SlotRow:
    day_id: UUID
    id: UUID
    exercise: str
    exercise_name: str
    notes: str
    rounding_kg: float
    progression: dict[str, Any]
    sets: list[dict[str, Any]]
    counts_from: datetime | None


def find(session: Session, programme_id: UUID) -> Programme | None:
    """Return the caller's programme, or None."""
    found = session.one(Programme, _SELECT + " where id = %(id)s", {"id": programme_id})
    return _with_days(session, [found])[0] if found else None


def find_whole(session: Session, programme_id: UUID) -> Programme | None:
    """Return the caller's programme, its days those of its version, or None: no writer comes between the statements."""
    session.execute("select from public.programmes where id = %(id)s for share", {"id": programme_id})
    return find(session, programme_id)


def locked_version(session: Session, programme_id: UUID) -> int | None:
    """Return the version of the caller's programme and hold its row until the session ends, or None."""
    version: int | None = session.value(
        "select version from public.programmes where id = %(id)s for update", {"id": programme_id}
    )
    return version


def programme_of_day(session: Session, day_id: UUID) -> UUID | None:
    """Return the programme that has this day of the caller's, or None."""
    found: UUID | None = session.value(
        "select programme_id from public.programme_days where id = %(id)s", {"id": day_id}
    )
    return found


def page(session: Session, query: ProgrammeQuery, limit: int, after: tuple[datetime, UUID] | None) -> list[Programme]:
    """Return the caller's programmes, the newest first, after a position."""
    found = session.all(
        Programme,
        _SELECT
        + """
        where (%(status)s::text is null or status = %(status)s)
          and (created_at, id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by created_at desc, id desc limit %(limit)s
        """,
        {"status": query.status, "at": after and after[0], "id": after and after[1], "limit": limit},
    )
    return _with_days(session, found)


def create(
    session: Session,
    programme_id: UUID,
    request: ProgrammeReplacement,
    exercise_ids: Mapping[str, UUID],
    *,
    status: Status,
    source: Source,
    template: str | None,
) -> None:
    """Store a programme with its days."""
    session.execute(
        """
        insert into public.programmes (id, name, notes, status, source, template, days_per_week, cycle_weeks,
                                       active_since, switched_at)
        values (%(id)s, %(name)s, %(notes)s, %(status)s, %(source)s, %(template)s, %(days_per_week)s, %(cycle_weeks)s,
                case when %(status)s::text = 'active' then now() end,
                case when %(status)s::text = 'active' then array[now()] else '{}' end)
        """,
        {"id": programme_id, **_columns(request), "status": status, "source": source, "template": template},
    )
    _write_days(session, programme_id, request.days, exercise_ids, {})


def replace_whole(
    session: Session, old: Programme, request: ProgrammeReplacement, exercise_ids: Mapping[str, UUID]
) -> None:
    """Store a programme over the caller's earlier one; days and slots whose ids are named keep their history."""
    session.execute(
        """
        update public.programmes set name = %(name)s, notes = %(notes)s, days_per_week = %(days_per_week)s,
            cycle_weeks = %(cycle_weeks)s, updated_at = now()
        where id = %(id)s
        """,
        {**_columns(request), "id": old.id},
    )
    slots = {slot.id: slot for day in old.days for slot in day.slots}
    _write_days(session, old.id, request.days, exercise_ids, slots)


def change(session: Session, programme_id: UUID, patch: ProgrammePatch) -> None:
    """Change what the patch has set, and nothing where it sets nothing; what becomes active is so from now on."""
    if not patch.model_fields_set:
        return
    session.execute(
        """
        update public.programmes set name = coalesce(%(name)s, name), notes = coalesce(%(notes)s, notes),
            active_since = case when %(status)s::text = 'active' and status <> 'active' then now()
                                else active_since end,
            switched_at = case when %(status)s::text <> status and 'active' in (%(status)s::text, status)
                               then (case when cardinality(switched_at) < 100 then switched_at
                                          else switched_at[3:] end) || now()
                               else switched_at end,
            status = coalesce(%(status)s, status), updated_at = now()
        where id = %(id)s
        """,
        {"id": programme_id, "name": patch.name, "notes": patch.notes, "status": patch.status},
    )


def delete(session: Session, programme_id: UUID) -> None:
    """Remove the caller's programme; sessions that followed it stay."""
    session.execute("delete from public.programmes where id = %(id)s", {"id": programme_id})


def _columns(request: ProgrammeReplacement) -> dict[str, object]:
    days_per_week = request.days_per_week or max(1, min(7, len(request.days)))
    return {
        "name": request.name,
        "notes": request.notes,
        "days_per_week": days_per_week,
        "cycle_weeks": request.cycle_weeks,
    }


def _write_days(
    session: Session,
    programme_id: UUID,
    days: Sequence[KeptDayRequest],
    exercise_ids: Mapping[str, UUID],
    slots: Mapping[UUID, Slot],
) -> None:
    """Keep what is named, remove the rest, then add what is new: a slot may move from a day that goes."""
    day_ids = [_write_day(session, programme_id, position, day) for position, day in enumerate(days)]
    rows = [
        {
            **_slot_columns(slot, exercise_ids),
            "day_id": day_id,
            "position": position,
            "id": slot.id,
            "restarts": _restarts(slots, slot),
        }
        for day_id, day in zip(day_ids, days, strict=True)
        for position, slot in enumerate(day.slots)
    ]
    kept = [row for row in rows if row["id"] is not None]
    session.execute_many(
        """
        update public.programme_slots set day_id = %(day_id)s, position = %(position)s,
            exercise_id = %(exercise_id)s, notes = %(notes)s, rounding_kg = %(rounding_kg)s,
            progression = %(progression)s::jsonb, sets = %(sets)s::jsonb,
            counts_from = case when %(restarts)s then clock_timestamp() else counts_from end
        where id = %(id)s
        """,
        kept,
    )
    _remove_rest(session, programme_id, day_ids, [row["id"] for row in kept])
    session.execute_many(
        """
        insert into public.programme_slots (day_id, position, exercise_id, notes, rounding_kg, progression, sets)
        values (%(day_id)s, %(position)s, %(exercise_id)s, %(notes)s, %(rounding_kg)s, %(progression)s::jsonb,
                %(sets)s::jsonb)
        """,
        [row for row in rows if row["id"] is None],
    )


def _write_day(session: Session, programme_id: UUID, position: int, day: KeptDayRequest) -> UUID:
    day_id: UUID = session.value(
        """
        insert into public.programme_days (id, programme_id, position, name)
        values (coalesce(%(id)s::uuid, gen_random_uuid()), %(programme_id)s, %(position)s, %(name)s)
        on conflict (id) do update set position = excluded.position, name = excluded.name
        returning id
        """,
        {"id": day.id, "programme_id": programme_id, "position": position, "name": day.name},
    )
    return day_id


def _remove_rest(session: Session, programme_id: UUID, day_ids: Sequence[UUID], slot_ids: Sequence[object]) -> None:
    session.execute(
        """
        delete from public.programme_slots as slot using public.programme_days as day
        where day.id = slot.day_id and day.programme_id = %(id)s and slot.id <> all (%(kept)s::uuid[])
        """,
        {"id": programme_id, "kept": list(slot_ids)},
    )
    session.execute(
        "delete from public.programme_days where programme_id = %(id)s and id <> all (%(kept)s::uuid[])",
        {"id": programme_id, "kept": list(day_ids)},
    )


def _slot_columns(slot: KeptSlotRequest, exercise_ids: Mapping[str, UUID]) -> dict[str, object]:
    return {
        "exercise_id": exercise_ids[slot.exercise],
        "notes": slot.notes,
        "rounding_kg": slot.rounding_kg,
        "progression": json.dumps(slot.progression.model_dump()),
        "sets": json.dumps([asdict(one) for one in configurations_of(slot)]),
    }


def _restarts(slots: Mapping[UUID, Slot], slot: KeptSlotRequest) -> bool:
    return slot.id is not None and restarts(slots[slot.id], slot.exercise, configurations_of(slot))


def _with_days(session: Session, programmes: Sequence[Programme]) -> list[Programme]:
    ids = [programme.id for programme in programmes]
    days = session.all(
        _DayRow,
        """
        select id, name, programme_id from public.programme_days
        where programme_id = any (%(ids)s) order by programme_id, position
        """,
        {"ids": ids},
    )
    slots = session.all(
        _SlotRow,
        """
        select slot.day_id, slot.id, exercise.slug as exercise, exercise.name as exercise_name, slot.notes,
               slot.rounding_kg::float8, slot.progression, slot.sets, slot.counts_from
        from public.programme_slots as slot
        join public.exercises as exercise on exercise.id = slot.exercise_id
        where slot.day_id = any (%(ids)s) order by slot.day_id, slot.position
        """,
        {"ids": [day.id for day in days]},
    )
    by_day: defaultdict[UUID, list[Slot]] = defaultdict(list)
    for row in slots:
        by_day[row.day_id].append(_slot(row))
    by_programme: defaultdict[UUID, list[Day]] = defaultdict(list)
    for day in days:
        by_programme[day.programme_id].append(Day(day.id, day.name, by_day[day.id]))
    return [replace(programme, days=by_programme[programme.id]) for programme in programmes]


def _slot(row: _SlotRow) -> Slot:
    rule = {**row.progression, "deload": Deload(**row.progression["deload"])}
    return Slot(
        row.id,
        row.exercise,
        row.exercise_name,
        row.notes,
        row.rounding_kg,
        Progression(**rule),
        [SetConfiguration(**one) for one in row.sets],
        row.counts_from,
    )
