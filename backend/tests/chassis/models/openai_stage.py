"""What the tests of OpenAI's adapters share: a key, a clock that skips pauses, and a connection to a local OpenAI."""

import time
from dataclasses import dataclass, field

from pydantic import SecretStr

from coachwork.chassis.models import ChatRequest, Message, Passage, ToolSpec
from coachwork.chassis.models.openai_connection import OpenAIConnection
from coachwork.chassis.models.patience import Patience
from rehearsal.vendors.openai_api import OpenAIServer

API_KEY = "sk-local-0123456789abcdefABCDEF"
QUESTION = "How deep should I squat with my secret knee?"
PATIENT = Patience(attempt_seconds=10, total_seconds=20)
HASTY = Patience(attempt_seconds=0.5, total_seconds=10, retries=2)


@dataclass
class SkippedTime:
    """Real time in which pauses take none: they are written down, and the clock jumps over them."""

    pauses: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Return the time, with every pause already waited."""
        return time.monotonic() + sum(self.pauses)

    def sleep(self, seconds: float) -> None:
        """Wait for no time."""
        self.pauses.append(seconds)


def connect(
    server: OpenAIServer,
    *,
    key: str = API_KEY,
    patience: Patience = PATIENT,
    skipped: SkippedTime | None = None,
) -> OpenAIConnection:
    """Return a connection whose pauses take no time and hold no chance."""
    skipped = skipped or SkippedTime()
    return OpenAIConnection(
        SecretStr(key),
        base_url=server.url,
        patience=patience,
        clock=skipped.clock,
        sleep=skipped.sleep,
        chance=lambda: 0.0,
    )


PASSAGES = (
    Passage("squat-depth", "How deep to squat", "Squat as deep as you can keep control. Healthy knees take it well."),
    Passage("rest", "Rest between sets", "Rest two to five minutes between heavy sets."),
)


def squat_wanted(words: str) -> dict[str, object] | None:
    """Return arguments when the words name the squat."""
    return {"lift": "squat"} if "squat" in words.casefold() else None


TOOL = ToolSpec(
    "find_records",
    "Find the caller's records.",
    {"type": "object", "properties": {"lift": {"type": "string"}}, "required": ["lift"]},
    squat_wanted,
)


def request(**changes: object) -> ChatRequest:
    """Return a rendered question with two passages and a tool."""
    fenced = "\n".join(f'<passage id="{passage.id}">\n{passage.text}\n</passage>' for passage in PASSAGES)
    values: dict[str, object] = {
        "messages": (
            Message("system", "You are a coach."),
            Message("user", f"{fenced}\n<question>{QUESTION}</question>"),
        ),
        "question": QUESTION,
        "passages": PASSAGES,
        "facts": ("Your squat record is 100 kg.",),
        "tools": (TOOL,),
        **changes,
    }
    return ChatRequest(**values)  # type: ignore[arg-type]  # the caller names fields of the class
