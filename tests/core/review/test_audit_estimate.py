import numpy as np
import pytest

from core.review.audit_estimate import MIN_KEPT, estimate_remaining


def review(seed, offset, slope=-1.0, num_images=4_000, depth=150):
    """Labels wrong with odds exp(offset + slope * log_odds); the worst `depth` are reviewed."""
    rng = np.random.default_rng(seed)
    log_odds = np.sort(rng.normal(9, 4, num_images))
    wrong = rng.random(num_images) < 1 / (1 + np.exp(-(offset + slope * log_odds)))
    return log_odds, np.arange(num_images) < depth, wrong


@pytest.mark.parametrize(("offset", "slope"), [(0, -1), (2, -1), (-1, -0.7), (3, -1.4)])
def test_the_interval_holds_the_number_that_remains_about_as_often_as_it_says(offset, slope):
    held = []
    for seed in range(40):
        log_odds, reviewed, wrong = review(seed, offset, slope)
        remaining = estimate_remaining(log_odds, reviewed, wrong)
        held.append(remaining.low <= (wrong & ~reviewed).sum() <= remaining.high)
    # With level 0.9, at most 1 in 1,000 runs of 40 would hold fewer than 29.
    assert sum(held) >= 29


def test_reading_on_finds_that_less_remains():
    log_odds, _, wrong = review(0, 2)
    expected = [
        estimate_remaining(log_odds, np.arange(4_000) < depth, wrong).expected
        for depth in (100, 400, 1_600)
    ]
    assert expected[0] > expected[1] > expected[2]


def test_when_all_are_reviewed_none_remains():
    log_odds, _, wrong = review(0, 2)
    remaining = estimate_remaining(log_odds, np.ones(4_000, bool), wrong)
    assert (remaining.expected, remaining.low, remaining.high) == (0, 0, 0)


def test_too_few_right_labels_seen_give_no_number():
    log_odds = np.linspace(-9, 20, 1_000)
    wrong = np.arange(1_000) < 30
    for depth in (0, 30, 30 + MIN_KEPT - 1):
        assert estimate_remaining(log_odds, np.arange(1_000) < depth, wrong) is None
    assert estimate_remaining(log_odds, np.arange(1_000) < 30 + MIN_KEPT, wrong) is not None


def test_what_is_said_of_unreviewed_digits_is_not_read():
    log_odds, reviewed, wrong = review(0, 2)
    assert estimate_remaining(log_odds, reviewed, wrong) == estimate_remaining(
        log_odds, reviewed, wrong & reviewed
    )


def test_infinite_log_odds_are_taken():
    log_odds, reviewed, wrong = review(0, 2)
    order = np.argsort(log_odds)
    log_odds[order[-1]], log_odds[order[0]] = 1e3, -1e3
    large = estimate_remaining(log_odds, reviewed, wrong)
    log_odds[order[-1]], log_odds[order[0]] = np.inf, -np.inf
    assert estimate_remaining(log_odds, reviewed, wrong) == large
