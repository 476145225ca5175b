"""Paired differences: closed forms, oracles, and how often their intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import binom, binomtest

from core.trust.fixed_and_broken import accuracy_difference, holm, mcnemar
from core.trust.metrics import aurc, bin_numbers, ece
from core.trust.paired import ece_difference, mean_difference
from core.trust.paired_aurc import aurc_difference


def made_pair(num_items, seed, shift=(0.0, 0.0)):
    """Confidences of two models and whether each is right, on the same items, hard for both.

    `shift` is what the accuracy of each lies below its confidence.
    """
    rng = np.random.default_rng(seed)
    ease = rng.normal(0, 1, num_items)
    said = (1.5 + 1.5 * ease, 1.8 + 1.5 * ease + 0.5 * rng.normal(0, 1, num_items))
    said = tuple(0.5 + 0.5 / (1 + np.exp(-x)) for x in said)
    luck = rng.random(num_items)
    other = np.where(rng.random(num_items) < 0.6, luck, rng.random(num_items))
    right = tuple(u < p - s for u, p, s in zip((luck, other), said, shift, strict=True))
    return said, right


def resampled(num_items, seed, num_resamples=1_500):
    rng = np.random.default_rng(seed)
    return [rng.integers(num_items, size=num_items) for _ in range(num_resamples)]


def close(found, draws):
    """Both ends lie within what 1,000 draws leave open of a quantile: some 6 % of the width."""
    low, high = np.quantile(draws, [0.025, 0.975])
    assert found[1:] == pytest.approx((low, high), abs=0.1 * (high - low))


@given(some.integers(0, 60), some.integers(0, 60))
def test_mcnemar_is_the_binomial_test_of_a_fair_coin(fixed, broken):
    oracle = binomtest(fixed, fixed + broken).pvalue if fixed + broken else 1.0
    assert mcnemar(fixed, broken) == pytest.approx(oracle)


def test_a_model_and_itself_do_not_differ():
    (said, _), (right, _) = made_pair(500, 0)
    assert mcnemar(0, 0) == 1
    for found in (
        mean_difference(said, said),
        ece_difference((said, said), (right, right)),
        aurc_difference((said, said), (right, right)),
    ):
        assert found == pytest.approx((0, 0, 0), abs=1e-12)


def test_the_score_interval_of_no_discordant_item_is_that_of_one_share():
    # With neither kind of item the statistic is n d / sqrt(n d (1 - d)): Wilson's for 0 of n.
    low, high = accuracy_difference(0, 0, 100)
    limit = 1.959963984540054**2
    assert high == pytest.approx(limit / (100 + limit))
    assert low == pytest.approx(-high)


@given(some.integers(0, 40), some.integers(0, 40), some.integers(0, 200))
def test_the_score_interval_holds_its_value_and_turns_round_with_the_models(fixed, broken, same):
    num_items = fixed + broken + same + 1
    low, high = accuracy_difference(fixed, broken, num_items)
    assert -1 <= low <= (fixed - broken) / num_items <= high <= 1
    turned = accuracy_difference(broken, fixed, num_items)
    assert (-float(high), -float(low)) == pytest.approx(tuple(map(float, turned)), abs=1e-9)


def test_no_item_gives_no_interval():
    none = np.zeros(0)
    no_answer = none.astype(bool)
    assert np.isnan(accuracy_difference(0, 0, 0)).all()
    for found in (
        mean_difference(none, none),
        ece_difference((none, none), (no_answer, no_answer)),
        aurc_difference((none, none), (no_answer, no_answer)),
    ):
        assert np.isnan(found).all()


def test_the_interval_of_a_mean_is_that_of_items_drawn_one_by_one():
    (one, other), _ = made_pair(2_000, 1)
    found = mean_difference(one, other)
    assert found.value == pytest.approx(other.mean() - one.mean())
    close(found, [(other - one)[rows].mean() for rows in resampled(2_000, 2)])


@pytest.mark.parametrize("ties", [False, True])
def test_the_interval_of_aurc_is_that_of_items_drawn_one_by_one(ties):
    said, right = made_pair(600, 3)
    said = tuple(np.round(x, 1) if ties else x for x in said)

    def difference(rows=slice(None)):
        one, other = (aurc(x[rows], r[rows]) for x, r in zip(said, right, strict=True))
        return other - one

    found = aurc_difference(said, right)
    assert found.value == pytest.approx(difference())
    close(found, [difference(rows) for rows in resampled(600, 4)])


def test_joining_neighbours_of_many_items_leaves_the_interval_of_aurc():
    said, right = made_pair(24_000, 5)
    found = aurc_difference(said, right)
    parts = [
        aurc_difference(*([x[k::12] for x in pair] for pair in (said, right)), num_resamples=300)
        for k in range(12)
    ]
    width = np.mean([part.high - part.low for part in parts]) / np.sqrt(12)
    assert found.high - found.low == pytest.approx(width, rel=0.2)


def test_the_interval_of_ece_spans_that_of_items_drawn_one_by_one():
    said, right = made_pair(1_500, 6, shift=(0.0, 0.06))
    edges = np.linspace(0, 1, 16)

    def gaps(rows=slice(None)):
        return [
            np.bincount(bin_numbers(x[rows], edges), weights=(r - x)[rows], minlength=15)
            for x, r in zip(said, right, strict=True)
        ]

    found = ece_difference(said, right)
    assert found.value == pytest.approx(ece(said[1], right[1]) - ece(said[0], right[0]))
    draws = [np.subtract(*np.abs(gaps(rows)).sum(1)[::-1]) / 1_500 for rows in resampled(1_500, 7)]
    low, high = np.quantile(draws, [0.025, 0.975])
    slack = 0.1 * (high - low)
    assert found.low < low + slack
    assert found.high > high - slack


@pytest.fixture(scope="module")
def pairs():
    """200 pairs of 300 items, the second model less accurate than it says."""
    return [made_pair(300, 100 + seed, shift=(0.0, 0.06)) for seed in range(200)]


@pytest.fixture(scope="module")
def truth():
    """The same models on so many items that chance adds less than a hundredth of an interval."""
    return made_pair(1_000_000, 99, shift=(0.0, 0.06))


def hits(intervals, true):
    return sum(low <= true <= high for low, high in intervals)


LEAST, MOST = binom.ppf([0.001, 0.999], 200, 0.95)


def test_accuracy_intervals_hold_the_truth_as_often_as_they_say(pairs, truth):
    true = truth[1][1].mean() - truth[1][0].mean()
    found = [
        accuracy_difference((~one & other).sum(), (one & ~other).sum(), 300)
        for _, (one, other) in pairs
    ]
    assert LEAST <= hits(found, true) <= MOST


def costs(said, right):
    return -np.log(np.where(right, said, 1 - said))


def test_nll_intervals_hold_the_truth_as_often_as_they_say(pairs, truth):
    one, other = (costs(*side).mean() for side in zip(*truth, strict=True))
    found = [
        mean_difference(*(costs(*side) for side in zip(*pair, strict=True)), 200)[1:]
        for pair in pairs
    ]
    assert LEAST <= hits(found, other - one) <= MOST


def test_aurc_intervals_hold_the_truth_as_often_as_they_say(pairs, truth):
    one, other = (aurc(*side) for side in zip(*truth, strict=True))
    found = [aurc_difference(*pair, num_resamples=200)[1:] for pair in pairs]
    assert LEAST <= hits(found, other - one) <= MOST


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.0, 0.06), (0.08, 0.03)])
def test_ece_intervals_hold_the_truth_at_least_as_often_as_they_say(shift):
    one, other = (ece(*side) for side in zip(*made_pair(400_000, 99, shift), strict=True))
    found = [
        ece_difference(*made_pair(300, 100 + seed, shift), num_resamples=200)[1:]
        for seed in range(200)
    ]
    assert hits(found, other - one) >= LEAST


@given(some.lists(some.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_its_definition(p_values):
    adjusted = holm(np.array(p_values))
    order = np.argsort(p_values, kind="stable")
    largest = 0.0
    for step, k in enumerate(order):
        largest = max(largest, (len(p_values) - step) * p_values[k])
        assert adjusted[k] == pytest.approx(min(largest, 1))


def test_holm_counts_only_what_was_tested():
    found = holm(np.array([0.01, np.nan, 0.04]))
    assert found[0] == pytest.approx(0.02)
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(0.04)
