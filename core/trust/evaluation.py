"""How good a classifier is on labelled items: the metrics, by name."""

from __future__ import annotations

import numpy as np

from core.study.predictions import Predictions
from core.trust import metrics
from core.trust.calibration import brier_of_each, nll_of_each
from core.trust.judged import Judged, judge


def evaluate_predictions(
    predictions: Predictions, labels: np.ndarray | None = None
) -> dict[str, float]:
    """`evaluate` of all labelled items.

    Args:
        predictions: Of which classifier.
        labels: Class codes of all items, UNLABELLED where not known; the score table's if None.

    Raises:
        ValueError: no item has a label.
    """
    judged = judge(predictions, labels=labels)
    return evaluate(judged, doubt(predictions, judged))


def evaluate(judged: Judged, doubts: np.ndarray | None = None) -> dict[str, float]:
    """accuracy, nll (nats), brier, ece (15 bins), aurc and the number of items.

    Those that need what was not given are left out.

    Args:
        judged: The items.
        doubts: (N,) what ranks them for aurc, high meaning unsure; confidence does if None.

    Raises:
        ValueError: there is no item.
    """
    if not len(judged):
        raise ValueError("No item has a label, so nothing can be evaluated")
    correct = judged.correct
    found = {"accuracy": float(correct.mean())}
    if judged.has_distribution:
        found["nll"] = float(nll_of_each(judged).mean())
        found["brier"] = float(brier_of_each(judged).mean())
    if judged.confidence is not None:
        found["ece"] = metrics.ece(judged.confidence, correct)
        surer = judged.confidence if doubts is None else -doubts.astype(np.float64)
        found["aurc"] = metrics.aurc(surer, correct)
    return found | {"num_items": len(judged)}


def doubt(predictions: Predictions, judged: Judged) -> np.ndarray | None:
    """What ranks the items better than their confidence, (N,), or None where it is exact.

    In float32, confidences tie at 1 that differ in what they leave to the other classes. Given
    probabilities tie only where they are equal, and so they must.
    """
    if judged.confidence is None or judged.confidence.dtype != np.float32:
        return None
    if not judged.has_distribution or "least_confidence" not in predictions.scores:
        return None
    return predictions.scores["least_confidence"].to_numpy()[judged.rows]
