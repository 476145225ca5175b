"""The committed table of the three ways, against the other committed files and the code."""

import numpy as np
import pytest

from core.trust.several_models import COST, TELLING, estimate_in, sets_in
from examples.mnist import load_study
from examples.mnist_artifacts import artifact_names, load_artifacts
from examples.mnist_three_ways import DAMAGED, TEST, UNLIKE, draw_sets


@pytest.fixture(scope="module")
def table():
    return load_study().read_comparison()


@pytest.mark.parametrize("name", artifact_names())
def test_its_numbers_on_the_test_digits_are_the_card_s(table, name):
    metrics = load_artifacts(name).card["metrics"]
    for metric in ("accuracy", "nll", "brier", "ece"):
        found = estimate_in(table, name, TEST, metric)
        assert found.value == pytest.approx(metrics[metric], rel=1e-3), metric
        assert found.low <= found.value <= found.high


@pytest.mark.parametrize("name", artifact_names())
def test_every_set_and_every_measure_of_a_model_is_there(table, name):
    several = load_artifacts(name).num_members > 1
    for items in (TEST, DAMAGED, *UNLIKE):
        for column in TELLING[:2] + TELLING[2:4] * several:
            assert 0.5 < estimate_in(table, name, items, f"auroc_{column}").value <= 1
    assert estimate_in(table, name, COST, "megabytes").value < 10
    assert sets_in(table) == {TEST: True, DAMAGED: True} | dict.fromkeys(UNLIKE, False)


def test_the_sets_are_the_same_each_time_and_no_digit_is_left_whole():
    sets, again = draw_sets(), draw_sets()
    for name, items in sets.items():
        np.testing.assert_array_equal(items.images, again[name].images)
    np.testing.assert_array_equal(sets[TEST].labels, sets[DAMAGED].labels)
    changed = (sets[TEST].images != sets[DAMAGED].images).any(axis=(1, 2))
    assert changed.mean() > 0.99


def test_draws_of_weights_tell_what_is_no_digit_better_than_the_one_network_does(table):
    """By their total uncertainty on both; by mutual information on letters, not on clothing."""
    for items in UNLIKE:
        one, draws = (
            estimate_in(table, name, items, "auroc_predictive_entropy")
            for name in ("article", "bayesian")
        )
        assert draws.low > one.high
    letters = next(items for items, source in UNLIKE.items() if source == "letters")
    one = estimate_in(table, "article", letters, "auroc_predictive_entropy")
    assert estimate_in(table, "bayesian", letters, "auroc_mutual_information").low > one.high
