"""Probabilities in blocks, from several threads: each block once, the same numbers, and an end."""

import numpy as np
import pytest

from core.measures.streamed_probs import KeptProbs, StreamedProbs, whole
from core.study.watched import Stopped, watched
from tests.core.trust.made_study import made_predictions


@pytest.fixture
def streamed(monkeypatch):
    """300 items of 7 classes, 20 items a block, by NumPy."""
    monkeypatch.setattr("core.measures.probabilities.BLOCK_VALUES", 140)
    monkeypatch.setattr("core.measures.streamed_probs.COMPILED_VALUES", 0)
    logits = np.random.default_rng(0).normal(size=(1, 300, 7)).astype(np.float32)
    rows = np.random.default_rng(1).permutation(300)
    return StreamedProbs(made_predictions(logits), rows, 1.7)


@pytest.mark.parametrize("kept", [False, True])
def test_every_block_comes_once_with_the_numbers_that_come_in_turn(streamed, kept):
    probs = KeptProbs(whole(streamed)) if kept else streamed
    found, times = np.zeros((300, 7), np.float32), np.zeros(300, int)

    def work(rows, block):
        found[rows] = block
        times[rows] += 1

    probs.each(work)
    np.testing.assert_array_equal(found, whole(streamed))
    assert (times == 1).all()


def test_what_goes_wrong_in_a_block_is_raised(streamed):
    def work(rows, block):
        raise ValueError(f"at {rows.start}")

    with pytest.raises(ValueError, match="at 0"):
        streamed.each(work)


def test_whoever_watches_can_end_it(streamed):
    told, done = [], []

    def watch(share):
        told.append(share)
        if share > 0.5:
            raise Stopped

    with watched(watch), pytest.raises(Stopped):
        streamed.each(lambda rows, block: done.append(rows.start))
    assert told == sorted(told)
    assert len(done) < 15
