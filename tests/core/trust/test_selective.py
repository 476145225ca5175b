"""Declining, against closed forms, brute force and scikit-learn."""

import numpy as np
import pytest

from core.trust.acceptance import is_accepted
from core.trust.intervals import upper_bound
from core.trust.selective import (
    cheapest_threshold,
    cost,
    decide,
    risk_coverage,
    thinned,
    threshold_at,
)


def ranked(num_items=2_000, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    values = rng.beta(5, 1, num_items)
    correct = rng.random(num_items) < values
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
    with pytest.raises(ValueError, match="no item"):
        cheapest_threshold(risk_coverage(np.ones(0), np.ones(0, bool)), 1, 1)


@pytest.mark.parametrize("higher_is_surer", [True, False])
def test_a_threshold_at_a_share_refers_that_share(higher_is_surer):
    values, correct = ranked(1_000)
    curve = risk_coverage(values, correct, higher_is_surer)
    for share in (0.0, 0.001, 0.05, 0.5, 0.999):
        assert decide(curve, threshold_at(curve, share)).referred == round(1_000 * share)


def test_ties_refer_a_little_more_than_asked_but_never_everything():
    curve = risk_coverage(np.array([0.9, 0.9, 0.5, 0.5]), np.ones(4, bool))
    assert decide(curve, threshold_at(curve, 0.25)).referred == 2
    assert decide(curve, threshold_at(curve, 0.9)).referred == 2
    with pytest.raises(ValueError, match=r"share must lie in \[0, 1\)"):
        threshold_at(curve, 1.0)


def test_a_float32_threshold_written_with_nine_digits_accepts_its_own_image():
    values = np.random.default_rng(0).random(2_000).astype(np.float32)
    curve = risk_coverage(values, np.ones(2_000, bool))
    for value in values[:200]:
        written = float(f"{value:.9g}")
        assert is_accepted(value, written)
        assert decide(curve, written).accepted == (values >= value).sum()


@pytest.mark.parametrize("ties", [True, False])
def test_a_thinned_curve_has_some_of_the_steps_the_last_among_them_and_stays_as_it_is(ties):
    curve = risk_coverage(*ranked(ties=ties))
    thin = thinned(curve, 50)
    kept = np.isin(curve.accepted, thin.accepted)
    assert 5 <= kept.sum() == len(thin.accepted) <= 50
    for name in ("threshold", "mistakes", "coverage", "selective_risk"):
        np.testing.assert_array_equal(getattr(thin, name), getattr(curve, name)[kept])
    assert (thin.num_items, thin.num_errors) == (curve.num_items, curve.num_errors)
    assert np.diff(thin.coverage, prepend=0).max() < (0.5 if ties else 0.03)
    np.testing.assert_array_equal(thinned(thin, 50).accepted, thin.accepted)


def test_a_curve_of_no_item_is_thinned_to_none():
    assert not thinned(risk_coverage(np.zeros(0), np.zeros(0, bool)), 50).num_items
