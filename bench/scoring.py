"""Scoring 10,000 images, measures included: a classifier here, against the article's own way."""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Callable

import numpy as np

from core.measures.uncertainty import measure_logits
from core.networks.scoring import score_images, scorer_of
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import load_test


def article_pairs(num_pairs: int) -> list[tuple[float, float]]:
    """Seconds of (the article's CNN here, its logits and measures; the article's way)."""
    classifier = load_artifacts("article")

    def ours(images: np.ndarray) -> dict[str, np.ndarray]:
        return measure_logits(classifier.network.predict_logits(images), classifier.temperature)

    return _pairs(ours, num_pairs)


def table_pairs(name: str, num_pairs: int) -> list[tuple[float, float]]:
    """Seconds of (a classifier's whole score table, with all it knows; the article's way)."""
    classifier = scorer_of(load_study(), name)
    return _pairs(lambda images: score_images(classifier, images), num_pairs)


def _pairs(ours: Callable[[np.ndarray], object], num_pairs: int) -> list[tuple[float, float]]:
    """Warm, by turns in one process."""
    images, _ = load_test()
    theirs = article_way(images)
    ours(images), theirs()
    return [(seconds(lambda: ours(images)), seconds(theirs)) for _ in range(num_pairs)]


def article_way(images: np.ndarray) -> Callable[[], object]:
    """What scores images uint8 (N, H, W) as the article does.

    It is `Model.predict` of its network with its defaults and TensorFlow Probability called
    eagerly; what the network's weights are changes no timing.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf  # noqa: PLC0415 - the rest of the bench does without it

    from models import article, uncertainty  # noqa: PLC0415

    network = article.build(images.shape[1:])

    def theirs() -> dict[str, np.ndarray]:
        with contextlib.redirect_stdout(io.StringIO()):  # the progress bar is one of the defaults
            logits = network.predict(images)
        found = uncertainty.measure(tf.constant(logits[np.newaxis]), tf.constant(1.0))
        return {name: values.numpy() for name, values in found.items()}

    return theirs


def seconds(action: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
