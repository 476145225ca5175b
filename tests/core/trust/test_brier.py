"""The parts of the Brier score, against closed forms and resampling row by row."""

import numpy as np
import pytest

from core.trust import brier as parts_of
from core.trust.judged import judge_probs
from core.trust.metrics import brier


def brier_parts(probs, labels, *options):
    return parts_of.brier_parts(judge_probs(probs, labels), *options)


def classified(num_items=4_000, num_classes=5, sharper=1.0, seed=0):
    """Probabilities, and labels drawn from them before they are made `sharper`."""
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 0.2), num_items)
    labels = (rng.random((num_items, 1)) > probs.cumsum(1)).sum(1).clip(0, num_classes - 1)
    probs = probs**sharper
    return probs / probs.sum(1, keepdims=True), labels


def test_the_brier_score_is_the_sum_of_its_parts():
    probs, labels = classified(sharper=2)
    parts = brier_parts(probs, labels)
    uncertainty, resolution, calibration, within = (part.value for part in parts)
    total = uncertainty - resolution + calibration - within
    assert total == pytest.approx(brier(probs, labels))
    shares = np.bincount(labels) / len(labels)
    assert parts.uncertainty.value == pytest.approx(1 - (shares**2).sum())


def test_constant_probabilities_have_no_resolution():
    labels = np.arange(100) % 4
    parts = brier_parts(np.full((100, 4), 0.25), labels)
    assert parts.resolution.value == pytest.approx(0)
    assert parts.reliability.value == pytest.approx(0)
    assert parts.uncertainty.value == pytest.approx(1 - 1 / 4)


def test_bundled_resamples_spread_like_resamples_of_rows():
    probs, labels = classified(400, sharper=2)
    parts = brier_parts(probs, labels, 2_000)
    rows = np.random.default_rng(2).integers(0, 400, (400, 400))
    drawn = np.array([[part.value for part in brier_parts(probs[r], labels[r], 1)] for r in rows])
    for column, part in enumerate(parts):
        width = np.diff(np.quantile(drawn[:, column], [0.025, 0.975]))[0]
        assert part.high - part.low == pytest.approx(width, rel=0.2)


def test_no_image_has_no_parts():
    assert np.isnan(np.array(brier_parts(np.empty((0, 3)), np.empty(0, int)))).all()
