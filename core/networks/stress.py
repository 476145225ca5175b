"""When does a classifier break? Its answers to the test images, damaged in fifteen ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from core.measures.uncertainty import measure_logits
from core.networks.corruptions import FAMILIES, UNTRAINED, evaluate_corruptions
from core.study.classifiers import load_classifier
from examples.mnist_data import load_test


def stress_classifier(
    name: str, advance: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Any]:
    """Error, mean confidence and ECE of a classifier under each family of damage.

    Args:
        name: The classifier's.
        advance: Told of each family done, and how many there are.

    Returns:
        `families`: by family `error`, `confidence`, `ece` and `counterpart`, the operator of the
        ensemble's training like it, or None; `mean_error`, `worst_error`, and
        `untrained_mean_error` over the families without a counterpart.

    Raises:
        ValueError: no such classifier.
    """
    classifier = load_classifier(name)

    def predict_probs(images: np.ndarray) -> np.ndarray:
        logits = classifier.predict_logits(images)
        return measure_logits(logits, classifier.temperature)["mean_probs"]

    found = evaluate_corruptions(predict_probs, *load_test(), advance=advance)
    errors = {family: row["error"] for family, row in found.items()}
    return {
        "families": {f: row | {"counterpart": FAMILIES[f].counterpart} for f, row in found.items()},
        "mean_error": float(np.mean(list(errors.values()))),
        "worst_error": max(errors.values()),
        "untrained_mean_error": float(np.mean([errors[family] for family in UNTRAINED])),
    }
