"""Everything a user has as one document, and what comes of restoring it."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from coachwork.chassis.http.schemas import Cursor, RequestSchema, ResponseSchema, Timestamp
from coachwork.services.fitness.schemas.period import From, To
from coachwork.services.fitness.schemas.rows.tables import ExportTables


class ExportQuery(RequestSchema):
    """Which part of an export."""

    cursor: Cursor | None = None


class LogsCsvQuery(RequestSchema):
    """Which logs a spreadsheet has."""

    start: From = None
    end: To = None


class ExportAccount(BaseModel):
    """Whose export it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: UUID


class ExportDocument(BaseModel):
    """Everything you have, or a part of it where that is too large for one answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["coachwork"]
    version: Literal[1] = Field(description="Raised when a document of before can no longer be restored")
    exported_at: Timestamp
    account: ExportAccount
    tables: ExportTables
    next_cursor: str | None = Field(
        default=None,
        description="Pass it as `cursor` for the next part; null on the last. Restore parts in their order",
    )


class RestoredTableResponse(ResponseSchema):
    """What became of a table's rows."""

    stored: int
    kept: int = Field(description="Rows you have already: they stayed as they are")


class RestoreResponse(ResponseSchema):
    """What restoring an export did, or with `dry_run` would do."""

    kind: Literal["coachwork"]
    dry_run: bool
    restored: dict[str, RestoredTableResponse] = Field(
        description="By table", examples=[{"performance_logs": {"stored": 12, "kept": 0}}]
    )
