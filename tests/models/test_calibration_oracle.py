"""Calibration and the Brier score's parts, against TensorFlow Probability."""

import numpy as np
import pytest
import tensorflow_probability as tfp
from scipy.special import log_softmax

from core.measures.streamed_probs import whole
from core.trust import answers as trust
from core.trust import brier as parts_of
from core.trust.judged import judge
from core.trust.metrics import brier, ece
from examples.mnist import load_study
from tests.core.trust.made_probs import judge_probs


def brier_parts(probs, labels, *options):
    return parts_of.brier_parts(judge_probs(probs, labels), *options)


def classified():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2.5, (4_000, 7))
    chances = np.exp(log_softmax(logits / 1.4, 1))
    labels = (rng.random((4_000, 1)) > chances.cumsum(1)).sum(1).clip(0, 6)
    return logits, labels


def test_ece_equals_tfps():
    logits, labels = classified()
    probs = np.exp(log_softmax(logits, 1))
    for num_bins in (5, 15):
        reference = tfp.stats.expected_calibration_error(
            num_bins, logits.astype(np.float32), labels
        )
        ours = ece(probs.max(1), probs.argmax(1) == labels, num_bins)
        assert ours == pytest.approx(float(reference), abs=1e-6)


def test_brier_is_one_more_than_tfps_which_leaves_out_the_square_of_the_label():
    logits, labels = classified()
    reference = tfp.stats.brier_score(labels, logits).numpy().mean()
    assert brier(np.exp(log_softmax(logits, 1)), labels) == pytest.approx(1 + reference, abs=1e-6)


def test_the_parts_of_the_brier_score_equal_tfps_where_classes_are_equally_frequent():
    logits, labels = classified()
    fewest = np.bincount(labels).min()
    rows = np.concatenate([np.flatnonzero(labels == k)[:fewest] for k in range(7)])
    logits, labels = logits[rows], labels[rows]
    uncertainty, resolution, reliability = tfp.stats.brier_decomposition(labels, logits)
    ours = brier_parts(np.exp(log_softmax(logits, 1)), labels)
    assert ours.uncertainty.value == pytest.approx(1 + float(uncertainty), abs=1e-6)
    assert ours.resolution.value == pytest.approx(float(resolution), abs=1e-6)
    assert ours.reliability.value == pytest.approx(float(reliability), abs=1e-6)


def test_tfps_resolution_subtracts_the_share_of_the_wrong_class_and_ours_does_not():
    logits, labels = classified()
    predicted = logits.argmax(1)
    counts = np.zeros((7, 7))
    np.add.at(counts, (predicted, labels), 1)
    weight, overall = counts.sum(1) / counts.sum(), counts.sum(0) / counts.sum()
    shares = counts / counts.sum(1, keepdims=True)
    reference = float(tfp.stats.brier_decomposition(labels, logits)[1])
    across, along = overall[:, None] - shares, overall[None, :] - shares
    assert reference == pytest.approx(np.sum(weight * (across**2).sum(1)), abs=1e-6)
    ours = brier_parts(np.exp(log_softmax(logits, 1)), labels).resolution.value
    assert ours == pytest.approx(np.sum(weight * (along**2).sum(1)), abs=1e-9)


def test_tfps_three_parts_alone_miss_the_brier_score_and_ours_do_not():
    logits, labels = classified()
    probs = np.exp(log_softmax(logits, 1))
    parts = brier_parts(probs, labels)
    uncertainty, resolution, reliability, within = (part.value for part in parts)
    assert abs(uncertainty - resolution + reliability - brier(probs, labels)) > 0.01
    assert uncertainty - resolution + reliability - within == pytest.approx(brier(probs, labels))


@pytest.fixture(scope="module", params=list(load_study().models))
def shipped(request):
    """A shipped table's images, and logits (N, K) whose softmax is their mean probabilities."""
    images = judge(load_study().models[request.param])
    return images, np.log(np.maximum(whole(images.probs).astype(np.float64), 1e-300))


def test_the_shipped_tables_ece_equals_tfps_in_parts_that_its_float32_sums_can_hold(shipped):
    images, logits = shipped
    order = np.random.default_rng(0).permutation(len(images.labels))
    for rows in np.split(order, 100):
        reference = tfp.stats.expected_calibration_error(
            15, logits[rows].astype(np.float32), images.labels[rows]
        )
        ours = ece(images.confidence[rows], images.correct[rows])
        assert ours == pytest.approx(float(reference), abs=1e-6)
    whole = tfp.stats.expected_calibration_error(15, logits.astype(np.float32), images.labels)
    assert trust.errors(images).ece.value == pytest.approx(float(whole), abs=5e-5)


def test_the_shipped_tables_brier_parts_equal_tfps_but_for_its_resolution(shipped):
    images, logits = shipped
    uncertainty, _, reliability = tfp.stats.brier_decomposition(images.labels, logits)
    ours = brier_parts(whole(images.probs), images.labels, 10)
    assert ours.uncertainty.value == pytest.approx(1 + float(uncertainty), abs=1e-6)
    assert ours.reliability.value == pytest.approx(float(reliability), abs=1e-6)
    fewest = np.bincount(images.labels).min()
    rows = np.concatenate(
        [np.flatnonzero(images.labels == k)[:fewest] for k in range(logits.shape[1])]
    )
    reference = tfp.stats.brier_decomposition(images.labels[rows], logits[rows])[1]
    ours = brier_parts(whole(images.probs)[rows], images.labels[rows], 10)
    assert ours.resolution.value == pytest.approx(float(reference), abs=1e-6)
