"""The tables of an export, field by field: how it is documented, and what a restored row must be.

A row is a table's row without `user_id`; exercises are named by their slugs, so that another library's ids do not
matter. A table more is a class beside the others, and a line in `ExportTables`.
"""

from pydantic import BaseModel, ConfigDict

from coachwork.services.fitness.schemas.rows.conversations import FeedbackRow, MemoryRow, ThreadRow, TurnRow
from coachwork.services.fitness.schemas.rows.person import GoalRow, MeasurementRow, ProfileRow
from coachwork.services.fitness.schemas.rows.programmes import (
    ProgrammeDayRow,
    ProgrammeRow,
    ProgrammeSlotRow,
    SessionExerciseRow,
    TrainingSessionRow,
)
from coachwork.services.fitness.schemas.rows.training import ExerciseRow, LogRow, SetRow, WorkoutExerciseRow, WorkoutRow


class ExportTables(BaseModel):
    """Rows by table, each table after those it refers to; one that is empty, or in another part, is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercises: list[ExerciseRow] = []
    profiles: list[ProfileRow] = []
    workouts: list[WorkoutRow] = []
    workout_exercises: list[WorkoutExerciseRow] = []
    performance_logs: list[LogRow] = []
    logged_sets: list[SetRow] = []
    programmes: list[ProgrammeRow] = []
    programme_days: list[ProgrammeDayRow] = []
    programme_slots: list[ProgrammeSlotRow] = []
    training_sessions: list[TrainingSessionRow] = []
    session_exercises: list[SessionExerciseRow] = []
    body_measurements: list[MeasurementRow] = []
    goals: list[GoalRow] = []
    chat_threads: list[ThreadRow] = []
    chat_turns: list[TurnRow] = []
    turn_feedback: list[FeedbackRow] = []
    memories: list[MemoryRow] = []


NOT_EXPORTED: dict[str, str] = {
    "open_turns": "questions under way: what is answered is in chat_turns, and nothing else lasts",
}
"""The tables an export leaves out, and why."""
