"""What a part of the inputs is said to be, picture by picture."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from core.networks.own_network import OwnNetwork
from core.networks.scoring import Scorer
from core.study.predictions import Kind


class Said(NamedTuple):
    """What a network says of n images.

    Attributes:
        values: float32 (S, n, K), as it gives them.
        kind: What they are.
        atypicality: float32 (n,), or None.
    """

    values: np.ndarray
    kind: Kind
    atypicality: np.ndarray | None


def what_it_says(scorer: Scorer, images: np.ndarray, threads: int) -> Said:
    """Values as the network gives them, and atypicality where it knows it."""
    network = scorer.network
    if isinstance(network, OwnNetwork):
        return Said(network.predict_values(images, threads).scores, network.kind, None)
    answers = network.predict(images, threads)
    return Said(answers.logits, "logits", answers.atypicality)


def what_it_says_of_nothing(scorer: Scorer) -> Said:
    """What a network says of one blank image: how many members and classes there are."""
    network = scorer.network
    colours = (3,) if network.has_colour else ()
    return what_it_says(scorer, np.zeros((1, *network.image_shape, *colours), np.uint8), 1)


def spread(values: Any, known: np.ndarray, name: str) -> pa.Array:
    """A column of the rows that were read, with nulls where they were not."""
    kind = {"prediction": pa.int32(), "correct": pa.bool_()}.get(name, pa.float32())
    if values is None:
        return pa.nulls(len(known), kind)
    whole = np.zeros(len(known), kind.to_pandas_dtype())
    missing = ~known
    whole[known] = np.ma.getdata(values)
    missing[known] |= np.ma.getmaskarray(values)
    if kind == pa.float32():
        missing |= np.isnan(whole)
    return pa.array(whole, kind, mask=missing if missing.any() else None)
