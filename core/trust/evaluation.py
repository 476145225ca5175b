"""How good a classifier is on a table of labelled images: the metrics, by name."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.measures.table import prob_columns
from core.trust import metrics


def evaluate_table(table: pd.DataFrame) -> dict[str, float]:
    """accuracy, nll (nats), brier, ece (15 bins), aurc and the number of images.

    Raises:
        ValueError: no image has a label.
    """
    known = table[table["label"].notna()]
    if known.empty:
        raise ValueError("No image has a label, so nothing can be evaluated")
    probs = known[prob_columns(known)].to_numpy(np.float64)
    labels = known["label"].to_numpy(np.int64)
    confidence = known["confidence"].to_numpy(np.float64)
    correct = known["correct"].to_numpy(bool)
    return {
        "accuracy": metrics.accuracy(probs, labels),
        "nll": metrics.nll(probs, labels),
        "brier": metrics.brier(probs, labels),
        "ece": metrics.ece(confidence, correct),
        # Ranked by the sum of the other classes, where float32 confidences tie at 1.
        "aurc": metrics.aurc(-known["least_confidence"].to_numpy(np.float64), correct),
        "num_images": len(known),
    }
