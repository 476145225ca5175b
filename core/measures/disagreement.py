"""How far two models' distributions over the classes lie apart, item by item.

N items, K classes.
"""

from __future__ import annotations

import numpy as np
from scipy.special import entr

from core.measures.probabilities import blocks, logits_of
from core.measures.uncertainty import measure_logits
from core.study.mapped_pages import release_pages
from core.study.predictions import Predictions


def jensen_shannon(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Jensen-Shannon divergence of two distributions, float64 (N,); nats, from 0 to ln 2.

    `H((p + q) / 2) - (H(p) + H(q)) / 2`: 0 where they are equal, ln 2 where no class has a
    probability in both. It is the mutual information of an ensemble of the two.

    Args:
        first: (N, K) probabilities.
        second: (N, K).

    Reference: Lin 1991, "Divergence measures based on the Shannon entropy", eq. 4.1.
    """
    p, q = np.asarray(first, np.float64), np.asarray(second, np.float64)
    found = entr((p + q) / 2).sum(-1) - (entr(p).sum(-1) + entr(q).sum(-1)) / 2
    return np.clip(found, 0, np.log(2))  # a difference of entropies may end below 0 by rounding


def disagreement(first: Predictions, second: Predictions) -> np.ndarray:
    """The Jensen-Shannon divergence of two models' mean probabilities of each item, (N,).

    Args:
        first: With a full distribution.
        second: The same, of the same items and classes.
    """
    num_items, num_classes = first.values.shape[1:]
    found = np.zeros(num_items)
    for rows in blocks(num_items, num_classes, max(first.num_members, second.num_members)):
        found[rows] = jensen_shannon(_mean_probs(first, rows), _mean_probs(second, rows))
    return found


def _mean_probs(predictions: Predictions, rows: slice) -> np.ndarray:
    probs = measure_logits(logits_of(predictions, rows), predictions.temperature)["mean_probs"]
    release_pages(predictions.values)
    return probs
