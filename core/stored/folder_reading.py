"""The parts of a study's folder -> dataset and predictions, each file checked where it is read."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from core.measures.feature_map import method_for
from core.measures.table import with_map
from core.networks.own_network import OwnNetwork
from core.stored import folder_layout as layout
from core.stored.fingerprint import fingerprint
from core.stored.item_table import ItemTable
from core.stored.new_study import is_pictures
from core.stored.score_tables import scores_reader
from core.stored.stored_arrays import read_array
from core.stored.stored_images import ArrayImages, EncodedImages, FileImages
from core.stored.stored_maps import read_map
from core.stored.stored_networks import read_network
from core.stored.study_card import ModelCard, StudyCard
from core.study.dataset import Dataset, Noun
from core.study.images import Images
from core.study.predictions import Predictions
from core.study.study_error import StudyError, place_of


def read_dataset(folder: Path, card: StudyCard) -> Dataset:
    """Ids and labels, and what reads the rest.

    Raises:
        StudyError: now or on reading: a file is missing, cut or foreign, or may not be read.
    """
    items = ItemTable(folder / layout.ITEMS, card.num_items, card.details, card.text)
    labels = items.labels(len(card.class_names)) if card.has_labels else None

    def data_hash() -> str:
        names = items.whole(layout.ID, pa.string()) if card.has_ids else None
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
        num_people=_num_people(folder, card),
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

    read_scores = scores_reader(own / layout.SCORES, model, num_classes, labels, values)

    def scores() -> pd.DataFrame:
        table = read_scores()
        return with_map(table, read_map(own, model.num_items)) if model.has_map else table

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
        read_scores=scores,
        map_method=method_for(model.num_items) if model.has_map else None,
    )


def read_held_out(folder: Path, model: ModelCard, num_classes: int) -> Predictions:
    """The held-out part of a model; its labels are read at once.

    Raises:
        StudyError: as `read_dataset`.
    """
    path = folder / layout.HELD_OUT / model.name / layout.LABELS
    labels = read_array(path, (model.num_items,), "i")
    if not 0 <= labels.min() <= labels.max() < num_classes:
        raise StudyError(f"{place_of(path)} holds a label that is none of {num_classes} classes.")
    return read_model(folder / layout.HELD_OUT, model, num_classes, labels)


def read_networks(folder: Path, card: StudyCard) -> dict[str, OwnNetwork]:
    """What can score new images, by the model's name.

    Raises:
        StudyError: a network's files are missing or not this study's.
    """
    return {
        model.name: read_network(folder / model.name / layout.NETWORK, card.class_names)
        for model in card.models
        if model.has_network
    }


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
        raise StudyError(f"{place_of(path)} holds no pictures; open the study's files anew.")
    return pictures


def _label_shares(folder: Path, card: StudyCard) -> np.ndarray | None:
    if not card.has_label_shares:
        return None
    shape = card.num_items, len(card.class_names)
    return read_array(folder / layout.LABEL_SHARES, shape, "f")


def _num_people(folder: Path, card: StudyCard) -> np.ndarray | None:
    if not card.has_num_people:
        return None
    return read_array(folder / layout.NUM_PEOPLE, (card.num_items,), "i")
