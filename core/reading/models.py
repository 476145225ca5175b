"""A model's values, what they are, and its answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from core.reading.checks import check_answers
from core.reading.classes import gather, order_of
from core.reading.errors import ReadingError
from core.reading.fields import Column, Fields
from core.reading.joined import Joined
from core.reading.kinds import Understood, understand
from core.reading.label_values import Classes
from core.reading.labels import code_labels
from core.reading.questions import Desk
from core.reading.reading import ModelReading
from core.reading.scratch import allocate
from core.reading.tally import argmax_rows
from core.reading.tiers import ask_answers_only, confidence_of
from core.reading.truth import Truth
from core.study.dataset import UNLABELLED


def scored_model(
    name: str, files: list[Fields], joined: Joined, classes: Classes, speaking: list[Fields]
) -> ModelReading:
    """The values of a model; a prediction is filled in once the labels are known."""
    if not files[0].scores:
        return ModelReading(name, "votes", "top-1" if files[0].number else "answers")
    lacking = next((file for file in files if not file.scores), None)
    if lacking is not None:
        raise ReadingError(f"{lacking.file} has no scores for all classes as {files[0].file} has; "
                           "give members of one form.")  # fmt: skip
    values = gather(
        [joined.values[id(file)] for file in files],
        [joined.of(file) for file in files],
        [order_of(file, classes, speaking) for file in files],
        joined.num_items, files[0].file,
    )  # fmt: skip
    return ModelReading(name, "logits", "full", values)


def predicted_by(models: dict[str, ModelReading]) -> Callable[[], np.ndarray | None]:
    """Gives the first model's predicted codes, computed once and only if asked for."""
    values = next((model.values for model in models.values() if model.values is not None), None)

    @cache
    def predicted() -> np.ndarray | None:
        return None if values is None else argmax_rows(values)

    return predicted


def told_kind(model: ModelReading, files: list[Fields], desk: Desk, alone: bool) -> np.ndarray:
    """Find out what a model's values are; gives the rows that cannot be kept, bool (N,)."""
    assert model.values is not None  # noqa: S101 - for the type checker; the caller looked
    file = files[0].file if len(files) == 1 else f"{len(files)} files"
    found = understand(model.values, file, model.name, desk, alone)
    model.kind = found.kind
    _say(found, files[0], file, model.values.dtype == np.float16, desk)
    if model.kind == "votes" and model.num_members == 1:
        model.prediction = argmax_rows(model.values).astype(np.int32)
        model.values, model.tier = None, "answers"
    return found.set_aside


def _say(found: Understood, first: Fields, file: str, half: bool, desk: Desk) -> None:
    scores = first.scores[0]
    num_members, num_items, num_classes = found.tally.shape
    members = f", {num_members} members" if num_members > 1 else ""
    what = f"{scores.shown} ({num_classes} classes{members})"
    kept = num_items - int(found.set_aside.sum())
    desk.report.add("read", file, f"{what} read as {found.text}", kept, num_items)
    if found.kind == "probabilities" and found.tally.worst_sum > 1e-6 and found.tally.sum_high < 2:
        desk.report.add(
            "corrected", file,
            f"rows are divided by their sum, which differs from 1 by up to "
            f"{found.tally.worst_sum:.2g}; the values stay as given",
        )  # fmt: skip
    if half:
        desk.report.add("noted", file, "half floats (float16): equal numbers, so ties, are common")
    if found.kind == "probabilities" and found.tally.low < 0:
        desk.report.add("corrected", file,
                        f"values below 0, down to {found.tally.low:.2g}, count as 0")  # fmt: skip


def told_answers(
    model: ModelReading, files: list[Fields], joined: Joined, truth: Truth, desk: Desk
) -> np.ndarray:
    """Predictions of a model without scores; those beside scores are checked.

    Returns:
        The rows that cannot be kept, bool (N,).
    """
    coded = [_coded(file, file.answers, joined, truth, desk) for file in files if file.answers]
    if model.values is not None or model.prediction is not None:
        if coded and files[0].answers:
            check_answers(model, coded[0], files[0].answers.name, files[0].file, desk)
        return np.zeros(joined.num_items, bool)
    if len(files) > 1:
        desk.report.add("read", "", f"{model.name}: answers read as votes of {len(coded)} members")
        return _vote(model, coded, len(truth.names), files[0].file)
    model.prediction = coded[0]
    return _told_confidence(model, files[0], joined, desk)


def _coded(file: Fields, column: Column, joined: Joined, truth: Truth, desk: Desk) -> np.ndarray:
    classes = Classes(len(truth.names), truth.names)
    aligned = Column(column.name, joined.column(file, column))
    codes = code_labels(aligned, classes, file.file, desk, lambda: None).codes
    known = int((codes != UNLABELLED).sum())
    desk.report.add("read", file.file, f"predictions in {column.name!r}", known, len(codes))
    return codes


def _told_confidence(model: ModelReading, file: Fields, joined: Joined, desk: Desk) -> np.ndarray:
    assert model.prediction is not None  # noqa: S101 - for the type checker; it was just set
    if file.number is None:
        ask_answers_only(file, desk)
        return np.zeros(joined.num_items, bool)
    confidence = confidence_of(file, file.number, desk)
    rows = joined.of(file)
    model.confidence = confidence if rows is None else confidence[rows]
    said = f"confidence in {file.number.name!r}; there is no entropy and no prediction set without"
    desk.report.add("read", file.file, f"{said} the scores of all classes")
    return ~np.isfinite(model.confidence) | (model.prediction == UNLABELLED)


def _vote(model: ModelReading, coded: list[np.ndarray], num_classes: int, file: str) -> np.ndarray:
    """Answers of S members as one-hot rows, uint8 (S, N, K)."""
    values = allocate((len(coded), len(coded[0]), num_classes), np.dtype(np.uint8), file)
    silent = np.zeros(len(coded[0]), bool)
    for member, codes in enumerate(coded):
        values[member] = codes[:, None] == np.arange(num_classes)
        silent |= codes == UNLABELLED
    model.values, model.kind, model.tier = values, "votes", "full"
    return silent
