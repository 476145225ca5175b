"""Logits -> measures, by the graph compiled from TensorFlow Probability."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from core.measures.runtime import Graph

PATH = Path(__file__).resolve().parents[2] / "models" / "artifacts" / "uncertainty.tflite"
_BATCH_SIZE = 1_000  # images: what one call needs, the compiled graph keeps for good
_FEW_MEMBERS = 5  # of several times as many members, so many times fewer images


def measure_logits(
    logits: np.ndarray, temperature: float = 1.0, labels: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """All measures of each image, as `models/uncertainty.py` defines them.

    Args:
        logits: (S, N, K), finite.
        temperature: Above 0; divides the logits.
        labels: (N,) integers 0 to K - 1, or None.

    Returns:
        `mean_probs` float32 (N, K), `prediction` int32 (N,) and one float32 (N,) a measure;
        `log_likelihood` is NaN without labels.

    Raises:
        ValueError: wrong number of axes, fewer than two classes, no image, logits that are not
            finite, or a temperature that is not above 0.
    """
    logits = np.asarray(logits, dtype=np.float32)
    if logits.ndim != 3 or logits.shape[2] < 2 or 0 in logits.shape:
        raise ValueError(f"logits must be (members, images, classes >= 2), got {logits.shape}")
    if not np.isfinite(logits).all():
        raise ValueError("logits must be finite")
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0, got {temperature}")
    size = max(1, _BATCH_SIZE // max(1, len(logits) // _FEW_MEMBERS))
    starts = range(0, logits.shape[1], size)
    batches = [slice(start, start + size) for start in starts]
    parts = [
        _measure(logits[:, batch], temperature, None if labels is None else labels[batch])
        for batch in batches
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _measure(
    logits: np.ndarray, temperature: float, labels: np.ndarray | None
) -> dict[str, np.ndarray]:
    measures = _graph().run("measure", logits=logits, temperature=np.array(temperature, np.float32))
    log_mean_probs = measures.pop("log_mean_probs")
    measures["log_likelihood"] = _log_likelihood(log_mean_probs, labels)
    return measures


def _log_likelihood(log_mean_probs: np.ndarray, labels: np.ndarray | None) -> np.ndarray:
    if labels is None:
        return np.full(len(log_mean_probs), np.nan, dtype=np.float32)
    codes = np.asarray(labels, dtype=np.int32)
    outputs = _graph().run("log_likelihood", log_mean_probs=log_mean_probs, labels=codes)
    return outputs["log_likelihood"]


@cache
def _graph() -> Graph:
    return Graph(PATH, remake="export uncertainty")
