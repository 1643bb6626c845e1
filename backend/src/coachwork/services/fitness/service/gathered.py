"""What an attempt gathered, kept with the open turn for the next attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from coachwork.chassis.models import Usage
from coachwork.chassis.vectors import Hit
from coachwork.services.fitness.agent import Evidence, ToolRun
from coachwork.services.fitness.service.coach import Coach


def stored(evidence: Evidence, hits: Sequence[Hit]) -> dict[str, Any]:
    """Return the evidence as JSON; of the passages with all that citations need."""
    return {
        "hits": [{"id": hit.id, "text": hit.text, "score": hit.score, "metadata": dict(hit.metadata)} for hit in hits],
        "facts": list(evidence.facts),
        "tool_runs": [
            {
                "name": run.name,
                "arguments": dict(run.arguments),
                "result": dict(run.result),
                "sentences": list(run.sentences),
                "proposal": run.proposal,
            }
            for run in evidence.tool_runs
        ],
        "usage": asdict(evidence.usage),
    }


def resumed(kept: Mapping[str, Any] | None, coach: Coach) -> Evidence | None:
    """Return the evidence that was kept, and let the coach go on with it; None when none was."""
    if kept is None:
        return None
    passages = coach.resume([Hit(**hit) for hit in kept["hits"]])
    return Evidence(passages, kept["facts"], [ToolRun(**run) for run in kept["tool_runs"]], Usage(**kept["usage"]))
