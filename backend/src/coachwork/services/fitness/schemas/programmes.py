"""Programmes: days of slots, made, copied from a template, replaced, changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from coachwork.chassis.http.schemas import CalendarDate, Cursor, Limit, Printable, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import Equipment, Level
from coachwork.services.fitness.schemas.quantities import Notes
from coachwork.services.fitness.schemas.slots import DayRequest, DayResponse, KeptDayRequest, Week
from coachwork.services.fitness.schemas.zones import UTC_ZONE, TimeZone

Status = Literal["draft", "active", "archived"]
Source = Literal["own", "template", "coach"]
Goal = Literal["general", "strength", "muscle", "fat_loss", "endurance"]
Name = Annotated[str, Field(min_length=1, max_length=200, examples=["Full body, three times a week"]), Printable]
TemplateSlug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100, examples=["novice-full-body"])]
DaysPerWeek = Annotated[int, Field(strict=True, ge=1, le=7)]
MOST_DAYS = 14


def _check_weeks(days: Sequence[DayRequest], cycle_weeks: int) -> None:
    named = [week for day in days for slot in day.slots for one in slot.sets for week in one.weeks]
    if named and max(named) > cycle_weeks:
        raise ValueError(f"a set configuration names week {max(named)} of a cycle of {cycle_weeks}")


EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2100, 1, 1)


class ProgrammeRequest(RequestSchema):
    """A whole programme, its days in the order they are done, and then again."""

    name: Name
    notes: Notes = ""
    days_per_week: DaysPerWeek | None = Field(default=None, description="Left out: as many as there are days")
    cycle_weeks: Week = Field(default=1, description="How long a cycle is; set configurations may name its weeks")
    days: list[DayRequest] = Field(default=[], max_length=MOST_DAYS)

    @model_validator(mode="after")
    def _weeks_within_the_cycle(self) -> Self:
        _check_weeks(self.days, self.cycle_weeks)
        return self


class ProgrammeReplacement(ProgrammeRequest):
    """A whole programme over an earlier one: days and slots named by their ids keep their history."""

    days: list[KeptDayRequest] = Field(default=[], max_length=MOST_DAYS)  # type: ignore[assignment]  # frozen


class ProgrammeCreation(RequestSchema):
    """A programme of your own, or a copy of a template: then `name` and `notes` alone can be given beside it."""

    template: TemplateSlug | None = None
    name: Name | None = Field(default=None, description="Needed without a template")
    notes: Notes = ""
    days_per_week: DaysPerWeek | None = Field(default=None, description="Left out: as many as there are days")
    cycle_weeks: Week = Field(default=1, description="How long a cycle is; set configurations may name its weeks")
    days: list[DayRequest] = Field(default=[], max_length=MOST_DAYS)

    @model_validator(mode="after")
    def _own_or_copied(self) -> Self:
        if self.template is None:
            if self.name is None:
                raise ValueError("wants a name, or a template to copy")
            _check_weeks(self.days, self.cycle_weeks)
        elif self.model_fields_set - {"template", "name", "notes"}:
            raise ValueError("a copy of a template takes name and notes alone; change the rest afterwards")
        return self


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class ProgrammePatch(RequestSchema):
    """The fields to change; what is left out stays."""

    name: Name | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)
    notes: Notes | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)
    status: Literal["active", "archived"] | SkipJsonSchema[None] = Field(
        default=None, json_schema_extra=_without_default
    )

    @field_validator("name", "notes", "status", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


class ProgrammeQuery(RequestSchema):
    """Filter and page of the list of programmes."""

    status: Status | None = None
    limit: Limit = 20
    cursor: Cursor | None = None


class AdherenceQuery(RequestSchema):
    """The weeks to look at, from 2000 to 2100."""

    start: CalendarDate | None = Field(
        default=None, alias="from", description="In the first week; left out: since it is followed"
    )
    end: CalendarDate | None = Field(default=None, alias="to", description="In the last week; left out: this one")
    tz: TimeZone = UTC_ZONE

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        if self.start is not None and not EARLIEST_DAY <= self.start <= (self.end or date.max):
            raise ValueError(f"from wants a day from {EARLIEST_DAY} on and no later than to")
        if self.end is not None and self.end > LATEST_DAY:
            raise ValueError(f"to wants a day before {LATEST_DAY}")
        return self


class DoneDayResponse(ResponseSchema):
    """A day that was done."""

    session_id: UUID
    day_id: UUID | None = Field(description="Null when the plan no longer has it")
    started_at: datetime


class ProgrammeWeekResponse(ResponseSchema):
    """One ISO 8601 week in the time zone; more than planned may be done."""

    starts_on: date = Field(description="Its Monday")
    planned: int
    done: list[DoneDayResponse]


class ProgrammeAdherenceResponse(ResponseSchema):
    """How much of a programme was done, the earliest week first, empty weeks too."""

    weeks: list[ProgrammeWeekResponse]


class TemplateSchema(RequestSchema):
    """A programme as a style of training has it, for anybody to copy."""

    slug: TemplateSlug
    name: Name
    summary: str = Field(examples=["Three full-body days a week, a little more on the bar each time."])
    level: Level
    goal: Goal
    equipment: list[Equipment] = Field(description="Everything it needs")
    days_per_week: int = Field(ge=1, le=7)
    cycle_weeks: int = Field(default=1, ge=1, le=16)
    days: list[DayRequest]


class ProgrammeResponse(ResponseSchema):
    """A programme; `version` is its ETag's."""

    id: UUID
    name: str
    notes: str
    status: Status
    source: Source
    template: str | None = Field(description="The template it was copied from")
    days_per_week: int
    cycle_weeks: int
    active_since: datetime | None = Field(description="When it last became active; null for a draft")
    version: int
    created_at: datetime
    updated_at: datetime
    days: list[DayResponse]
