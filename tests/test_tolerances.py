"""The rules for tolerances hold where they can be tried out: numbers that did move."""

import numpy as np
import pytest

from core.measures.uncertainty import measure_logits
from tests.tolerances import (
    FLOAT32_SUM,
    assert_same_logits,
    measures_may_move,
    ranks_may_move,
)

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("moved", [1e-4, 1e-2, 0.05])
@pytest.mark.parametrize("temperature", [0.7, 1.0])
@pytest.mark.parametrize("spread", [0.5, 3.0, 20.0])
def test_no_measure_moves_further_than_its_logits_let_it(moved, temperature, spread):
    logits = RNG.normal(0, spread, (5, 2_000, 10)).astype(np.float32)
    shaken = logits + RNG.choice([-moved, moved], logits.shape).astype(np.float32)
    labels = RNG.integers(10, size=2_000)
    before, after = (measure_logits(each, temperature, labels) for each in (logits, shaken))
    for name, most in measures_may_move(shaken, logits, temperature).items():
        if not name.startswith("p_"):
            assert (np.abs(after[name] - before[name]) <= most).all(), name
    most = measures_may_move(shaken, logits, temperature)["p_0"][:, None]
    assert (np.abs(after["mean_probs"] - before["mean_probs"]) <= most).all()


def test_an_image_whose_logits_stayed_may_move_no_measure():
    logits = RNG.normal(0, 3, (5, 20, 10)).astype(np.float32)
    shaken = logits.copy()
    shaken[:, 3] += 0.05
    allowed = measures_may_move(shaken, logits, 1.0)
    assert all((np.delete(most, 3) == FLOAT32_SUM).all() for most in allowed.values())


def test_one_logit_of_a_float32_network_that_moves_by_a_thousandth_is_found():
    logits = RNG.normal(0, 9, (1, 200, 10)).astype(np.float32)
    wrong = logits.copy()
    wrong[0, 77, 4] += 1e-3
    assert_same_logits(logits, logits, eight_bits=False)
    with pytest.raises(AssertionError, match="a logit moved"):
        assert_same_logits(wrong, logits, eight_bits=False)


def test_logits_that_all_move_a_little_or_one_by_more_than_a_step_are_found():
    logits = RNG.normal(0, 9, (2, 200, 10)).astype(np.float32)
    with pytest.raises(AssertionError, match="half of the images"):
        assert_same_logits(logits + np.float32(1e-3), logits, eight_bits=True)
    wrong = logits.copy()
    wrong[1, 5, 3] += np.abs(logits).max() / 100
    with pytest.raises(AssertionError, match="a logit moved"):
        assert_same_logits(wrong, logits, eight_bits=True)


def test_a_rank_may_move_past_those_within_a_step_and_no_further():
    reference = np.linspace(0, 10, 5_000)  # one step of 1/127 passes 4 of them
    allowed = ranks_may_move(np.array([0.25, 0.5, 0.75]), reference)
    np.testing.assert_allclose(allowed, (1 + 4_999 / 10 / 127) / 5_001, rtol=1e-3)
    assert ranks_may_move(np.array([1.0]), reference)[0] < 6 / 5_000
