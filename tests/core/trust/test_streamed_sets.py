"""Prediction sets in blocks: the same as of all at once, bit for bit, and as MAPIE's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import softmax

from core.measures.streamed_probs import KeptProbs
from core.trust import set_answers as trust
from core.trust import streamed_sets
from core.trust.conformal import (
    METHODS,
    fit_threshold,
    label_threshold,
    nonconformity,
    prediction_sets,
    uniform_draws,
)
from core.trust.judged import judge
from core.trust.set_coverage import coverage, coverage_of_classes, items_needed
from core.trust.set_rule import Rule
from core.trust.streamed_sets import label_scores, order, set_sizes, sets_of
from tests.core.known import Known
from tests.core.trust.made_probs import judge_probs
from tests.core.trust.made_study import made_predictions, made_values


def made_probs(num_items, num_classes, seed=0, digits=None, dtype=np.float32):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(num_classes, 5 / num_classes), num_items)
    labels = (rng.random((num_items, 1)) > probs.cumsum(1)).sum(1).clip(0, num_classes - 1)
    return (probs if digits is None else probs.round(digits)).astype(dtype), labels


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("by_class", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("num_classes", "digits"), [(2, 1), (10, 2), (200, None), (200, 3)])
def test_sizes_and_labels_scores_are_those_of_the_whole_array(
    num_classes, digits, dtype, by_class, method, monkeypatch
):
    monkeypatch.setattr("core.measures.probabilities.BLOCK_VALUES", 23 * num_classes)
    monkeypatch.setattr(streamed_sets, "LEAST_KEPT", 8)
    monkeypatch.setattr(streamed_sets, "KEPT_VALUES", 0)
    probs, labels = made_probs(300, num_classes, digits=digits, dtype=dtype)
    draws = uniform_draws(300)
    whole = nonconformity(probs.astype(np.float64), method, draws)
    kept, rule = KeptProbs(probs), Rule(method, draws)
    ordered = order(kept, labels)
    assert ordered.top.shape == (300, min(8, num_classes))
    scores = label_scores(ordered, rule)
    assert (scores == whole[np.arange(300), labels]).all()
    for alpha in (0.02, 0.1, 0.4):
        threshold = fit_threshold(whole, labels, alpha, by_class)
        found = label_threshold(scores, labels, alpha, num_classes, by_class)
        assert (found == threshold).all()
        sets = prediction_sets(whole, threshold)
        sizes = set_sizes(kept, ordered, threshold, rule)
        assert (sizes == sets.sum(1)).all()
        with_top = sets | (np.arange(num_classes) == probs.argmax(1)[:, None])
        sizes = set_sizes(kept, ordered, threshold, rule, keep_top=True)
        assert (sizes == with_top.sum(1)).all()
        places = np.array([299, 0, 17])
        sizes = set_sizes(kept.only(places), ordered.only(places), threshold, rule.only(places))
        assert (sizes == sets[places].sum(1)).all()
        few = sets_of(kept, places, threshold, rule)
        assert (few == sets[places]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=1, max_size=8),
    st.integers(0, 5),
    st.sampled_from(METHODS),
)
def test_equal_probabilities_rank_in_the_order_of_the_classes(rows, label, method):
    counts = np.array(rows) + np.eye(6, dtype=int)[0]
    for dtype in (np.float32, np.float64):
        probs = (counts / counts.sum(1, keepdims=True)).astype(dtype)
        labels = np.full(len(probs), label)
        draws = uniform_draws(len(probs))
        exact = probs.astype(np.float64)
        places = np.argsort(-exact, axis=1, kind="stable")
        total = np.cumsum(np.take_along_axis(exact, places, 1), 1)
        total -= draws[:, None] * np.take_along_axis(exact, places, 1)
        total += (method == "raps") * 0.1 * np.maximum(0, np.arange(6))
        expected = np.empty_like(total)
        np.put_along_axis(expected, places, total, 1)
        expected = 1 - exact if method == "lac" else expected
        assert (nonconformity(probs, method, draws) == expected).all()
        kept = KeptProbs(probs)
        found = label_scores(order(kept, labels), Rule(method, draws))
        assert (found == expected[:, label]).all()


@pytest.mark.parametrize("method", METHODS)
def test_coverage_from_sizes_is_that_of_the_sets(method):
    probs, labels = made_probs(400, 12)
    judged = judge_probs(probs, labels)
    threshold = np.full(12, 0.7)
    whole = nonconformity(probs, method, trust.rule_of(judged, method).uniform)
    sets = prediction_sets(whole, threshold)
    found = trust.conform(judged, threshold, 0.1, method, kept=trust.ordered(judged))
    expected = coverage(sets, labels)
    assert found.overall.sizes.tolist() == expected.sizes.tolist()
    assert found.overall.covered == expected.covered
    assert (found.covered == sets[np.arange(400), labels]).all()
    for k, one in enumerate(found.classes):
        own = sets[labels == k]
        assert (one.num_items, one.covered) == (len(own), own[:, k].sum())
        assert one.sizes.tolist() == np.bincount(own.sum(1), minlength=13).tolist()
        assert one.mean_size == pytest.approx(own.sum(1).mean())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("by_class", [False, True])
def test_keeping_the_most_probable_class_leaves_no_set_empty_and_misses_no_more(method, by_class):
    probs, labels = made_probs(500, 6)
    judged = judge_probs(probs, labels)
    scores = trust.nonconformities(judged, method, is_chosen_on=False)
    threshold = label_threshold(scores, labels, 0.5, 6, by_class)
    plain = trust.conform(judged, threshold, 0.5, method)
    kept = trust.conform(judged, threshold, 0.5, method, scores=scores, keep_top=True)
    assert (plain.sizes == 0).any()
    assert "Keeping the most probable class" in plain.empty
    assert kept.empty == ""
    assert kept.sizes.min() == 1
    assert (kept.covered == plain.covered | judged.correct).all()
    rows = np.arange(0, 500, 7)
    few = trust.few_sets(judged, rows, threshold, method, keep_top=True)
    assert (few.sum(1) == kept.sizes[rows]).all()
    assert (few[np.arange(len(rows)), labels[rows]] == kept.covered[rows]).all()


def test_a_filtered_item_keeps_its_draw_and_its_set():
    logits, labels = made_values(300, 8)
    judged = judge(made_predictions(logits, labels))
    rows = np.array([5, 100, 299])
    some = judged.only(rows)
    assert (trust.rule_of(some, "aps").uniform == trust.rule_of(judged, "aps").uniform[rows]).all()
    threshold = np.full(8, 0.9)
    of_all = trust.few_sets(judged, rows, threshold, "aps")
    assert (trust.few_sets(some, rows, threshold, "aps") == of_all).all()


def mapies_sets(method, splits, alpha, **options):
    from mapie.classification import SplitConformalClassifier

    (fitted, labels), (probs, _) = splits
    reference = SplitConformalClassifier(
        Known(probs.shape[1]), 1 - alpha, conformity_score=method, prefit=True, random_state=4
    )
    reference.conformalize(fitted, labels)
    return reference.predict_set(probs, options)[1][:, :, 0]


@pytest.mark.parametrize("alpha", [0.05, 0.3])
@pytest.mark.parametrize(
    ("method", "options"), [("lac", {}), ("aps", {"include_last_label": "randomized"})]
)
def test_streamed_sets_of_many_classes_are_mapies(method, options, alpha, monkeypatch):
    monkeypatch.setattr(streamed_sets, "KEPT_VALUES", 0)
    values = made_values(900, 80), made_values(700, 80, seed=1)
    splits = tuple((softmax(z[0].astype(np.float64), -1), y) for z, y in values)
    (fitted, labels), (probs, own) = splits
    draws = [np.random.RandomState(4).uniform(size=size) for size in (900, 700)]
    chosen_on, judged = KeptProbs(fitted), KeptProbs(probs)
    scores = label_scores(order(chosen_on, labels, for_sets=False), Rule(method, draws[0]))
    threshold = label_threshold(scores, labels, alpha, 80)
    sizes = set_sizes(judged, order(judged, own), threshold, Rule(method, draws[1]))
    sets = sets_of(judged, np.arange(700), threshold, Rule(method, draws[1]))
    expected = mapies_sets(method, splits, alpha, **options)
    assert (sets == expected).all()
    assert (sizes == expected.sum(1)).all()


def test_no_item_has_no_set():
    judged = judge_probs(np.empty((0, 4), np.float32), np.empty(0, int))
    found = trust.conform(judged, np.full(4, 0.5), 0.1, "aps")
    assert len(found.sizes) == 0
    assert np.isnan(found.overall.coverage)


def test_a_thousand_classes_keep_short_counts_for_each():
    labels = np.arange(3_000) % 1_000
    classes = coverage_of_classes(np.full(3_000, 3), labels < 500, labels, 1_000)
    assert [c.num_items for c in classes] == [3] * 1_000
    assert [c.covered for c in classes] == [3] * 500 + [0] * 500
    assert all(c.sizes.sum() == 3 and len(c.sizes) == 31 for c in classes)


@pytest.mark.parametrize(("alpha", "needed"), [(0.01, 99), (0.1, 9), (0.5, 1), (0.3, 3)])
def test_as_many_calibration_items_as_are_said_to_be_needed_are_needed(alpha, needed):
    assert items_needed(alpha) == needed
    for count, is_finite in ((needed, True), (needed - 1, False)):
        scores, labels = np.linspace(0, 1, count), np.zeros(count, int)
        assert np.isfinite(label_threshold(scores, labels, alpha, 1)[0]) == is_finite
