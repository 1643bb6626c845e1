"""Whoever follows a turn while it is worked on: the lease that keeps it this attempt's, and those who listen."""

from collections.abc import Callable
from typing import Any

from coachwork.chassis.errors import OutOfTime
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.turns.attempts import Lease, Signs
from coachwork.chassis.turns.errors import TurnStopped
from coachwork.chassis.turns.limits import LEAST_SECONDS
from coachwork.chassis.turns.telling import Listener
from coachwork.services.fitness.agent import Evidence, ToolRun, Watch
from coachwork.services.fitness.repository import turns
from coachwork.services.fitness.repository.turns import OpenTurn

_MODEL_STEPS = {"decide", "answer"}


class ToolListener(Listener):
    """Hears of tools as well."""

    def tool(self, run: ToolRun) -> None:
        """Hear of a tool that was run."""


class TurnWatch(Watch):
    """Stops an attempt that has no time left, or no longer has the turn; `keep` says what is stored of evidence."""

    def __init__(
        self,
        database: Database,
        principal: Principal,
        turn: OpenTurn,
        *,
        lease: Lease,
        listener: ToolListener | None = None,
    ) -> None:
        self.deadline = lease.deadline
        self.evidence = turn.evidence
        self._database = database
        self._principal = principal
        self._turn = turn
        self._lease = lease
        self.keep: Callable[[Evidence], dict[str, Any]] = lambda _: {}
        self._listener = listener or ToolListener()
        self._text = ""
        self._signs = Signs(lease)

    def begins(self, step: str) -> None:
        """Let the step begin; raises `OutOfTime` or `TurnStopped` when it should not."""
        self._listener.goes_on()
        asks_model = step in _MODEL_STEPS
        if asks_model and self.deadline and self.deadline.left_seconds < LEAST_SECONDS:
            raise OutOfTime
        self._give_sign(at_once=asks_model)

    def ran(self, run: ToolRun) -> None:
        """Tell the listener."""
        self._listener.tool(run)

    def gathered(self, evidence: Evidence) -> None:
        """Keep it: at once where a tool has run, so that no later attempt runs it again."""
        self.evidence = kept = self.keep(evidence)
        if not (self._lease.is_renewed or evidence.tool_runs):
            return
        with self._database.session(self._principal) as session:
            if not turns.keep_evidence(session, self._turn.turn_id, self._turn.attempt, kept):
                raise TurnStopped

    def heard(self, text: str) -> None:
        """Tell the listener, and keep what is written so far."""
        self._text = text
        self._listener.text(text)
        self._give_sign(at_once=False)

    def _give_sign(self, *, at_once: bool) -> None:
        if not self._signs.are_due(at_once=at_once):
            return
        turn = self._turn
        with self._database.session(self._principal) as session:
            if not turns.hold(session, turn.turn_id, turn.attempt, self._lease.seconds, self._text):
                raise TurnStopped
