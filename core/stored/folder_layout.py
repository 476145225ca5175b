"""The names of the files in a study's folder.

`study.json`, `items.parquet`, perhaps `pictures.npy` and `label_shares.npy`; `<model>/` with
`scores.parquet` and perhaps `values.npy` and `features.npy`; `held_out/<model>/` with `labels.npy`,
`values.npy` and `scores.parquet`. Beside values the scores may come later: they follow from them.
"""

from __future__ import annotations

from core.stored.slugs import is_slug
from core.stored.study_card import NAME

ITEMS = "items.parquet"
PICTURES = "pictures.npy"
LABEL_SHARES = "label_shares.npy"
HELD_OUT = "held_out"  # no slug, so no model's
ID, LABEL, ROW = "id", "label", "row"
"""Columns of the items that are ours."""
VALUES, FEATURES, LABELS, SCORES = "values.npy", "features.npy", "labels.npy", "scores.parquet"


def belongs(parts: tuple[str, ...]) -> bool:
    """Whether a file of that relative path is one of a study's."""
    if len(parts) == 1:
        return parts[0] in {NAME, ITEMS, PICTURES, LABEL_SHARES}
    if len(parts) == 2:
        return is_slug(parts[0]) and parts[1] in {VALUES, FEATURES, SCORES}
    held_out = len(parts) == 3 and parts[0] == HELD_OUT
    return held_out and is_slug(parts[1]) and parts[2] in {VALUES, LABELS, SCORES}
