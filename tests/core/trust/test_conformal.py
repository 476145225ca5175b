"""Prediction sets against MAPIE, closed forms and their guarantee."""

import numpy as np
import pytest
from scipy.stats import betabinom, binom

from core.trust.conformal import (
    METHODS,
    fit_threshold,
    nonconformity,
    prediction_sets,
    uniform_draws,
)
from core.trust.set_coverage import coverage, coverage_per_class, why_always, why_empty
from tests.core.known import Known


def classified(num_items, num_classes=6, seed=0):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 0.15), num_items)
    labels = (rng.random((num_items, 1)) > probs.cumsum(1)).sum(1).clip(0, num_classes - 1)
    return probs**1.3 / (probs**1.3).sum(1, keepdims=True), labels


def mapies_sets(method, calibration, labels, probs, alpha, **options):
    from mapie.classification import SplitConformalClassifier

    reference = SplitConformalClassifier(
        Known(probs.shape[1]), 1 - alpha, conformity_score=method, prefit=True, random_state=4
    )
    reference.conformalize(calibration, labels)
    return reference.predict_set(probs, options)[1][:, :, 0]


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.3])
def test_lac_sets_equal_mapies(alpha):
    (calibration, labels), (probs, _) = classified(700), classified(900, seed=1)
    threshold = fit_threshold(nonconformity(calibration), labels, alpha)
    ours = prediction_sets(nonconformity(probs), threshold)
    assert (ours == mapies_sets("lac", calibration, labels, probs, alpha)).all()


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.3])
def test_randomised_aps_sets_equal_mapies_with_the_same_draws(alpha):
    (calibration, labels), (probs, _) = classified(700), classified(900, seed=1)
    draws = [np.random.RandomState(4).uniform(size=size) for size in (700, 900)]
    threshold = fit_threshold(nonconformity(calibration, "aps", draws[0]), labels, alpha)
    ours = prediction_sets(nonconformity(probs, "aps", draws[1]), threshold)
    reference = mapies_sets(
        "aps", calibration, labels, probs, alpha, include_last_label="randomized"
    )
    assert (ours == reference).all()


def test_raps_without_penalty_is_aps_and_adds_it_by_rank():
    probs = np.array([[0.2, 0.7, 0.1]])
    draws = uniform_draws(1)
    assert np.allclose(
        nonconformity(probs, "raps", draws, penalty=0), nonconformity(probs, "aps", draws)
    )
    extra = nonconformity(probs, "raps", penalty=0.5, free_labels=1) - nonconformity(probs, "aps")
    assert extra == pytest.approx(np.array([[0.5, 0, 1.0]]))


def test_aps_scores_are_the_cumulated_probabilities_less_the_drawn_part():
    probs = np.array([[0.2, 0.7, 0.1]])
    assert nonconformity(probs, "aps") == pytest.approx(np.array([[0.9, 0.7, 1.0]]))
    half = nonconformity(probs, "aps", np.array([0.5]))
    assert half == pytest.approx(np.array([[0.8, 0.35, 0.95]]))


def test_the_threshold_is_the_smallest_score_that_covers_one_more_than_the_sample():
    scores = np.arange(99)[:, None] / 99 * np.ones((1, 2))
    for alpha, place in ((0.05, 95), (0.01, 99), (0.5, 50)):
        threshold = fit_threshold(scores, np.zeros(99, int), alpha)
        assert threshold == pytest.approx(np.full(2, scores[place - 1, 0]))
    assert np.isinf(fit_threshold(scores, np.zeros(99, int), 0.001)).all()


def test_a_class_with_too_few_calibration_images_is_always_in():
    probs, labels = classified(300)
    rare = np.where(labels == 2, 3, labels)
    threshold = fit_threshold(nonconformity(probs), rare, 0.1, class_conditional=True)
    assert np.isinf(threshold[2])
    assert prediction_sets(nonconformity(probs), threshold)[:, 2].all()


@pytest.mark.parametrize("method", METHODS)
def test_coverage_over_200_fresh_splits_lies_within_its_binomial_band(method):
    alpha, size, judged = 0.1, 150, 250
    place = int(np.ceil((size + 1) * (1 - alpha)))
    exact = betabinom(judged, place, size + 1 - place)
    low, high = exact.ppf(0.025), exact.ppf(0.975)
    inside, covered = 0, 0
    for split in range(200):
        probs, labels = classified(size + judged, seed=split)
        scores = nonconformity(probs, method, uniform_draws(len(probs), split))
        threshold = fit_threshold(scores[:size], labels[:size], alpha)
        hits = coverage(prediction_sets(scores[size:], threshold), labels[size:]).covered
        inside += low <= hits <= high
        covered += hits
    expected = exact.cdf(high) - exact.cdf(low - 1)
    assert binom.ppf(0.0005, 200, expected) <= inside <= binom.ppf(0.9995, 200, expected)
    spread = exact.std() / 200**0.5
    assert covered / 200 == pytest.approx(exact.mean(), abs=3.5 * spread)


def test_class_conditional_sets_cover_every_class_where_marginal_ones_fail_one():
    rng = np.random.default_rng(0)
    probs, labels = classified(20_000)
    # Class 0 becomes hard: its images lose most of their own probability.
    probs[labels == 0, 0] *= 0.02
    probs /= probs.sum(1, keepdims=True)
    order = rng.permutation(20_000)
    fit, judge = order[:10_000], order[10_000:]
    scores = nonconformity(probs)
    worst = {}
    for conditional in (False, True):
        threshold = fit_threshold(scores[fit], labels[fit], 0.1, conditional)
        sets = prediction_sets(scores[judge], threshold)
        worst[conditional] = min(c.coverage for c in coverage_per_class(sets, labels[judge]))
    # A class has about 1,600 calibration images, so its coverage varies by about 0.01.
    assert worst[False] < 0.8
    assert worst[True] > 0.87


def test_a_smaller_alpha_gives_sets_that_hold_the_former_ones():
    (calibration, labels), (probs, _) = classified(500), classified(300, seed=1)
    for method in METHODS:
        fitted = nonconformity(calibration, method, uniform_draws(500))
        scores = nonconformity(probs, method, uniform_draws(300, 1))
        strict = prediction_sets(scores, fit_threshold(fitted, labels, 0.01))
        loose = prediction_sets(scores, fit_threshold(fitted, labels, 0.2))
        assert (strict | ~loose).all()


def test_coverage_counts_sizes_and_has_the_exact_interval():
    sets = np.array([[True, False], [True, True], [False, False], [False, True]])
    result = coverage(sets, np.array([0, 1, 0, 0]))
    assert (result.covered, result.coverage) == (2, 0.5)
    assert result.sizes.tolist() == [1, 2, 1]
    assert result.mean_size == 1
    assert result.low < 0.5 < result.high


def test_no_image_and_a_class_without_images_have_no_coverage():
    assert np.isnan(coverage(np.empty((0, 3), bool), np.empty(0, int)).coverage)
    classes = coverage_per_class(np.ones((2, 3), bool), np.array([0, 2]))
    assert [c.num_items for c in classes] == [1, 0, 1]
    assert np.isnan(classes[1].low)


def test_lac_must_leave_sets_empty_once_alpha_exceeds_the_error_rate():
    probs = np.array([[0.9, 0.1]] * 95 + [[0.3, 0.7]] * 5)
    labels = np.zeros(100, int)
    probs += np.random.default_rng(0).normal(0, 0.01, (100, 1)) * [1, -1]
    threshold = fit_threshold(nonconformity(probs), labels, 0.2)
    sets = prediction_sets(nonconformity(probs), threshold)
    assert (~sets.any(1)).sum() > 0
    sizes = sets.sum(1)
    assert "errs on 5.00 % of the items, less than the 20 %" in why_empty(sizes, 0.2, 0.05, "lac")
    assert why_empty(np.full(3, 2), 0.2, 0.05, "lac") == ""
    assert "Randomised" in why_empty(sizes, 0.2, 0.05, "aps")


def test_classes_that_can_never_be_ruled_out_are_counted_with_the_images_it_would_take():
    scores, labels = np.random.default_rng(0).random((300, 3)), np.arange(300) % 3
    enough = fit_threshold(scores[:297], labels[:297], 0.01, class_conditional=True)
    assert why_always(enough, 0.01) == ""
    short = fit_threshold(scores[:296], labels[:296], 0.01, class_conditional=True)
    text = why_always(short, 0.01)
    assert text.startswith("1 of 3 classes are in every set")
    assert "takes 99 calibration items" in text


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1, got 1"):
        fit_threshold(np.ones((2, 2)), np.zeros(2, int), 1)
    with pytest.raises(ValueError, match=r"method must be one of .* got 'cqr'"):
        nonconformity(np.ones((2, 2)), "cqr")
