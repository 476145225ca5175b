"""The parts of the Brier score, against closed forms and resampling row by row."""

import numpy as np
import pytest

from core.trust import brier as parts_of
from core.trust.metrics import brier
from tests.core.trust.made_probs import classified, judge_probs


def brier_parts(probs, labels, *options):
    return parts_of.brier_parts(judge_probs(probs, labels), *options)


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


def dense(probs, labels):
    """The parts by their definitions, over all K x K pairs of predicted class and label."""
    num_items, num_classes = probs.shape
    predicted, onehot = probs.argmax(1), np.eye(num_classes)[labels]
    overall = onehot.mean(0)
    resolution = reliability = 0
    for k in range(num_classes):
        group = predicted == k
        if group.any():
            shares = onehot[group].mean(0)
            resolution += group.sum() / num_items * ((shares - overall) ** 2).sum()
            reliability += ((probs[group] - shares) ** 2).sum() / num_items
    uncertainty = 1 - (overall**2).sum()
    within = uncertainty - resolution + reliability - brier(probs, labels)
    return uncertainty, resolution, reliability, within


@pytest.mark.parametrize(("num_items", "num_classes"), [(500, 2), (2_000, 30), (1_500, 1_000)])
def test_the_parts_of_any_number_of_classes_are_their_definitions(num_items, num_classes):
    probs, labels = classified(num_items, num_classes, sharper=1.5)
    found = [part.value for part in brier_parts(probs, labels, 10)]
    assert found == pytest.approx(dense(probs, labels), abs=1e-12)


def test_a_thousand_classes_have_intervals_around_a_finite_spread():
    probs, labels = classified(3_000, 1_000, sharper=1.5)
    for value, low, high in brier_parts(probs, labels, 40):
        assert np.isfinite([value, low, high]).all()
        assert low < high


def test_draws_by_row_spread_like_draws_by_bundle(monkeypatch):
    probs, labels = classified(800, 4, sharper=2)
    by_bundle = brier_parts(probs, labels, 2_000)
    monkeypatch.setattr("core.trust.intervals.MOST_BUNDLES", 0)
    for one, other in zip(by_bundle, brier_parts(probs, labels, 2_000), strict=True):
        assert one.value == other.value
        assert one.high - one.low == pytest.approx(other.high - other.low, rel=0.1)


def test_probabilities_in_blocks_give_the_same_parts(monkeypatch):
    probs, labels = classified(700, 9)
    whole = brier_parts(probs, labels, 50)
    monkeypatch.setattr("core.measures.probabilities.BLOCK_VALUES", 9 * 13)
    for one, other in zip(whole, brier_parts(probs, labels, 50), strict=True):
        assert one == pytest.approx(other, abs=1e-12)


def test_parts_that_would_not_fit_in_memory_keep_their_values(monkeypatch):
    probs, labels = classified(900, 6)
    whole = brier_parts(probs, labels, 20)
    monkeypatch.setattr(parts_of, "MOST_MEANS", 5)
    for one, other in zip(whole, brier_parts(probs, labels, 20), strict=True):
        assert other.value == pytest.approx(one.value, abs=1e-12)
        assert np.isnan(other.low)
