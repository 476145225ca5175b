"""Intervals against closed forms, scipy and their promised coverage."""

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from core.trust.intervals import (
    bootstrap,
    bundle,
    clopper_pearson,
    percentile_estimate,
    upper_bound,
    wilson,
)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (10, 10), (3, 17), (9_931, 10_000)])
def test_wilson_and_clopper_pearson_equal_scipy(successes, trials):
    test = binomtest(successes, trials)
    for ours, name in ((wilson, "wilson"), (clopper_pearson, "exact")):
        reference = test.proportion_ci(0.95, method=name)
        assert np.allclose(ours(successes, trials), (reference.low, reference.high), atol=1e-9)


def test_no_trial_has_no_interval():
    for interval in (wilson, clopper_pearson):
        assert np.isnan(interval(0, 0)).all()
    assert np.isnan(upper_bound(0, 0))


def test_no_mistake_in_n_bounds_the_risk_at_one_minus_the_nth_root_of_a_twentieth():
    assert upper_bound(0, 300) == pytest.approx(1 - 0.05 ** (1 / 300))


def test_the_upper_bound_holds_the_risk_at_least_19_times_of_20():
    risk, trials = 0.02, 400
    mistakes = np.arange(trials + 1)
    held = upper_bound(mistakes, trials) >= risk
    assert binom.pmf(mistakes[held], trials, risk).sum() >= 0.95


def test_a_percentile_interval_leaves_a_fortieth_of_the_resamples_at_each_side():
    estimate = percentile_estimate(0.6, np.append(np.linspace(0, 1, 1_001), np.nan))
    assert estimate == pytest.approx((0.6, 0.025, 0.975))


def test_a_number_that_no_resample_has_stays_unknown():
    assert np.isnan(percentile_estimate(0.5, np.full(10, np.nan))).all()
    assert np.isnan(percentile_estimate(np.nan, np.ones(10))).all()


def test_bundles_hold_every_row_once_and_never_two_cells():
    rng = np.random.default_rng(0)
    cells, values = rng.integers(0, 4, 3_000), rng.random(3_000)
    bundles = bundle(cells, values, most_per_cell=100)
    assert sorted(bundles.order) == list(range(3_000))
    assert bundles.size.sum() == 3_000
    assert len(bundles.size) == 4 * 100
    lowest = np.minimum.reduceat(cells[bundles.order], bundles.first)
    highest = np.maximum.reduceat(cells[bundles.order], bundles.first)
    assert (lowest == highest).all()


@pytest.mark.parametrize("most", [1, 3, 7, 50])
def test_of_n_rows_in_b_bundles_the_row_i_belongs_to_bundle_i_b_over_n(most):
    sizes = np.array([1, 2, 6, 7, 20, 101])
    cells = np.repeat([0, 2, 3, 5, 6, 9], sizes)
    bundles = bundle(cells, np.arange(len(cells)), most)
    wanted = [np.arange(n) * min(n, most) // n for n in sizes]
    assert bundles.size.tolist() == [n for one in wanted for n in np.bincount(one)]
    assert bundles.first.tolist() == (np.cumsum(bundles.size) - bundles.size).tolist()


def test_small_cells_keep_every_row():
    bundles = bundle(np.array([0, 1, 1, 0]), np.array([2.0, 1.0, 0.0, 1.0]))
    assert (bundles.size == 1).all()
    assert bundles.order.tolist() == [3, 0, 2, 1]


@pytest.mark.parametrize("num_cells", [1, 4, 300, 70_000])
def test_bundles_lie_in_the_order_of_cell_then_value_then_row_and_sum_their_rows(num_cells):
    rng = np.random.default_rng(0)
    cells, values = rng.integers(0, num_cells, 5_000), rng.integers(0, 50, 5_000) / 50
    bundles = bundle(cells, values, most_per_cell=7)
    assert (bundles.order == np.lexsort((values, cells))).all()
    columns = [values, rng.random(5_000).astype(np.float32), values > 0.5]
    one_by_one = [
        [column[rows].sum(dtype=np.float64) for column in columns]
        for rows in np.split(bundles.order, bundles.first[1:])
    ]
    assert bundles.sums(columns) == pytest.approx(np.array(one_by_one))


def test_the_bootstrap_of_a_mean_has_the_standard_error_of_the_mean():
    rng = np.random.default_rng(1)
    values = rng.exponential(size=20_000)
    bundles = bundle(np.zeros(len(values), int), values)
    means = np.add.reduceat(values[bundles.order], bundles.first) / bundles.size
    drawn = bootstrap(bundles.size, lambda rows: rows @ means / len(values))
    assert drawn.mean() == pytest.approx(values.mean(), abs=4 * values.std() / 20_000**0.5)
    # The standard deviation of 1,000 draws is itself known to about 2 %.
    assert drawn.std() == pytest.approx(values.std() / 20_000**0.5, rel=0.1)


def test_equal_seeds_give_equal_resamples_whatever_the_chunks():
    sizes = np.full(50, 3)
    one = bootstrap(sizes, lambda rows: rows, num_resamples=7, seed=4)
    assert one.shape == (7, 50)
    assert (one.sum(1) == 150).all()
    assert (one == bootstrap(sizes, lambda rows: rows, num_resamples=7, seed=4)).all()


@pytest.mark.parametrize(("num_rows", "num_cells"), [(2_000, 3), (2_000, 2**22), (1, 1), (0, 1)])
def test_bundles_follow_the_cells_and_in_each_the_values(num_rows, num_cells):
    rng = np.random.default_rng(4)
    cells = rng.integers(0, num_cells, num_rows)
    values = rng.normal(0, 1e3, num_rows).astype(np.float32).astype(float)
    values[: num_rows // 4] = rng.choice([0.0, -0.0, np.inf, -np.inf, 1.0], num_rows // 4)
    wanted = np.lexsort((np.arange(num_rows), values, cells))
    assert np.array_equal(bundle(cells, values).order, wanted)
