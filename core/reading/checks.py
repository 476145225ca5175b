"""What is said of scores beside their kind: answers that differ, labels at probability 0."""

from __future__ import annotations

import numpy as np

from core.reading.questions import Desk
from core.reading.reading import ModelReading
from core.reading.tally import argmax_rows, row_blocks
from core.study.dataset import UNLABELLED


def check_answers(model: ModelReading, codes: np.ndarray, name: str, file: str, desk: Desk) -> None:
    """Compare a column of answers with the class of the highest score."""
    best = model.prediction if model.values is None else argmax_rows(model.values, model.kind)
    assert best is not None  # noqa: S101 - the caller looked
    said = codes != UNLABELLED
    agree = int((codes == best)[said].sum())
    text = f"answers in {name!r} agree with the highest score"
    others = np.flatnonzero(said & (codes != best))[:5]
    rows = (
        (f"they differ on row {', row '.join(f'{row:,}' for row in others)}",)
        if others.size
        else ()
    )
    desk.report.add("read" if not rows else "noted", file, text, agree, int(said.sum()), rows)


def note_zero_labels(model: ModelReading, labels: np.ndarray, desk: Desk) -> None:
    """Say on how many rows the label's probability is exactly 0, so that its logarithm is not."""
    if model.values is None or model.kind not in {"probabilities", "votes", "counts"}:
        return
    zero = np.zeros(len(labels), bool)
    for rows in row_blocks(model.values):
        known = np.flatnonzero(labels[rows] != UNLABELLED) + rows.start
        if known.size:
            zero[known] = (model.values[:, known, labels[known]] <= 0).all(0)
    if zero.any():
        desk.report.add(
            "noted", "",
            f"{model.name}: the label's probability is exactly 0, where NLL is infinite; "
            "it is also given without these rows",
            int(zero.sum()), len(zero), tuple(f"row {row:,}" for row in np.flatnonzero(zero)[:5]),
        )  # fmt: skip
