"""Images in a file -> their score table in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from core.measures.table import build_table, save_table
from core.measures.uncertainty import measure_logits
from core.pictures.image_arrays import load_images
from core.study.classifiers import Classifier, Prediction, load_classifier

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
    return table_of(classifier, prediction, labels)


def table_of(
    classifier: Classifier, prediction: Prediction, labels: np.ndarray | None = None
) -> pd.DataFrame:
    """The score table of what a classifier said of N images, with labels (N,) if known."""
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
    use_labels: bool = True,
) -> int:
    """Score the images of `source` into `out`; returns how many there were.

    Args:
        source: `.npz`, `.npy` or IDX.
        out: `.parquet` or `.csv`.
        model: The classifier's name.
        threads: One a core if None.
        advance: Called as images are finished, from any thread.
        use_labels: False takes the labels of an `.npz` for unknown.

    Raises:
        ValueError: unknown model, unusable input, or a name for `out` that is no table's.
        OSError: `source` cannot be read or `out` cannot be written.
    """
    check_out(out)
    images, labels = load_images(source)
    known = labels if use_labels else None
    save_table(score_images(load_classifier(model), images, known, threads, advance), out)
    return len(images)


def check_out(out: Path) -> None:
    """Refuse before the work what could not be written after it.

    Raises:
        ValueError: the name is no table's.
        NotADirectoryError: its folder is not there.
    """
    if out.suffix not in {".parquet", ".csv"}:
        raise ValueError(f"{out} must end in .parquet or .csv")
    if not out.parent.is_dir():
        raise NotADirectoryError(f"{out.parent} is not a folder")
