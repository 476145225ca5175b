"""The model beside people: closed forms, a published alpha, and what is kept of their labels."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import entropy, spearmanr

from core.figures import people as figures
from core.measures.uncertainty import measure_logits
from core.trust.people import beside_people, krippendorff_alpha, rank_correlation
from tests.core.trust.made_study import TEXT, made_predictions, made_study, made_values

NUM_ITEMS, NUM_CLASSES = 400, 4
PUBLISHED = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Four observers, twelve units: Krippendorff 2011, section C, whose nominal alpha is 0.743."""


def with_shares(shares, num_members=3, num_people=None, seed=0):
    values, labels = made_values(len(shares), NUM_CLASSES, num_members, seed)
    study = made_study({"one": made_predictions(values, labels)}, labels, NUM_CLASSES)
    dataset = replace(study.dataset, label_shares=shares, num_people=num_people)
    return replace(study, dataset=dataset), values


def model_probs(values):
    return measure_logits(values)["mean_probs"].astype(float)


def test_people_who_answer_as_the_model_does_cost_no_more_than_their_own_entropy():
    values, _ = made_values(NUM_ITEMS, NUM_CLASSES, 1)
    study, values = with_shares(model_probs(values), num_members=1)
    found = beside_people(study, "one")
    assert found.measure == "predictive_entropy"
    assert found.costs.cross_entropy.value == pytest.approx(found.costs.least, abs=1e-5)
    assert found.correlation.value == pytest.approx(1, abs=1e-4)
    assert found.accuracy_of_majority[0].value == 1
    assert found.gap == pytest.approx(0, abs=1e-4)


def test_numbers_are_their_definitions():
    rng = np.random.default_rng(1)
    counts = rng.multinomial(5, rng.dirichlet(np.full(NUM_CLASSES, 0.5), NUM_ITEMS))
    shares = counts / 5
    study, values = with_shares(shares, num_people=np.full(NUM_ITEMS, 5))
    found, probs = beside_people(study, "one"), model_probs(values)
    assert found.measure == "expected_entropy"
    assert found.human_entropy == pytest.approx(entropy(shares, axis=1))
    assert found.costs.cross_entropy.value == pytest.approx(-(shares * np.log(probs)).sum(1).mean())
    assert found.correlation.value == pytest.approx(
        spearmanr(found.human_entropy, found.model_entropy).statistic
    )
    prediction = probs.argmax(1)
    said = shares[np.arange(NUM_ITEMS), prediction]
    assert found.accuracy_of_any.value == pytest.approx((said > 0).mean())
    lead = np.sort(shares, axis=1)
    alone = lead[:, -1] > lead[:, -2]
    assert found.accuracy_of_majority[1] == alone.sum()
    assert found.accuracy_of_majority[0].value == pytest.approx((said == lead[:, -1])[alone].mean())
    assert found.alpha == pytest.approx(krippendorff_alpha(counts))
    top, number = found.correlation_of_highest
    assert number == NUM_ITEMS // 20
    assert top.low <= top.value <= top.high


def test_items_that_nobody_labelled_are_left_out():
    shares = np.full((NUM_ITEMS, NUM_CLASSES), 0.25)
    shares[::3] = np.nan
    found = beside_people(with_shares(shares)[0], "one")
    assert len(found) == NUM_ITEMS - len(shares[::3])
    assert np.isnan(found.correlation).all()  # people are equally unsure of every item
    assert "cannot be told" in figures.describe_people(found, "The one", TEXT)
    with pytest.raises(ValueError, match="without shares"):
        beside_people(with_shares(np.full((NUM_ITEMS, NUM_CLASSES), np.nan))[0], "one")


def test_alpha_is_the_published_one():
    answers = [line.split() for line in PUBLISHED.split("\n") if line]
    counts = np.array(
        [[sum(row[unit] == str(k) for row in answers) for k in range(1, 6)] for unit in range(12)]
    )
    assert krippendorff_alpha(counts) == pytest.approx(0.743, abs=5e-4)


@given(some.integers(2, 5), some.integers(0, 2**32 - 1))
def test_alpha_is_1_for_agreement_about_0_for_chance_and_knows_no_order(num_classes, seed):
    rng = np.random.default_rng(seed)
    agreed = 3 * np.eye(num_classes)[rng.integers(0, num_classes, 50)]
    agreed[:2] = 3 * np.eye(num_classes)[:2]
    assert krippendorff_alpha(agreed) == pytest.approx(1)
    by_chance = rng.multinomial(4, np.full(num_classes, 1 / num_classes), 2_000)
    assert krippendorff_alpha(by_chance) == pytest.approx(0, abs=0.1)
    assert krippendorff_alpha(by_chance[::-1, ::-1]) == pytest.approx(krippendorff_alpha(by_chance))


def test_one_label_an_item_or_one_class_alone_tells_nothing_of_agreement():
    assert np.isnan(krippendorff_alpha(np.eye(3)))
    assert np.isnan(krippendorff_alpha(np.array([[3, 0], [2, 0]])))


def test_rank_intervals_hold_the_truth_as_often_as_they_say():
    rng, r = np.random.default_rng(3), 0.5
    true = 6 / np.pi * np.arcsin(r / 2)  # Spearman's of a normal pair
    hits = 0
    for _ in range(200):
        x, noise = rng.normal(size=(2, 150))
        found = rank_correlation(x, r * x + np.sqrt(1 - r**2) * noise)
        hits += found.low <= true <= found.high
    assert 179 <= hits <= 198  # 99.8 % of a binomial with 200 trials and a chance of 95 %


def test_the_figure_has_every_item_once_with_its_row():
    rng = np.random.default_rng(4)
    found = beside_people(with_shares(rng.dirichlet(np.ones(NUM_CLASSES), NUM_ITEMS))[0], "one")
    traces = [t for t in figures.people_figure(found, TEXT).data if t.customdata is not None]
    assert sorted(np.concatenate([t.customdata for t in traces])) == list(range(NUM_ITEMS))
    rows = figures.people_rows(found, TEXT)
    assert "needs counts" in rows["agreement of people, Krippendorff’s alpha"]["value"]
