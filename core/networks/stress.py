"""When does a classifier break? Its answers to a study's images, damaged in fifteen ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from core.measures.uncertainty import measure_logits
from core.networks.corruptions import FAMILIES, UNTRAINED, evaluate_corruptions
from core.networks.scoring import scorer_of
from core.study.study import Study


def stress_classifier(
    study: Study, name: str, advance: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, Any]:
    """Error, mean confidence and ECE of a classifier under each family of damage.

    Args:
        study: With images of the network's size and a label for each.
        name: The classifier's.
        advance: Told of each family done, and how many there are.

    Returns:
        `families`: by family `error`, `confidence`, `ece` and `counterpart`, the operator of the
        ensemble's training like it, or None; `mean_error`, `worst_error`, and
        `untrained_mean_error` over the families without a counterpart.

    Raises:
        ValueError: no such classifier, no network, no images or no labels.
    """
    scorer, dataset = scorer_of(study, name), study.dataset
    if dataset.images is None or dataset.labels is None:
        raise ValueError(f"{study.title} has no labelled images to damage")

    def predict_probs(images: np.ndarray) -> np.ndarray:
        logits = scorer.predict(images).logits
        return measure_logits(logits, scorer.temperature)["mean_probs"]

    images = np.stack([dataset.images.image(row) for row in range(len(dataset))])
    found = evaluate_corruptions(predict_probs, images, dataset.labels, advance=advance)
    errors = {family: row["error"] for family, row in found.items()}
    return {
        "families": {f: row | {"counterpart": FAMILIES[f].counterpart} for f, row in found.items()},
        "mean_error": float(np.mean(list(errors.values()))),
        "worst_error": max(errors.values()),
        "untrained_mean_error": float(np.mean([errors[family] for family in UNTRAINED])),
    }
