"""The study that the speed of Trust is measured on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from core.measures.probabilities import blocks
from core.measures.uncertainty import measure_logits
from core.study.dataset import Dataset, Noun
from core.study.ids import RowIds
from core.study.predictions import Predictions
from core.study.study import Study

MODEL = "one"


def made_study(path: Path, num_rows: int, num_classes: int) -> Study:
    """One model that is right about 80 % of the time and a little too sure, on a memory map."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, num_classes, num_rows)
    values = np.lib.format.open_memmap(path, "w+", np.float32, (1, num_rows, num_classes))
    tables = []
    for rows in blocks(num_rows, num_classes):
        shape = (rows.stop - rows.start, num_classes)
        values[0, rows] = rng.normal(0, 2, shape)
        lead = rng.normal(2 + 2 * np.sqrt(2 * np.log(num_classes)), 3, shape[0])
        values[0, np.arange(rows.start, rows.stop), labels[rows]] += lead
        found = measure_logits(values[:, rows])
        tables.append(pd.DataFrame({k: v for k, v in found.items() if k != "mean_probs"}))
    values.flush()
    scores = pd.concat(tables, ignore_index=True).assign(label=labels)
    dataset = Dataset(
        "made",
        "Made up",
        Noun("item", "items"),
        tuple(f"class {k}" for k in range(num_classes)),
        RowIds(num_rows),
        labels.astype(np.int32),
        lambda: "",
    )
    model = Predictions(
        MODEL,
        "One",
        "logits",
        1,
        read_values=lambda: np.load(path, mmap_mode="r"),
        read_scores=lambda: scores,
    )
    held_out = _held_out(model, num_rows // 5)
    return Study(dataset, {MODEL: model}, {MODEL: held_out})


def _held_out(model: Predictions, num_rows: int) -> Predictions:
    """The same values' first rows: what they say is of no interest here."""
    return replace(
        model,
        read_values=lambda: model.values[:, :num_rows],
        read_scores=lambda: model.scores[:num_rows],
    )
