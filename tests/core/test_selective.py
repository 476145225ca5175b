"""Declining, against closed forms, brute force and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core import metrics
from core.intervals import upper_bound
from core.selective import (
    MOST_RUNS,
    cheapest_threshold,
    cost,
    decide,
    detection,
    is_accepted,
    risk_coverage,
)


def ranked(num_images=2_000, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    values = rng.beta(5, 1, num_images)
    correct = rng.random(num_images) < values
    return (np.round(values, 1) if ties else values), correct


def test_risk_at_full_coverage_is_one_minus_accuracy():
    values, correct = ranked()
    curve = risk_coverage(values, correct)
    assert curve.coverage[-1] == 1
    assert curve.selective_risk[-1] == pytest.approx(1 - correct.mean())


def test_an_entropy_is_read_the_other_way_round():
    values, correct = ranked()
    one, two = risk_coverage(values, correct), risk_coverage(-values, correct, False)
    assert (one.mistakes == two.mistakes).all()
    assert (one.threshold == -two.threshold).all()


@pytest.mark.parametrize("higher_is_surer", [True, False])
@pytest.mark.parametrize("ties", [True, False])
def test_a_decision_counts_what_brute_force_counts(ties, higher_is_surer):
    values, correct = ranked(ties=ties)
    curve = risk_coverage(values, correct, higher_is_surer)
    for threshold in (-1.0, 0.0, 0.35, 0.8, values[7], 0.999, 2.0):
        accepted = is_accepted(values, threshold, higher_is_surer)
        decision = decide(curve, threshold)
        assert decision.accepted == accepted.sum()
        assert decision.referred == (~accepted).sum()
        assert decision.mistakes == (accepted & ~correct).sum()
        assert decision.mistakes_referred == (~accepted & ~correct).sum()


def test_the_accepted_images_risk_has_the_exact_upper_bound():
    values, correct = ranked()
    decision = decide(risk_coverage(values, correct), 0.9)
    assert decision.risk == decision.mistakes / decision.accepted
    assert decision.risk_upper == upper_bound(decision.mistakes, decision.accepted)
    assert decision.risk_upper > decision.risk


def test_accepting_nothing_has_no_risk():
    decision = decide(risk_coverage(*ranked()), 2.0)
    assert (decision.accepted, decision.mistakes) == (0, 0)
    assert np.isnan([decision.risk, decision.risk_upper]).all()


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
        (np.ones(10, bool), "None of the 10 images is an error"),
        (np.zeros(10, bool), "All 10 images are errors"),
        (np.ones(0, bool), "There is no image"),
    ],
)
def test_without_errors_or_correct_answers_the_auroc_is_nan_with_a_reason(correct, reason):
    found = detection(risk_coverage(np.linspace(0, 1, len(correct)), correct), 20)
    assert np.isnan(found.auroc.value)
    assert found.reason.startswith(reason)
    assert np.isnan(found.aurc.value) == (len(correct) == 0)


def test_the_cheapest_threshold_is_the_cheapest_of_all():
    values, correct = ranked(300, ties=True)
    curve = risk_coverage(values, correct)
    for mistake, referral in ((10, 1), (100, 1), (1, 10), (3, 0), (0, 3), (1e9, 1)):
        chosen = cost(
            decide(curve, cheapest_threshold(curve, mistake, referral)), mistake, referral
        )
        every = [np.inf, *np.unique(values)]
        assert chosen == min(cost(decide(curve, t), mistake, referral) for t in every)


def test_referring_everything_is_chosen_where_every_acceptance_costs_more():
    curve = risk_coverage(np.array([0.9, 0.8]), np.array([False, False]))
    assert cheapest_threshold(curve, 10, 1) == np.inf
    low = risk_coverage(np.array([0.9, 0.8]), np.array([False, False]), higher_is_surer=False)
    assert cheapest_threshold(low, 10, 1) == -np.inf
    assert decide(low, -np.inf).accepted == 0


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"\(2,\) and \(3,\)"):
        risk_coverage(np.ones(2), np.ones(3, bool))
    with pytest.raises(ValueError, match="values must not be nan, got 1"):
        risk_coverage(np.array([1, np.nan]), np.ones(2, bool))
    curve = risk_coverage(*ranked(20))
    with pytest.raises(ValueError, match="costs must be at least 0, got -1 and 2"):
        cheapest_threshold(curve, -1, 2)
    with pytest.raises(ValueError, match="no image"):
        cheapest_threshold(risk_coverage(np.ones(0), np.ones(0, bool)), 1, 1)
