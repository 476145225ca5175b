"""The parts of a study's folder -> dataset and predictions, each file checked where it is read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from core.measures.register import MEASURES
from core.measures.table import load_table
from core.stored import folder_layout as layout
from core.stored.fingerprint import fingerprint
from core.stored.item_table import ID, ItemTable
from core.stored.new_study import is_pictures
from core.stored.stored_arrays import read_array
from core.stored.stored_images import ArrayImages, EncodedImages, FileImages
from core.stored.study_card import ModelCard, StudyCard
from core.study.dataset import UNLABELLED, Dataset, Noun
from core.study.images import Images
from core.study.predictions import Predictions, Tier
from core.study.study_error import StudyError, unreadable

MEASURED: dict[Tier, tuple[str, ...]] = {
    "full": tuple(measure.column for measure in MEASURES if measure.column != "atypicality"),
    "top-1": ("confidence", "least_confidence"),
    "answers": (),
}
"""The measures that a score table has, by what can be known from the predictions."""


def read_dataset(folder: Path, card: StudyCard) -> Dataset:
    """Ids and labels, and what reads the rest.

    Raises:
        StudyError: now or on reading: a file is missing, cut or foreign, or may not be read.
    """
    items = ItemTable(folder / layout.ITEMS, card.num_items, card.details, card.text)
    labels = items.labels(len(card.class_names)) if card.has_labels else None

    def data_hash() -> str:
        names = items.whole(ID, pa.string()) if card.has_ids else None
        return fingerprint(names, labels, card.num_items)

    return Dataset(
        key=folder.name,
        title=card.title,
        noun=Noun(*card.noun),
        class_names=card.class_names,
        ids=items.ids(card.has_ids),
        labels=labels,
        data_hash=data_hash,
        images=_images(folder, card, items),
        details=items if card.details else None,
        label_shares=_label_shares(folder, card),
    )


def read_model(
    folder: Path, model: ModelCard, num_classes: int, labels: np.ndarray | None
) -> Predictions:
    """A model's predictions; nothing is read yet.

    Args:
        folder: That holds the model's.
        model: Its card.
        num_classes: K.
        labels: Of its items, int32 (N,).
    """
    own = folder / model.name
    shape = model.num_members, model.num_items, num_classes

    def values() -> np.ndarray | None:
        return read_array(own / layout.VALUES, shape, "fiub") if model.tier == "full" else None

    def features() -> np.ndarray | None:
        if not model.has_features:
            return None
        return read_array(own / layout.FEATURES, (model.num_items, None), "f")

    return Predictions(
        name=model.name,
        title=model.title,
        kind=model.kind,
        tier=model.tier,
        num_members=model.num_members,
        temperature=model.temperature,
        out_of_sample=model.out_of_sample,
        read_values=values,
        read_features=features,
        read_scores=partial(_read_scores, own / layout.SCORES, model, num_classes, labels),
    )


def read_held_out(folder: Path, model: ModelCard, num_classes: int) -> Predictions:
    """The held-out part of a model; its labels are read at once.

    Raises:
        StudyError: as `read_dataset`.
    """
    path = folder / layout.HELD_OUT / model.name / layout.LABELS
    labels = read_array(path, (model.num_items,), "i")
    if not 0 <= labels.min() <= labels.max() < num_classes:
        raise StudyError(f"{path} holds a label that is none of {num_classes} classes.")
    return read_model(folder / layout.HELD_OUT, model, num_classes, labels)


def _read_scores(
    path: Path, model: ModelCard, num_classes: int, labels: np.ndarray | None
) -> pd.DataFrame:
    """The score table, which must be of these items and classes."""
    try:
        table = load_table(path)
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise StudyError(
            f"{path} is cut off, damaged or no score table; open the study's files anew."
        ) from error
    if len(table) == model.num_items and _fits(table, model.tier, num_classes, labels):
        return table
    raise StudyError(
        f"{path} is not the score table of this study's items; open the study's files anew."
    )


def _fits(table: pd.DataFrame, tier: Tier, num_classes: int, labels: np.ndarray | None) -> bool:
    """Whether its codes are of these classes, its labels these, and its measures all there."""
    codes, label = table["prediction"], table["label"]
    if not all(pd.api.types.is_integer_dtype(column) for column in (codes, label)):
        return False
    given = np.full(len(table), UNLABELLED) if labels is None else labels
    return (
        not codes.isna().any()
        and bool(codes.between(0, num_classes - 1).all())
        and np.array_equal(label.fillna(UNLABELLED).to_numpy(np.int64), given)
        and np.array_equal(table.index, np.arange(len(table)))
        and all(
            name in table and pd.api.types.is_float_dtype(table[name]) for name in MEASURED[tier]
        )
    )


def _images(folder: Path, card: StudyCard, items: ItemTable) -> Images | None:
    if card.pictures == "arrays":
        return ArrayImages(
            partial(_pictures, folder / layout.PICTURES, card.num_items), card.num_items
        )
    if card.picture_column is None:
        return None
    items.check_column(card.picture_column)
    if card.pictures == "bytes":
        return EncodedImages(items, card.picture_column, card.num_items)
    root = None if card.picture_root is None else Path(card.picture_root)
    return FileImages(items, card.picture_column, card.num_items, root)


def _pictures(path: Path, num_items: int) -> np.ndarray:
    pictures = read_array(path, num_items, "u")
    if not is_pictures(pictures.dtype, pictures.shape):
        raise StudyError(f"{path} holds no pictures; open the study's files anew.")
    return pictures


def _label_shares(folder: Path, card: StudyCard) -> np.ndarray | None:
    if not card.has_label_shares:
        return None
    shape = card.num_items, len(card.class_names)
    return read_array(folder / layout.LABEL_SHARES, shape, "f")
