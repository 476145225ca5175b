"""What a model says beside what is so, against counts by hand."""

import numpy as np
import pytest
from scipy.stats import binomtest

from core.trust.claims import claim, describe_claims


def test_a_claim_counts_the_images_at_least_as_sure_and_has_the_exact_interval():
    confidence = np.array([0.5, 0.99, 0.995, 1.0])
    found = claim(confidence, np.array([False, True, True, False]), 0.99)
    assert found.num_items == 3
    assert found.said == pytest.approx((0.99 + 0.995 + 1) / 3)
    interval = binomtest(2, 3).proportion_ci(0.95)
    assert found.right == pytest.approx((2 / 3, interval.low, interval.high))


@pytest.mark.parametrize(
    ("confidence", "verdict"),
    [
        (0.99, "overconfident"),
        (0.8, "no miscalibration detected on average"),
        (0.6, "underconfident"),
    ],
)
def test_the_verdict_needs_more_than_chance(confidence, verdict):
    correct = np.arange(1_000) % 5 > 0
    assert claim(np.full(1_000, confidence), correct).verdict == verdict


def test_no_image_and_no_sure_image_are_said_in_words():
    nothing = claim(np.empty(0), np.empty(0, bool))
    assert np.isnan(nothing.said)
    assert describe_claims(nothing, nothing) == "has no items to evaluate."
    half = claim(np.full(10, 0.5), np.arange(10) < 5)
    assert "never says 99 % or more" in describe_claims(half, nothing)
