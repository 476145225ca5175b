"""Scoring 10,000 images, measures included: compiled, against the article's own way."""

from __future__ import annotations

import contextlib
import io
import os
import time
from collections.abc import Callable

import numpy as np

from core.classifiers import load_classifier
from core.mnist import load_test
from core.uncertainty import measure_logits


def score_pairs(num_pairs: int) -> list[tuple[float, float]]:
    """Seconds of (ours, the article's way), warm, by turns in one process.

    The article's way is `Model.predict` with its defaults and TensorFlow Probability called
    eagerly. Its network has the same layers; what its weights are changes no timing.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf  # noqa: PLC0415 - the rest of the bench does without it

    from models import article, uncertainty  # noqa: PLC0415

    images, _ = load_test()
    classifier, network = load_classifier("article"), article.build(images.shape[1:])

    def ours() -> dict[str, np.ndarray]:
        return measure_logits(classifier.predict_logits(images), classifier.temperature)

    def theirs() -> dict[str, np.ndarray]:
        with contextlib.redirect_stdout(io.StringIO()):  # the progress bar is one of the defaults
            logits = network.predict(images)
        found = uncertainty.measure(tf.constant(logits[np.newaxis]), tf.constant(1.0))
        return {name: values.numpy() for name, values in found.items()}

    for warm_up in (ours, theirs):
        warm_up()
    return [(seconds(ours), seconds(theirs)) for _ in range(num_pairs)]


def seconds(action: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
