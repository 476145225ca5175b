"""A study before it is on disk: plain values, checked once.

S members, N items, K classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from core.study.dataset import UNLABELLED, Noun
from core.study.predictions import KINDS, Kind, Tier
from core.study.study_error import StudyError

ITEM = Noun("item", "items")


@dataclass(frozen=True)
class NewModel:
    """What one classifier says of the items.

    Attributes:
        name: Short; its folder and its links are named by a slug made from it.
        title: What a person reads.
        kind: What the values are.
        tier: "full" needs `values`, "top-1" `prediction` and `confidence`, "answers" `prediction`.
        values: (S, N, K), float or integer, in memory or memory-mapped; stored as given.
        prediction: Class codes (N,), 0 to K - 1.
        confidence: (N,) in [0, 1].
        features: (N, D); stored as float32.
        temperature: Over 0; divides the logits.
        out_of_sample: Whether it was not fitted on these labels; None if not known.
    """

    name: str
    title: str
    kind: Kind = "probabilities"
    tier: Tier = "full"
    values: np.ndarray | None = None
    prediction: np.ndarray | None = None
    confidence: np.ndarray | None = None
    features: np.ndarray | None = None
    temperature: float = 1.0
    out_of_sample: bool | None = None


@dataclass(frozen=True)
class NewStudy:
    """Everything that is written to a study's folder.

    Attributes:
        title: What a person reads.
        noun: What an item is called.
        class_names: The K names, in the order of the values.
        models: At least one, the default first.
        labels: Class codes int (N,), UNLABELLED where not known; None where none is known.
        ids: N unique strings; None: the row numbers.
        items: Further columns, N rows: text, table cells, the pictures' bytes or paths.
        text: The column of `items` that holds the items' text.
        image_bytes: The column of `items` that holds encoded pictures.
        image_paths: The column of `items` that holds paths below `image_root`.
        image_root: The folder of `image_paths`, absolute; its files stay where they are.
        image_arrays: Pictures uint8 (N, H, W) or (N, H, W, 3).
        held_out: By a model's name: labels (M,), all known, and values (S, M, K) of its kind.
        label_shares: (N, K) in [0, 1], where several people labelled.
        num_people: int (N,), how many labelled each item; None where that is not known.
        report: How the files were read, as values that JSON knows.
        sources: Where the files came from, one line each.
    """

    title: str
    class_names: Sequence[str]
    models: Sequence[NewModel]
    labels: np.ndarray | None = None
    noun: Noun = ITEM
    ids: Sequence[str] | pa.Array | None = None
    items: pa.Table | None = None
    text: str | None = None
    image_bytes: str | None = None
    image_paths: str | None = None
    image_root: Path | None = None
    image_arrays: np.ndarray | None = None
    held_out: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    label_shares: np.ndarray | None = None
    num_people: np.ndarray | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    sources: Sequence[str] = ()

    def __len__(self) -> int:
        """How many items, N."""
        if not self.models:
            raise StudyError("A study needs the predictions of at least one model.")
        first = self.models[0]
        if first.values is not None:
            return int(first.values.shape[1])
        return 0 if first.prediction is None else len(first.prediction)


def check_new(new: NewStudy) -> None:
    """Refuse what does not fit together.

    Raises:
        StudyError: the first thing that does not fit.
    """
    for model in new.models:
        _check_tier(model)
    shape = len(new), len(new.class_names)
    if shape[0] < 1 or shape[1] < 2:
        _refuse(new.title, f"has {shape[0]} items of {shape[1]} classes; it needs 1 of 2 at least")
    if len(set(new.class_names)) < shape[1]:
        _refuse("A class name", "occurs twice; name each class once")
    if len({model.name for model in new.models}) < len(new.models):
        _refuse("A model's name", "occurs twice; name each model once")
    for model in new.models:
        _check_model(model, *shape)
    _check_codes("The labels", new.labels, *shape, UNLABELLED)
    for name, (labels, values) in new.held_out.items():
        _check_held_out(new, name, labels, values)
    _check_items(new, *shape)


def _check_tier(model: NewModel) -> None:
    """Whether a model holds what its tier needs, whatever its shape."""
    if model.kind not in KINDS or not 0 < model.temperature < float("inf"):
        _refuse(model.title, f"is of kind {model.kind!r} at temperature {model.temperature}")
    if model.tier == "full" and (model.values is None or model.values.ndim != 3):
        found = None if model.values is None else model.values.shape
        _refuse(model.title, f"has values of shape {found}, not (members, items, classes)")
    has = model.values is not None, model.prediction is not None, model.confidence is not None
    needs = {"full": (True, False, False), "top-1": (False, True, True)}
    if has != needs.get(model.tier, (False, True, False)):
        _refuse(model.title, f"does not hold what the tier {model.tier!r} needs, and only that")


def _check_model(model: NewModel, num_items: int, num_classes: int) -> None:
    if model.values is not None:
        _check_values(model.title, model.values, num_items, num_classes)
    _check_codes(model.title, model.prediction, num_items, num_classes, 0)
    further = (("features", model.features, 2), ("confidence", model.confidence, 1))
    for what, array, num_axes in further:
        if array is not None and (array.ndim != num_axes or len(array) != num_items):
            _refuse(model.title, f"has {what} of shape {array.shape} for {num_items} items")


def _check_values(title: str, values: np.ndarray, num_items: int, num_classes: int) -> None:
    if values.dtype.kind not in "fiub" or values.ndim != 3:
        found = f"{values.dtype} {values.shape}"
        _refuse(title, f"has values {found}; they must be numbers (members, items, classes)")
    if values.shape[0] < 1 or values.shape[1:] != (num_items, num_classes):
        _refuse(title, f"has values {values.shape} for {num_items} items of {num_classes} classes")


def _check_codes(
    what: str, codes: np.ndarray | None, num_items: int, num_classes: int, lowest: int
) -> None:
    if codes is None:
        return
    if codes.shape != (num_items,) or codes.dtype.kind not in "iu":
        _refuse(what, f"are {codes.dtype} {codes.shape} for {num_items} items")
    strange = np.flatnonzero((codes < lowest) | (codes >= num_classes))
    if len(strange):
        row = int(strange[0])
        _refuse(what, f"name class {codes[row]} on row {row}; there are 0 to {num_classes - 1}")


def _check_held_out(new: NewStudy, name: str, labels: np.ndarray, values: np.ndarray) -> None:
    of_model = [model for model in new.models if model.name == name and model.tier == "full"]
    if not of_model:
        _refuse("The held-out part", f"is of {name!r}, which is no model with a distribution here")
    num_classes, title = len(new.class_names), f"The held-out part of {of_model[0].title}"
    _check_codes(f"The labels of {title.lower()}", labels, len(labels), num_classes, 0)
    _check_values(title, values, len(labels), num_classes)


def _check_items(new: NewStudy, num_items: int, num_classes: int) -> None:
    columns = [] if new.items is None else new.items.column_names
    if len(set(columns)) < len(columns):
        _refuse("A column of the items", "occurs twice; name each column once")
    for column in (new.text, new.image_bytes, new.image_paths):
        if column is not None and column not in columns:
            _refuse(f"The column {column!r}", "is not among the items' columns")
    lengths = {
        "ids": new.ids, "rows of further columns": new.items, "pictures": new.image_arrays,
    }  # fmt: skip
    for what, found in lengths.items():
        if found is not None and len(found) != num_items:
            _refuse(new.title, f"has {len(found)} {what} for {num_items} items")
    if new.image_paths is not None and new.image_root is None:
        _refuse(new.title, "names picture files without the folder they lie in")
    pictures = new.image_arrays
    if pictures is not None and not is_pictures(pictures.dtype, pictures.shape):
        _refuse("The pictures", f"must be uint8 (N, H, W) or (N, H, W, 3), not {pictures.shape}")
    if new.label_shares is not None and new.label_shares.shape != (num_items, num_classes):
        _refuse("The label shares", f"have the shape {new.label_shares.shape}")
    if new.num_people is not None and new.num_people.shape != (num_items,):
        _refuse("The numbers of people", f"have the shape {new.num_people.shape}")


def is_pictures(dtype: np.dtype, shape: tuple[int, ...]) -> bool:
    """Whether an array of that type and shape holds grey or RGB pictures."""
    return dtype == np.uint8 and (len(shape) == 3 or (len(shape) == 4 and shape[3] == 3))


def _refuse(what: str, problem: str) -> None:
    raise StudyError(f"{what} {problem}.")
