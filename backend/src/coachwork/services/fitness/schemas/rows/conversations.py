"""Rows of conversations with the coach."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Field

from coachwork.chassis.http.schemas import Printable, Timestamp
from coachwork.services.fitness.schemas.chat import CitationResponse, SafetyResponse, Title, ToolRunResponse
from coachwork.services.fitness.schemas.feedback import CitedPassageResponse, Reason, Verdict
from coachwork.services.fitness.schemas.memories import MemoryText
from coachwork.services.fitness.schemas.rows.row import Count, Row, Text, Version


class ThreadRow(Row):
    """A conversation."""

    id: UUID
    title: Title
    summary: Annotated[str, Field(max_length=2_000), Printable] = ""
    summarised_turns: Count = 0
    created_at: Timestamp
    updated_at: Timestamp
    version: Version


class TurnRow(Row):
    """A question and its answer."""

    id: UUID
    thread_id: UUID
    question: Text
    answer: Text
    model: Annotated[str, Field(max_length=200), Printable]
    safety: SafetyResponse | None
    citations: Annotated[list[CitationResponse], Field(max_length=100)]
    tool_runs: Annotated[list[ToolRunResponse], Field(max_length=100)]
    input_tokens: Count
    output_tokens: Count
    created_at: Timestamp


def _unshared(_: bool) -> bool:
    return False


class FeedbackRow(Row):
    """Feedback on an answer; restored, it is shared with nobody: the owner reads what was said here alone."""

    key: ClassVar[tuple[str, ...]] = ("turn_id",)

    turn_id: UUID
    export_id: UUID
    verdict: Verdict
    reason: Reason
    is_shared: Annotated[bool, Field(strict=True), AfterValidator(_unshared)]
    question: Text
    answer: Text
    model: Annotated[str, Field(max_length=200), Printable]
    passages: Annotated[list[CitedPassageResponse], Field(max_length=100)]
    version: Version
    created_at: Timestamp
    updated_at: Timestamp


class MemoryRow(Row):
    """What the coach remembers."""

    id: UUID
    text: MemoryText
    turn_id: UUID | None
    version: Version
    created_at: Timestamp
    updated_at: Timestamp
