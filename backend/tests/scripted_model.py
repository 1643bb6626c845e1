"""A model that does as it is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.models import Answer, ChatRequest, Heard, ToolCall, ToolChoice, Usage


@dataclass
class ScriptedModel:
    """Calls `then` before it answers, if it is given, and counts."""

    then: Callable[[Heard], None] | None = None
    calls: Sequence[ToolCall] = ()
    asked: list[str] = field(default_factory=list)
    name = "told"

    def choose_tools(self, request: ChatRequest, *, deadline: Deadline | None = None) -> ToolChoice:
        """Want what it was told to want."""
        self.asked.append("choose")
        return ToolChoice(self.calls, Usage(10, 1))

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Answer, once `then` has returned."""
        self.asked.append("answer")
        if self.then and heard:
            self.then(heard)
        return Answer("Told.", (), Usage(20, 2))
