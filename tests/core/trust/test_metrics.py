"""The metrics against closed forms and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss

from core.trust.metrics import accuracy, aurc, brier, ece, nll


def random_probs(num_items=500, num_classes=7, seed=0):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 0.4), num_items)
    labels = np.array([rng.choice(num_classes, p=p) for p in probs])
    return probs, labels


def test_metrics_equal_scikit_learn_on_random_probabilities():
    probs, labels = random_probs()
    classes = list(range(probs.shape[1]))
    assert accuracy(probs, labels) == accuracy_score(labels, probs.argmax(1))
    assert nll(probs, labels) == pytest.approx(log_loss(labels, probs, labels=classes), abs=1e-9)
    reference = brier_score_loss(labels, probs, labels=classes, scale_by_half=False)
    assert brier(probs, labels) == pytest.approx(reference, abs=1e-9)


def test_uniform_probabilities_have_nll_ln_k_and_brier_one_minus_one_over_k():
    for num_classes in (2, 5, 10):
        probs = np.full((4, num_classes), 1 / num_classes)
        labels = np.zeros(4, int)
        assert nll(probs, labels) == pytest.approx(np.log(num_classes))
        assert brier(probs, labels) == pytest.approx(1 - 1 / num_classes)


def test_brier_runs_from_0_for_sure_and_right_to_2_for_sure_and_wrong():
    sure = np.eye(3)[[0, 0]]
    assert brier(sure, np.array([0, 0])) == 0
    assert brier(sure, np.array([1, 2])) == 2


def test_a_label_of_probability_zero_costs_a_finite_nll():
    probs = np.array([[1.0, 0.0]], dtype=np.float32)
    assert nll(probs, [1]) == pytest.approx(-np.log(np.finfo(np.float32).tiny))


def test_float32_probabilities_are_summed_in_float64():
    probs, labels = random_probs(20_000)
    assert nll(probs.astype(np.float32), labels) == pytest.approx(nll(probs, labels), abs=1e-6)
    assert brier(probs.astype(np.float32), labels) == pytest.approx(brier(probs, labels), abs=1e-6)


def test_ece_counts_images_of_confidence_exactly_one():
    confidence = np.ones(10, dtype=np.float32)
    assert ece(confidence, np.zeros(10, bool)) == 1
    assert ece(confidence, np.arange(10) < 7) == pytest.approx(1 - 7 / 10)


def test_ece_of_one_bin_is_the_distance_of_accuracy_from_mean_confidence():
    confidence, correct = np.array([0.5, 0.9, 0.2]), np.array([True, True, False])
    assert ece(confidence, correct, num_bins=1) == pytest.approx(abs(2 / 3 - confidence.mean()))


def test_ece_weighs_two_bins_by_their_counts():
    confidence = np.array([0.2, 0.2, 0.2, 0.8])
    correct = np.array([True, False, False, False])
    expected = 3 / 4 * abs(1 / 3 - 0.2) + 1 / 4 * abs(0 - 0.8)
    assert ece(confidence, correct, num_bins=2) == pytest.approx(expected)


def test_aurc_of_a_perfect_order_is_the_harmonic_sum_of_the_errors_at_the_end():
    confidence, correct = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, True, False])
    assert aurc(confidence, correct) == pytest.approx((0 + 0 + 0 + 1 / 4) / 4)


def test_aurc_of_a_constant_confidence_is_the_error_rate():
    correct = np.arange(20) % 4 > 0
    assert aurc(np.full(20, 0.7), correct) == pytest.approx(1 / 4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=40), st.randoms())
def test_the_order_of_the_rows_changes_no_metric(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    for metric in (aurc, ece):
        in_order, out_of_order = np.array(rows, float), np.array(shuffled, float)
        one = metric(in_order[:, 0] / 4, in_order[:, 1] > 0)
        two = metric(out_of_order[:, 0] / 4, out_of_order[:, 1] > 0)
        assert one == pytest.approx(two, abs=1e-12)


def test_aurc_with_a_tie_is_the_mean_over_every_order_of_the_tied_rows():
    from itertools import permutations

    correct = np.array([True, False, True, False])
    tied = aurc(np.array([0.9, 0.5, 0.5, 0.5]), correct)
    ordered = [
        aurc(np.array([0.9, 0.8, 0.7, 0.6]), correct[[0, *order]])
        for order in permutations((1, 2, 3))
    ]
    assert tied == pytest.approx(np.mean(ordered))


def test_renaming_the_classes_changes_no_metric():
    probs, labels = random_probs(seed=3)
    order = np.random.default_rng(1).permutation(probs.shape[1])
    renamed = np.argsort(order)[labels]
    for metric in (accuracy, nll, brier):
        assert metric(probs, labels) == pytest.approx(metric(probs[:, order], renamed))


def test_no_image_gives_nan():
    assert np.isnan(accuracy(np.empty((0, 3)), []))
    assert np.isnan(nll(np.empty((0, 3)), []))
    assert np.isnan(brier(np.empty((0, 3)), []))
    assert np.isnan(ece([], []))
    assert np.isnan(aurc([], []))


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: nll(np.ones((3, 2)), [0, 1]), r"labels.*\(3, 2\) and \(2,\)"),
        (lambda: brier(np.ones((2, 2)), [0, 2]), "labels must be 0 to 1, got 0 to 2"),
        (lambda: ece([0.5, 1.5], [True, False]), "confidence must lie in"),
        (lambda: ece([0.5], [True], num_bins=0), "num_bins must be at least 1, got 0"),
        (lambda: aurc([0.5], [True, False]), r"\(1,\) and \(2,\)"),
    ],
)
def test_arguments_that_do_not_fit_are_named(call, names):
    with pytest.raises(ValueError, match=names):
        call()
