"""Arrays sorted by what they are, by their names first and by their shapes second."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from core.reading.containers import Contents
from core.reading.fields import Column, Fields, Part, Scores
from core.reading.label_faults import refuse_fractions, refuse_labels_of_places
from core.reading.names import (
    ANSWERS,
    CLASS_NAMES,
    CONFIDENCE,
    FEATURES,
    HELD_OUT,
    IDS,
    LABELS,
    SCORES,
    SHARES,
    TEST,
    TRAIN,
    bare,
    loosely,
    normal,
    tokens,
    words_in,
)  # fmt: skip
from core.reading.report import Report

_SPOKEN = words_in(
    """
    pred preds predicted prediction predictions prob probs proba probas probability probabilities
    logit logits score scores softmax hat
    """
)
"""Words of a model: "y_test_proba" holds no labels."""


def array_fields(contents: Contents, report: Report) -> list[Fields]:
    """What the arrays of a file offer: one `Fields`, or one a part where there are several."""
    if len(folds := _by_fold(contents.arrays)) > 1:
        return [_fields(Contents(contents.file, stem=f"{contents.stem}_fold{number}"), arrays,
                        "main", report) for number, arrays in sorted(folds.items())]  # fmt: skip
    parts: dict[Part, dict[str, np.ndarray]] = {}
    for name, values in contents.arrays.items():
        parts.setdefault(part_of(name), {})[name] = values
    if "main" not in parts:
        parts["main"] = parts.pop(next(iter(parts)))
    elif len(parts) > 1 and not any(tokens(n) & TEST for n in parts["main"]):
        parts = _with_shared(parts)
    return [_fields(contents, arrays, part, report) for part, arrays in parts.items()]


def _with_shared(parts: dict[Part, dict[str, np.ndarray]]) -> dict[Part, dict[str, np.ndarray]]:
    """Class names and the like stay with the main part; a main part without scores is none."""
    if any(values.ndim > 1 for values in parts["main"].values()):
        return parts
    other: Part = "held-out" if "held-out" in parts else "training"
    parts["main"] |= parts.pop(other)
    return parts


def _by_fold(arrays: dict[str, np.ndarray]) -> dict[int, dict[str, np.ndarray]]:
    """Arrays by the number of their fold; none where an array has no number."""
    folds: dict[int, dict[str, np.ndarray]] = {}
    for name, values in arrays.items():
        if (match := re.search(r"fold[_\-]?(\d+)", name.lower())) is None:
            return {}
        folds.setdefault(int(match[1]), {})[name.lower().replace(match[0], "").strip("_-")] = values
    return folds


def part_of(name: str) -> Part:
    """Which part of the data a name tells of."""
    words = tokens(name)
    if words & HELD_OUT and not words & TEST:
        return "held-out"
    return "training" if words & TRAIN and not words & TEST else "main"


def _fields(
    contents: Contents, arrays: dict[str, np.ndarray], part: Part, report: Report
) -> Fields:
    fields = Fields(contents.file, contents.stem, part=part)
    squeezed = {name: values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
                for name, values in arrays.items()}  # fmt: skip
    for name, values in squeezed.items():
        if values.ndim in {2, 3} and values.dtype.kind in "biuf":
            _take_matrix(fields, name, values, report)
        elif values.ndim != 1 or values.dtype.names is not None:
            _set_aside(contents.file, name, values, report)
    for name, values in squeezed.items():
        if values.ndim == 1 and values.dtype.names is None:
            _take_line(fields, name, values, report)
    refuse_labels_of_places(fields)
    sizes = [len(scores.values) for scores in fields.scores if scores.values.ndim == 2]
    sizes += [len(column.values) for column in fields.labels]
    sizes += [len(c.values) for c in (fields.answers, fields.number, fields.ids) if c]
    fields.num_rows = sizes[0] if sizes else max((max(s.values.shape[:2])
                                                  for s in fields.scores), default=0)  # fmt: skip
    return fields


def _set_aside(file: str, name: str, values: np.ndarray, report: Report) -> None:
    report.add("set aside", file, f"array {name!r} {values.shape} of {values.dtype} not used")


def _take_matrix(fields: Fields, name: str, values: np.ndarray, report: Report) -> None:
    if loosely(name, FEATURES) and values.ndim == 2:
        fields.features = values
    elif normal(name) in {"images", "x", "x_test", "pixels"} or _is_pictures(name, values):
        _set_aside(fields.file, name, values, report)
    elif loosely(name, LABELS | SHARES) and not _speaks(name):
        if values.ndim == 2:
            fields.label_matrix = Scores(name, values)
        else:
            _set_aside(fields.file, name, values, report)
    elif values.shape[-1] > 1:
        fields.scores.append(Scores(name, values))
    else:
        _set_aside(fields.file, name, values, report)


def _is_pictures(name: str, values: np.ndarray) -> bool:
    """Bytes of three axes, 2 and more somewhere: grey pictures (N, H, W)."""
    if values.ndim != 3 or values.dtype != np.uint8 or loosely(name, SCORES):
        return False
    return int(values[:100].max(initial=0)) > 1


def _speaks(name: str) -> bool:
    return bool(tokens(name) & _SPOKEN)


def _take_line(fields: Fields, name: str, values: np.ndarray, report: Report) -> None:
    """A one-dimensional array."""
    sizes = {side for scores in fields.scores for side in scores.values.shape[:2]}
    column = Column(name, as_arrow(values))
    fits = not sizes or len(values) in sizes
    text, fractions = values.dtype.kind in "US", _has_fractions(values)
    if bare(name) in LABELS:
        refuse_fractions(fields.file, name, values)
    if loosely(name, CLASS_NAMES) and text:
        fields.class_names = tuple(str(value) for value in column.values.to_pylist())
    elif not fractions and (bare(name) in ANSWERS or _is_answer(name)):
        fields.answers = column
    elif fractions and fits and (loosely(name, CONFIDENCE | SCORES) or fields.number is None):
        fields.number = column
    elif not fractions and loosely(name, LABELS):
        fields.labels.append(column)
    elif not fractions and loosely(name, frozenset(IDS) | {"ids", "names", "filenames", "paths"}):
        fields.ids = Column(name, column.values.cast(pa.string()))
    elif not fractions and fits and not fields.labels:
        fields.labels, fields.labels_guessed = [column], True
    else:
        _set_aside(fields.file, name, values, report)


def _is_answer(name: str) -> bool:
    return loosely(name, ANSWERS) and not tokens(name) & {"true", "truth", "target", "label_ids"}


def _has_fractions(values: np.ndarray) -> bool:
    if values.dtype.kind != "f":
        return False
    known = values[np.isfinite(values)]
    return bool((known != np.floor(known)).any())


def as_arrow(values: np.ndarray) -> pa.Array:
    """A one-dimensional array as Arrow; bytes read as UTF-8, or Latin-1 where they are not."""
    if values.dtype.kind == "S":
        texts = [_decoded(value) for value in values.tolist()]
        return pa.array(texts, pa.string())
    if values.dtype.kind == "U":
        return pa.array(values.tolist(), pa.string())
    if values.dtype.kind == "b":
        return pa.array(values.tolist(), pa.bool_())
    # pa.array would import pandas to see whether it was handed a series.
    plain = np.ascontiguousarray(values, values.dtype.newbyteorder("="))
    kind = pa.from_numpy_dtype(plain.dtype)
    return pa.Array.from_buffers(kind, len(plain), [None, pa.py_buffer(plain.tobytes())])


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
