"""Calibration against closed forms, scikit-learn and simulation."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from core.trust import calibration
from core.trust.calibration import reliability
from core.trust.metrics import accuracy, brier, ece, nll
from tests.core.trust.made_probs import classified, confident, judge_probs


def metric_estimates(probs, labels, **options):
    return calibration.metric_estimates(judge_probs(probs, labels), **options)


def per_class(probs, labels):
    return calibration.per_class(judge_probs(probs, labels))


def test_bin_counts_add_up_to_the_images_with_either_kind_of_bin():
    confidence, correct = confident(*classified())
    for bins in ("width", "count"):
        diagram = reliability(confidence, correct, 15, bins)
        assert diagram.num_items == len(confidence)
        assert diagram.correct.sum() == correct.sum()


def test_the_diagram_equals_scikit_learns_calibration_curve():
    confidence, correct = confident(*classified())
    diagram = reliability(confidence, correct, 12)
    accuracies, confidences = calibration_curve(correct, confidence, n_bins=12)
    full = diagram.count > 0
    assert diagram.accuracy[full] == pytest.approx(accuracies)
    assert diagram.confidence[full] == pytest.approx(confidences)


def test_ece_of_the_diagram_is_the_metric():
    confidence, correct = confident(*classified())
    assert reliability(confidence, correct, 15).ece == pytest.approx(ece(confidence, correct, 15))


def test_bins_of_equal_count_differ_by_a_few_items():
    confidence, correct = confident(*classified())
    count = reliability(confidence, correct, 10, "count").count
    assert len(count) == 10
    assert np.ptp(count) <= 2


def test_many_images_of_confidence_one_share_a_bin_of_equal_count():
    confidence = np.append(np.full(90, 1.0), np.linspace(0.5, 0.6, 10))
    diagram = reliability(confidence, np.ones(100, bool), 10, "count")
    assert diagram.num_items == 100
    assert diagram.count[-1] >= 90


def test_an_empty_bin_has_no_accuracy_and_no_interval():
    diagram = reliability(np.array([0.95, 1.0]), np.array([True, False]), 10)
    assert diagram.count.tolist() == [0] * 9 + [2]
    assert np.isnan([diagram.accuracy[0], diagram.low[0], diagram.high[0]]).all()
    assert diagram.low[-1] < 0.5 < diagram.high[-1]


def test_mce_is_the_widest_gap_and_never_under_the_ece():
    confidence = np.array([0.2, 0.2, 0.8, 0.8])
    diagram = reliability(confidence, np.array([False, False, True, True]), 2)
    assert diagram.mce == pytest.approx(0.2)
    confidence, correct = confident(*classified(sharper=3))
    diagram = reliability(confidence, correct)
    assert diagram.mce >= diagram.ece


def test_no_image_gives_nan_throughout():
    diagram = reliability(np.empty(0), np.empty(0, bool))
    assert np.isnan(diagram.ece)
    assert np.isnan(diagram.mce)
    estimates = metric_estimates(np.empty((0, 3)), np.empty(0, int))
    assert all(np.isnan(estimate).all() for estimate in estimates.values())


def test_estimates_carry_the_metrics_themselves():
    probs, labels = classified(sharper=1.5)
    estimates = metric_estimates(probs, labels, num_resamples=200)
    assert estimates["accuracy"].value == pytest.approx(accuracy(probs, labels))
    assert estimates["nll"].value == pytest.approx(nll(probs, labels))
    assert estimates["brier"].value == pytest.approx(brier(probs, labels))
    for value, low, high in estimates.values():
        assert low <= value <= high


def test_per_class_counts_the_images_predicted_as_each_class():
    probs, labels = classified()
    diagram = per_class(probs, labels)
    assert diagram.count.tolist() == np.bincount(probs.argmax(1), minlength=5).tolist()
    threes = probs.argmax(1) == 3
    assert diagram.accuracy[3] == pytest.approx((labels[threes] == 3).mean())
    assert diagram.confidence[3] == pytest.approx(probs[threes].max(1).mean())


def test_a_class_nobody_was_predicted_as_has_no_accuracy():
    diagram = per_class(np.eye(3)[[0, 0, 1]], np.array([0, 0, 2]))
    assert diagram.count.tolist() == [2, 1, 0]
    assert np.isnan(diagram.accuracy[2])


def test_bad_bins_are_named():
    with pytest.raises(ValueError, match="num_bins must be at least 1, got 0"):
        reliability(np.ones(2), np.ones(2, bool), 0)
    with pytest.raises(ValueError, match="bins must be 'width' or 'count', got 'depth'"):
        reliability(np.ones(2), np.ones(2, bool), 3, "depth")
