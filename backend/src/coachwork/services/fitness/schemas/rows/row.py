"""What every row of an export is, and the numbers and texts they share."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from coachwork.chassis.http.schemas import Printable

Position = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Version = Annotated[int, Field(strict=True, ge=1, le=1_000_000_000)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Text = Annotated[str, Field(max_length=100_000), Printable]


class Row(BaseModel):
    """A table's row, whole: every column has its field."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    key: ClassVar[tuple[str, ...]] = ("id",)
    """The columns that make it one."""
