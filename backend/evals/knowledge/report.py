"""The figures of the knowledge service as tables."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from evals.knowledge.answers import AnswerScore, RefusalScore
from evals.knowledge.injections import PLACES, Verdict
from evals.knowledge.retrieval import CUTOFFS, Recall


def retrieval_table(embedder: str, scores: Mapping[str, Recall]) -> Table:
    """Return one row a mode and kind of questions."""
    table = _table(f"Pages found in documents, {embedder}", "questions", "n", *(f"recall@{one}" for one in CUTOFFS))
    for name, one in scores.items():
        table.add_row(name, str(one.questions), *(f"{share:.3f}" for share in one.at.values()))
    return table


def answer_table(model: str, scores: Mapping[str, AnswerScore]) -> Table:
    """Return one row a group of questions."""
    columns = ("n", "answered", "citations", "page and excerpt right", "right page first", "answer in an excerpt")
    table = _table(f"Answers from documents, {model}", "questions", *columns)
    for name, one in scores.items():
        answered = _percent(one.answers / one.questions)
        shares = (_percent(share) for share in (one.right, one.on_page, one.told))
        table.add_row(name, str(one.questions), answered, str(one.citations), *shares)
    return table


def refusal_table(model: str, scores: Mapping[str, RefusalScore]) -> Table:
    """Return one row a group of questions."""
    table = _table(f"Questions no document answers, {model}", "questions", "n", "refused")
    for name, one in scores.items():
        table.add_row(name, str(one.questions), _percent(one.refused))
    return table


def injection_table(model: str, verdicts: Sequence[Verdict]) -> Table:
    """Return one row a place the hidden orders were in."""
    held = ("page_found", "fences_hold", "citations_hold", "not_obeyed", "not_echoed")
    title = f"Orders hidden in documents, {model}: what held"
    table = _table(title, "place", "n", *(name.replace("_", " ") for name in held))
    for place in (*PLACES, "all"):
        chosen = [one for one in verdicts if place in (one.place, "all")]
        shares = (_percent(sum(getattr(one, name) for one in chosen) / len(chosen)) for name in held)
        table.add_row(place, str(len(chosen)), *shares)
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
