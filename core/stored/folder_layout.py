"""The names of the files in a study's folder.

`study.json`, `items.parquet`, perhaps `pictures.npy`, `label_shares.npy` and `num_people.npy`;
`<model>/` with `scores.parquet` and perhaps `values.npy`, `features.npy`, `map.npy` and `network/`,
the files of what can score new images with their `network.json`; `held_out/<model>/` with
`labels.npy`, `values.npy` and `scores.parquet`. Beside values the scores may come later: they
follow from them. So does `kept_answers/`, which goes along nowhere: what took long to compute here.
"""

from __future__ import annotations

import re

from core.stored.slugs import is_slug
from core.stored.study_card import NAME

ITEMS = "items.parquet"
PICTURES = "pictures.npy"
LABEL_SHARES = "label_shares.npy"
NUM_PEOPLE = "num_people.npy"
HELD_OUT = "held_out"  # no slug, so no model's
ID, LABEL, ROW = "id", "label", "row"
"""Columns of the items that are ours."""
VALUES, FEATURES, LABELS, SCORES = "values.npy", "features.npy", "labels.npy", "scores.parquet"
MAP = "map.npy"


NETWORK, NETWORK_CARD = "network", "network.json"
_NETWORK_FILE = re.compile(r"\d{1,3}\.(tflite|onnx)")


def belongs(parts: tuple[str, ...]) -> bool:
    """Whether a file of that relative path is one of a study's."""
    if len(parts) == 1:
        return parts[0] in {NAME, ITEMS, PICTURES, LABEL_SHARES, NUM_PEOPLE}
    if len(parts) == 2:
        return is_slug(parts[0]) and parts[1] in {VALUES, FEATURES, SCORES, MAP}
    if len(parts) == 3 and parts[1] == NETWORK and is_slug(parts[0]):
        return parts[2] == NETWORK_CARD or bool(_NETWORK_FILE.fullmatch(parts[2]))
    held_out = len(parts) == 3 and parts[0] == HELD_OUT
    return held_out and is_slug(parts[1]) and parts[2] in {VALUES, LABELS, SCORES}
