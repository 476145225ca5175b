"""Finding errors, against closed forms, scikit-learn and resampling row by row."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.trust import metrics
from core.trust.detection import MOST_RUNS, auroc_differences, detection
from core.trust.selective import risk_coverage


def ranked(num_items=2_000, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    values = rng.beta(5, 1, num_items)
    correct = rng.random(num_items) < values
    return (np.round(values, 1) if ties else values), correct


@pytest.mark.parametrize("ties", [True, False])
def test_areas_equal_the_metric_and_scikit_learn(ties):
    values, correct = ranked(ties=ties)
    found = detection(risk_coverage(values, correct), 20)
    assert found.auroc.value == pytest.approx(roc_auc_score(correct, values))
    assert found.aurc.value == pytest.approx(metrics.aurc(values, correct))
    best = metrics.aurc(correct.astype(float), np.sort(correct)[::-1])
    perfect = metrics.aurc(-np.arange(len(correct)), np.sort(correct)[::-1])
    assert found.excess_aurc.value == pytest.approx(found.aurc.value - perfect)
    assert best >= perfect - 1e-12


def test_augrc_equals_its_closed_form_in_auroc_and_accuracy():
    values, correct = ranked(ties=True)
    found = detection(risk_coverage(values, correct), 20)
    rate = 1 - correct.mean()
    expected = (1 - found.auroc.value) * (1 - rate) * rate + rate**2 / 2
    assert found.augrc.value == pytest.approx(expected)


def test_a_perfect_measure_has_auroc_1_and_no_excess():
    correct = np.array([True] * 30 + [False] * 4)
    found = detection(risk_coverage(-np.arange(34.0), correct), 20)
    assert found.auroc.value == 1
    assert found.excess_aurc.value == pytest.approx(0, abs=1e-12)


def test_a_constant_measure_guesses():
    correct = np.arange(40) % 5 > 0
    found = detection(risk_coverage(np.ones(40), correct), 20)
    assert found.auroc.value == 0.5
    assert found.aurc.value == pytest.approx(1 / 5)


def test_resamples_of_runs_spread_like_resamples_of_rows():
    values, correct = ranked(600)
    found = detection(risk_coverage(values, correct), 2_000)
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 600, (1_000, 600))
    by_row = np.array([metrics.aurc(values[r], correct[r]) for r in rows])
    aurocs = np.array([roc_auc_score(correct[r], values[r]) for r in rows])
    width = np.diff(np.quantile(by_row, [0.025, 0.975]))[0]
    assert found.aurc.high - found.aurc.low == pytest.approx(width, rel=0.1)
    width = np.diff(np.quantile(aurocs, [0.025, 0.975]))[0]
    assert found.auroc.high - found.auroc.low == pytest.approx(width, rel=0.1)


def test_values_stay_exact_where_the_resamples_join_runs():
    values, correct = ranked(40_000)
    assert 2 * (~correct).sum() > MOST_RUNS
    found = detection(risk_coverage(values, correct), 20)
    assert found.auroc.value == pytest.approx(roc_auc_score(correct, values))
    assert found.aurc.value == pytest.approx(metrics.aurc(values, correct))
    assert found.auroc.low < found.auroc.value < found.auroc.high


@pytest.mark.parametrize(
    ("correct", "reason"),
    [
        (np.ones(10, bool), "None of the 10 items is an error"),
        (np.zeros(10, bool), "All 10 items are errors"),
        (np.ones(0, bool), "There is no item"),
    ],
)
def test_without_errors_or_correct_answers_the_auroc_is_nan_with_a_reason(correct, reason):
    found = detection(risk_coverage(np.linspace(0, 1, len(correct)), correct), 20)
    assert np.isnan(found.auroc.value)
    assert found.reason.startswith(reason)
    assert np.isnan(found.aurc.value) == (len(correct) == 0)


def test_differences_of_aurocs_are_those_of_scikit_learn_and_the_best_has_none():
    values, correct = ranked(ties=True)
    noisy = -values + np.random.default_rng(1).normal(0, 0.3, len(values))
    lost = auroc_differences(
        {"sure": values, "noisy": noisy}, correct, {"sure": True, "noisy": False}
    )
    expected = roc_auc_score(correct, values) - roc_auc_score(correct, -noisy)
    assert lost["noisy"].value == pytest.approx(expected)
    assert lost["sure"] == (0, 0, 0)


def test_the_interval_of_a_difference_is_as_wide_as_paired_resamples_make_it():
    values, correct = ranked(800)
    noisy = values + np.random.default_rng(1).normal(0, 0.1, len(values))
    measures = {"sure": values, "noisy": noisy}
    lost = auroc_differences(measures, correct, dict.fromkeys(measures, True))["noisy"]
    rows = np.random.default_rng(2).integers(0, 800, (600, 800))
    drawn = [
        roc_auc_score(correct[r], values[r]) - roc_auc_score(correct[r], noisy[r]) for r in rows
    ]
    width = np.diff(np.quantile(drawn, [0.025, 0.975]))[0]
    assert lost.high - lost.low == pytest.approx(width, rel=0.15)


def test_differences_need_an_error_and_a_correct_answer():
    for correct in (np.ones(5, bool), np.zeros(5, bool)):
        lost = auroc_differences({"a": np.arange(5.0)}, correct, {"a": True})
        assert np.isnan(lost["a"]).all()
