"""Train the safety screen's classifier: `python -m evals.train_safety`; writes its weights and its figures.

Multinomial logistic regression with an L2 penalty, by Nesterov's accelerated gradient on the dual coefficients: with
fewer prompts than features the prompts' products are the smaller matrix. Everything, the threshold as well, is chosen
by cross-validation on the training prompts; the held-out prompts are never read.

Source: Nesterov 1983, "A method for solving the convex programming problem with convergence rate O(1/k^2)".
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coachwork.services.fitness.domain.safety.classifier import CONCERNS, UNIT, WEIGHTS, Classifier
from coachwork.services.fitness.domain.safety.features import features, stems
from coachwork.services.fitness.domain.safety.screen import concern_of, plain
from evals.questions import TrainingPrompt, training_prompts

Matrix = NDArray[np.float64]

_PENALTY = 0.1
_STEPS = 200
_FOLDS = 5
_FEWEST_PROMPTS = 3
"""A feature that fewer prompts have is left out."""
_SMALLEST = 2
"""A feature none of whose weights reaches so many units is left out."""
_MOST_FALSE_ALARMS = 0.05
"""Of benign prompts, in cross-validation; half of them were written to be taken for a concern."""
_LABELS = (*(concern.value for concern in CONCERNS), None)


def main() -> None:
    """Choose the threshold by cross-validation, train on everything, and write the weights."""
    given = training_prompts()
    threshold, figures = cross_validated(given)
    content = {
        "trained_on": {str(label or "benign"): sum(one.category == label for one in given) for label in _LABELS},
        "cross_validation": figures,
        "threshold": threshold,
        **train(given),
    }
    lines = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    WEIGHTS.write_text(lines + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=2))
    print(f"{len(content['weights'])} features, {WEIGHTS.stat().st_size // 1024} KiB -> {WEIGHTS.name}")


def train(given: Sequence[TrainingPrompt]) -> dict[str, Any]:
    """Return the biases and the weights in whole units, each relative to those of benign prompts."""
    rows = [features(stems(plain(one.prompt))) for one in given]
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= _FEWEST_PROMPTS)
    columns = {name: column for column, name in enumerate(names)}
    design = np.zeros((len(rows), len(names)), np.float32)
    for number, row in enumerate(rows):
        for name in row.keys() & columns:
            design[number, columns[name]] = row[name]
    labels = np.array([_LABELS.index(one.category) for one in given])
    duals, biases = _fit((design @ design.T).astype(np.float64), np.eye(len(_LABELS))[labels])
    weights = np.rint((design.T @ (duals[:, :-1] - duals[:, -1:])) / UNIT).astype(int)
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= _SMALLEST)
    return {
        "biases": [round(float(bias - biases[-1]), 2) for bias in biases[:-1]],
        "weights": {names[column]: weights[column].tolist() for column in kept},
    }


def _fit(products: Matrix, truth: Matrix) -> tuple[Matrix, Matrix]:
    """Return a dual coefficient per prompt and label, and a bias per label, that minimise the penalised loss."""
    step, bias_step = 1 / (0.5 * products.sum(axis=1).max() + _PENALTY), 2 / len(products)
    duals = ahead = np.zeros_like(truth)
    biases = biases_ahead = np.zeros(truth.shape[1])
    pace = 1.0
    for _ in range(_STEPS):
        scores = products @ ahead + biases_ahead
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        excess = powers / powers.sum(axis=1, keepdims=True) - truth
        moved, moved_biases = ahead - step * (excess + _PENALTY * ahead), biases_ahead - bias_step * excess.sum(axis=0)
        next_pace = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        momentum = (pace - 1) / next_pace
        ahead, biases_ahead = moved + momentum * (moved - duals), moved_biases + momentum * (moved_biases - biases)
        duals, biases, pace = moved, moved_biases, next_pace
    return duals, biases


def cross_validated(given: Sequence[TrainingPrompt]) -> tuple[float, dict[str, Any]]:
    """Return the lowest threshold with few enough false alarms of the whole screen, and the figures it has there."""
    folds = _folds(given)
    trained = [
        train([one for one, fold in zip(given, folds, strict=True) if fold != left_out]) for left_out in range(_FOLDS)
    ]
    for percent in range(30, 100):
        judges = [Classifier.from_json({"threshold": percent / 100, **content}) for content in trained]
        figures = _figures(given, [judges[fold] for fold in folds])
        if figures["false_alarms"] <= _MOST_FALSE_ALARMS:
            break
    return percent / 100, figures


def _folds(given: Sequence[TrainingPrompt]) -> list[int]:
    """Return each prompt's fold: those of a label are dealt in turn, in the order of their words."""
    order = sorted(range(len(given)), key=lambda number: (str(given[number].category), given[number].prompt[::-1]))
    folds = [0] * len(given)
    for place, number in enumerate(order):
        folds[number] = place % _FOLDS
    return folds


def _figures(given: Sequence[TrainingPrompt], judges: Sequence[Classifier]) -> dict[str, Any]:
    seen = [concern_of(plain(one.prompt), judge) for one, judge in zip(given, judges, strict=True)]
    pairs = list(zip(given, seen, strict=True))
    concerning = [(one.category, concern) for one, concern in pairs if one.category]
    return {
        "false_alarms": _share([concern is not None for one, concern in pairs if not one.category]),
        "handled": _share([concern is not None for _, concern in concerning]),
        "named_rightly": _share([category == concern for category, concern in concerning]),
        **{
            f"handled, {label}": _share([concern is not None for category, concern in concerning if category == label])
            for label in _LABELS[:-1]
        },
    }


def _share(hits: Sequence[bool]) -> float:
    return round(sum(hits) / len(hits), 3)


if __name__ == "__main__":
    main()
