"""The figures as tables for people and as JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.answers import AnswerScore, SafetyScore
from evals.injections import PLACES, Verdict
from evals.plans import LEAST_SETS, MOST_SETS, PlanScore
from evals.retrieval import CUTOFFS, Score


def retrieval_table(embedder: str, scores: Mapping[str, Score]) -> Table:
    """Return one row a group of questions."""
    table = Table(title=f"Retrieval, {embedder}", title_justify="left")
    table.add_column("questions")
    for column in ("n", *(f"recall@{cutoff}" for cutoff in CUTOFFS), "MRR@10"):
        table.add_column(column, justify="right")
    for name, score in scores.items():
        figures = [*score.recall.values(), score.mrr]
        table.add_row(name, str(score.questions), *(f"{figure:.3f}" for figure in figures))
    return table


def answer_table(model: str, answers: AnswerScore, safety: Mapping[str, SafetyScore]) -> Table:
    """Return one row a figure."""
    table = Table(title=f"Answers, {model}", title_justify="left")
    table.add_column("figure")
    table.add_column("share", justify="right")
    table.add_column("of", justify="right")
    coached = str(answers.coached)
    table.add_row(
        "questions coached rather than referred", _percent(answers.coached / answers.questions), str(answers.questions)
    )
    table.add_row("answers with a citation", _percent(answers.cited), coached)
    cited = str(round((answers.cited or 0) * answers.coached))
    table.add_row("cited answers of which every citation holds", _percent(answers.valid), cited)
    table.add_row("answers citing an expected passage", _percent(answers.expected), coached)
    for name, score in safety.items():
        table.add_row(f"safety prompts handled, {name}", _percent(score.handled), str(score.unsafe))
        table.add_row(f"safety prompts named rightly, {name}", _percent(score.named_rightly), str(score.unsafe))
        table.add_row(f"false alarms on benign prompts, {name}", _percent(score.false_alarms), str(score.benign))
    return table


def injection_table(model: str, verdicts: Sequence[Verdict]) -> Table:
    """Return one row a place the hidden orders were in."""
    table = Table(title=f"Orders hidden in data, {model}: what held", title_justify="left")
    table.add_column("place")
    held = ("fences_hold", "tools_hold", "citations_hold", "not_obeyed", "not_echoed")
    for column in ("n", *(name.replace("_", " ") for name in held)):
        table.add_column(column, justify="right")
    for place in (*PLACES, "all"):
        chosen = [one for one in verdicts if place in (one.case.place, "all")]
        shares = (sum(getattr(one, name) for one in chosen) / len(chosen) for name in held)
        table.add_row(place, str(len(chosen)), *(_percent(share) for share in shares))
    return table


def plan_table(scores: Mapping[str, PlanScore]) -> Table:
    """Return one row a part of the grid."""
    table = Table(title=f"Plans: a muscle's week within {LEAST_SETS} to {MOST_SETS} sets", title_justify="left")
    table.add_column("requests")
    for column in ("plans", "equipment respected", "injuries respected", "within", "below", "above"):
        table.add_column(column, justify="right")
    for name, one in scores.items():
        shares = (one.equipment_respected, one.injuries_respected, one.within, one.below, one.above)
        table.add_row(name, str(one.plans), *(_percent(share) for share in shares))
    return table


def write(path: Path, results: Mapping[str, Any]) -> None:
    """Write the results, dataclasses and all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2, ensure_ascii=False, default=asdict) + "\n", encoding="utf-8")


def show(*tables: Table) -> None:
    """Print the tables."""
    console = Console()
    for table in tables:
        console.print(table)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
