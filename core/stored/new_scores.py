"""The score table of a new model, written when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.measures.score_predictions import score_answers, score_values
from core.stored.mapped_scores import keep_columns
from core.stored.new_study import NewModel, NewStudy
from core.stored.score_tables import save_scores


def write_scores(
    model: NewModel, new: NewStudy, path: Path, progress: Callable[[int], None]
) -> None:
    """Score a model's answers and write the table.

    Args:
        model: One of the study's.
        new: The study.
        path: Of the table.
        progress: Called with the number of rows just scored, from any thread.

    Raises:
        ValueError: a value cannot be measured.
        OSError: the table cannot be written.
    """
    if model.values is not None:
        values, kind, labels = model.values, model.kind, new.labels
        table = score_values(values, kind, labels, model.temperature, progress)
    else:
        progress(len(new))
        answers, num_classes = np.asarray(model.prediction), len(new.class_names)
        table = score_answers(answers, num_classes, new.labels, model.confidence)
    save_scores(table, path)
    keep_columns(table, path)
