import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from core.stress.telling_apart import tell_apart

VALUES = st.lists(st.integers(0, 8), min_size=3, max_size=60)


@settings(deadline=None, max_examples=60)
@given(VALUES, VALUES, st.booleans())
def test_the_auroc_is_scikit_learns_ties_half(items, foreign, unsure_is_high):
    labels = np.repeat([0, 1], [len(items), len(foreign)])
    values = np.concatenate([items, foreign]) * (1 if unsure_is_high else -1)
    found = tell_apart(np.array(items), np.array(foreign), unsure_is_high)
    assert found.auroc.value == pytest.approx(roc_auc_score(labels, values))
    assert found.auroc.low <= found.auroc.value <= found.auroc.high


@settings(deadline=None, max_examples=60)
@given(VALUES, VALUES)
def test_the_rate_is_scikit_learns_at_the_first_threshold_that_95_percent_pass(items, foreign):
    labels = np.repeat([1, 0], [len(items), len(foreign)])
    rates, passed, _ = roc_curve(labels, -np.concatenate([items, foreign]), drop_intermediate=False)
    expected = rates[np.flatnonzero(passed >= 0.95 - 1e-12)[0]]
    assert tell_apart(np.array(items), np.array(foreign)).fpr.value == pytest.approx(expected)


def test_the_interval_of_the_auroc_covers_the_truth_as_often_as_it_says():
    rng, truth = np.random.default_rng(1), 0.7602499389  # of two unit normals one apart
    found = [tell_apart(rng.normal(0, 1, 120), rng.normal(1, 1, 80)).auroc for _ in range(400)]
    covered = np.mean([each.low <= truth <= each.high for each in found])
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 400)


def test_what_lies_wholly_apart_is_told_and_what_is_alike_is_not():
    low, high = np.arange(100.0), np.arange(200.0, 300)
    assert tell_apart(low, high).auroc.value == 1 and tell_apart(low, high).fpr.value == 0
    assert tell_apart(low, high, unsure_is_high=False).auroc.value == 0
    same = tell_apart(low, low)
    assert same.auroc.value == 0.5 and same.fpr.value == pytest.approx(0.95)
    assert np.isnan(tell_apart(low, np.zeros(0)).auroc.value)
