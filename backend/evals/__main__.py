"""Measures retrieval and answers: `python -m evals`; prints tables and writes build/eval.json.

The offline embedder is always measured, OpenAI's when OPENAI_API_KEY is set. The coach that answers is the one the
environment chooses: offline without a key. The knowledge service is measured with the stand-ins alone: there a model's
tokens are an account's, and an evaluation has none.
"""

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.service.library import load_passages, read_passages
from coachwork.tools.progress import progress_bar
from evals import answers, injections, plans, questions, report, retrieval
from evals.coach import coach_of
from evals.knowledge.measure import measure as measure_knowledge

BACKEND = Path(__file__).parents[1]
RESULTS = BACKEND.parent / "build" / "eval.json"


def main() -> int:
    """Return 0 when everything was measured, 1 when it could not be."""
    parser = ArgumentParser(prog="python -m evals", description="Measure retrieval and answers.")
    parser.add_argument("--retrieval-only", action="store_true", help="leave the answers out")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="coachwork-eval-") as folder:
            results = _measure(Path(folder), with_answers=not options.retrieval_only)
    except CoachworkError as error:
        print(error.detail, file=sys.stderr)
        return 1
    report.write(RESULTS, results)
    print(f"written to {RESULTS.relative_to(BACKEND.parent)}")
    return 0


def _measure(folder: Path, *, with_answers: bool) -> dict[str, Any]:
    passages = read_passages(BACKEND / "seeds" / "fitness")
    asked = questions.questions()
    results: dict[str, Any] = {"passages": len(passages), "retrieval": {}}
    for provider in ["offline", "openai"] if os.environ.get("OPENAI_API_KEY") else ["offline"]:
        resources = _resources(folder / provider, EMBEDDING_PROVIDER=provider)
        embedder, index = resources.embedder(), resources.vector_index(COLLECTION)
        with progress_bar(f"{embedder.name}: passages") as advance:
            load_passages(index, embedder, passages, advance)
        ranked = retrieval.rankings(asked, embedder, index)
        scores = retrieval.scores(asked, ranked)
        report.show(report.retrieval_table(embedder.name, scores))
        results["retrieval"][embedder.name] = {"scores": scores, "missed": retrieval.missed(asked, ranked)}
    if with_answers:
        results["answers"] = _measure_answers(resources, asked)
        results["injections"] = _measure_injections(resources)
    scored = plans.scores(plans.library(BACKEND / "seeds" / "fitness"))
    report.show(report.plan_table(scored))
    results["plans"] = scored
    offline = _resources(folder / "documents", EMBEDDING_PROVIDER="offline", MODEL_PROVIDER="offline")
    results["knowledge"] = measure_knowledge(folder / "knowledge", offline, with_answers=with_answers)
    return results


def _measure_answers(resources: Resources, asked: list[questions.Question]) -> dict[str, Any]:
    answer, given = coach_of(resources), questions.prompts()
    texts = [*(question.question for question in asked), *(prompt.prompt for prompt in given)]
    replies = []
    model = resources.chat_model().name
    with progress_bar(f"{model}: answers") as advance:
        for done, text in enumerate(texts, 1):
            replies.append(answer(text))
            if done % 50 == 0 or done == len(texts):
                advance(done, len(texts))
    answered = answers.score_answers(asked, replies[: len(asked)])
    safety = _safety(given, replies[len(asked) :])
    report.show(report.answer_table(model, answered, safety))
    return {"model": model, "embedder": resources.embedder().name, "questions": answered, "safety": safety}


def _measure_injections(resources: Resources) -> list[injections.Verdict]:
    model = resources.chat_model()
    verdicts = [injections.judge(model, case) for case in injections.cases()]
    report.show(report.injection_table(model.name, verdicts))
    return verdicts


def _safety(given: list[questions.Prompt], replies: list[answers.Reply]) -> dict[str, answers.SafetyScore]:
    pairs = list(zip(given, replies, strict=True))
    scores = {"all": answers.score_safety(given, replies)}
    for split in ("tune", "held_out"):
        chosen = [pair for pair in pairs if pair[0].split == split]
        scores[split] = answers.score_safety([pair[0] for pair in chosen], [pair[1] for pair in chosen])
    return scores


def _resources(chroma: Path, **chosen: str) -> Resources:
    """Return resources without a database: the coach of an evaluation knows no caller."""
    openai = {name: value for name, value in os.environ.items() if name.startswith("OPENAI_")}
    return bootstrap(
        Settings.load(
            {
                **openai,
                **chosen,
                "ENVIRONMENT": "test",
                "DATABASE_URL": "postgresql://nobody@localhost/nothing",
                "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
                "CHROMA_PATH": str(chroma),
            }
        )
    )


if __name__ == "__main__":
    sys.exit(main())
