"""Probabilities with labels drawn from them, and items given by their probabilities alone."""

import numpy as np

from core.trust.judged import judge
from tests.core.trust.made_study import made_predictions


def classified(num_items=4_000, num_classes=5, sharper=1.0, seed=0):
    """Probabilities, and labels drawn from them before they are made `sharper`."""
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 0.2), num_items)
    labels = (rng.random((num_items, 1)) > probs.cumsum(1)).sum(1).clip(0, num_classes - 1)
    probs = probs**sharper
    return probs / probs.sum(1, keepdims=True), labels


def confident(probs, labels):
    return probs.max(1), probs.argmax(1) == labels


def judge_probs(probs, labels):
    """Items given by their probabilities (N, K) and labels (N,), judged as pages judge them."""
    probs, labels = np.asarray(probs), np.asarray(labels, int)
    if not len(labels):  # none of one item
        one = np.full((1, 1, probs.shape[1]), 1 / probs.shape[1], np.float32)
        return judge(made_predictions(one, np.zeros(1, int), "probabilities"), np.array([], int))
    return judge(made_predictions(probs[None], labels, "probabilities"))
