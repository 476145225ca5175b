"""Images in a file -> their score table in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from core.classifiers import Classifier, load_classifier
from core.inputs import load_images
from core.table import build_table, save_table
from core.uncertainty import measure_logits

Advance = Callable[[int, int], None]
"""advance(images just finished, images in all)"""


def score_images(
    classifier: Classifier,
    images: np.ndarray,
    labels: np.ndarray | None = None,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
) -> pd.DataFrame:
    """The score table of images uint8 (N, H, W), with labels (N,) where they are known.

    Raises:
        ValueError: the images do not fit the classifier, or a label is none of its classes.
    """
    if labels is not None and not np.isin(labels, range(len(classifier.class_names))).all():
        raise ValueError(f"labels must be 0 to {len(classifier.class_names) - 1}")
    prediction = classifier.predict(images, threads, lambda rows: advance(rows, len(images)))
    measures = measure_logits(prediction.logits, classifier.temperature, labels)
    if prediction.atypicality is not None:
        measures["atypicality"] = prediction.atypicality
    return build_table(measures, labels)


def score_file(
    source: Path,
    out: Path,
    model: str,
    threads: int | None = None,
    advance: Advance = lambda done, total: None,
) -> int:
    """Score the images of `source` into `out`; returns how many there were.

    Raises:
        ValueError: unknown model, unusable input, or a name for `out` that is no table's.
        OSError: `source` cannot be read or `out` cannot be written.
    """
    if out.suffix not in {".parquet", ".csv"}:
        raise ValueError(f"{out} must end in .parquet or .csv")
    images, labels = load_images(source)
    save_table(score_images(load_classifier(model), images, labels, threads, advance), out)
    return len(images)
