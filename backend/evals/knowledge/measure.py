"""Measures the knowledge service: retrieval, and with a chat model answers, refusals and hidden orders."""

from pathlib import Path
from typing import Any

from coachwork.chassis.resources import Resources
from coachwork.tools.progress import progress_bar
from evals.knowledge import answers, injections, report, retrieval
from evals.knowledge.corpus import Manuscript, manuscripts
from evals.knowledge.library import Library, filled, opened
from evals.knowledge.questions import answerable, unanswerable
from evals.report import show


def measure(folder: Path, resources: Resources, *, with_answers: bool) -> dict[str, Any]:
    """Return the figures, and print them as tables."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = manuscripts()
    with opened(folder, resources) as parts:
        with progress_bar("documents read, cut and indexed") as advance:
            library = filled(parts, texts, advance)
        results = _retrieval(library)
        if with_answers:
            results |= _answers(library, {text.stem: text for text in texts})
            results["injections"] = _injections(parts, texts)
    return {"documents": len(texts), "pages": sum(len(text.pages) for text in texts), **results}


def _retrieval(library: Library) -> dict[str, Any]:
    asked = answerable()
    ranked = retrieval.rankings(library, asked)
    scores = retrieval.recalls(library, asked, ranked)
    show(report.retrieval_table(library.resources.embedder().name, scores))
    return {"retrieval": scores, "missed": retrieval.missed(library, asked, ranked)}


def _answers(library: Library, texts: dict[str, Manuscript]) -> dict[str, Any]:
    asked, hopeless, model = answerable(), unanswerable(), library.resources.chat_model().name
    given = []
    with progress_bar(f"{model}: answers from documents") as advance:
        for done, one in enumerate([*asked, *hopeless], 1):
            given.append(answers.answer(library, one.question))
            advance(done, len(asked) + len(hopeless))
    answered = answers.score(library, texts, asked, given[: len(asked)])
    refused = answers.score_refusals(hopeless, given[len(asked) :])
    show(report.answer_table(model, answered), report.refusal_table(model, refused))
    return {"model": model, "answers": answered, "refusals": refused}


def _injections(resources: Resources, texts: list[Manuscript]) -> list[injections.Verdict]:
    asked, cases, verdicts = answerable(), injections.cases(), []
    with progress_bar("documents with orders in them") as advance:
        for done, case in enumerate(cases, 1):
            verdicts.append(injections.judge(resources, case, asked, texts))
            advance(done, len(cases))
    show(report.injection_table(resources.chat_model().name, verdicts))
    return verdicts
