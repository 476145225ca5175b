"""What a ranking of labels comes to, in a sentence or two."""

from __future__ import annotations

import pandas as pd

from core.study.dataset import Dataset, Noun


def describe_doubted(ranking: pd.DataFrame, dataset: Dataset, noun: Noun) -> tuple[str, str]:
    """How many labels the model contradicts, then which label it doubts most.

    Args:
        ranking: Of `core.review.label_quality`, at least one row.
        dataset: Whose labels they are.
        noun: What an item is called.
    """
    number = int((ranking["label"] != ranking["suggestion"]).sum())
    said = f"The model contradicts {number:,} of {len(ranking):,} labels."
    if not number:
        said = f"The model contradicts none of the {len(ranking):,} labels."
    first, row = ranking.iloc[0], int(ranking.index[0])
    label, read = (dataset.class_names[int(first[name])] for name in ("label", "suggestion"))
    same = "and read so too" if label == read else f"but read as {read}"
    return said, f"It doubts {noun.one} {dataset.ids[row]} most: labelled {label}, {same}."
