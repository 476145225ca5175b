"""How many wrong labels remain? What a review has found so far, carried to what it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

_NUM_BINS = 320
_FAR = 40.0  # log-odds beyond this are as good as this
_NUM_DRAWS = 4_000
_OFFSETS = np.linspace(-12, 6, 61)[:, None, None]
_SLOPES = np.linspace(-3, 0, 41)[:-1, None]
_SPREAD_OFFSET = 4.0
_SPREAD_LOG_SLOPE = 0.3
_CENTRES = -_FAR + 2 * _FAR * (np.arange(_NUM_BINS) + 0.5) / _NUM_BINS
MIN_KEPT = 10
"""Fewer reviewed digits whose label was right say too little about the rest."""


@dataclass(frozen=True)
class Remaining:
    """Wrong labels among those not yet reviewed: expected number, and an interval of them."""

    expected: float
    low: int
    high: int
    level: float


def estimate_remaining(
    log_odds: np.ndarray, reviewed: np.ndarray, wrong: np.ndarray, level: float = 0.9
) -> Remaining | None:
    """Number of wrong labels among the digits that nobody has reviewed; None if it is too early.

    Logistic regression of "wrong" on the label's log-odds over the reviewed digits, summed over
    the others. Assumes that the log-odds of being wrong fall along a straight line as the
    label's log-odds rise, beyond the last reviewed digit too, and that reviewers are right. The
    posterior of offset and slope is summed over a grid, so nothing is fitted that may not
    converge, and a review without a single wrong label is as good as any. The prior of the
    slope's logarithm is centred on slope -1, where the model's own odds are right up to a factor.

    With errors planted in 5,000 held-out labels (5, 20 or 60 of them, at random, between classes
    easily confused, or on ambiguous digits) and the worst 50 to 200 reviewed, the 90 % interval
    held the true number in 85 to 100 % of the trials.

    Args:
        log_odds: Log-odds of each label (N,), label_quality.member_log_odds.
        reviewed: Bool (N,).
        wrong: Bool (N,), read where reviewed.
        level: Coverage of the interval, in (0, 1).

    Source: Gelman et al. (2013), Bayesian Data Analysis, section 3.7 (bioassay on a grid).
    """
    if (reviewed & ~wrong).sum() < MIN_KEPT:
        return None
    posterior = _posterior(log_odds[reviewed], wrong[reviewed])
    expected = _expected_on_grid(log_odds[~reviewed])
    rng = np.random.default_rng(0)  # the same review always shows the same interval
    cells = rng.choice(posterior.size, _NUM_DRAWS, p=posterior.ravel())
    draws = np.minimum(rng.poisson(expected.ravel()[cells]), (~reviewed).sum())
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return Remaining(float((posterior * expected).sum()), int(low), int(high), level)


def _posterior(log_odds: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    log_slopes = np.log(-_SLOPES[:, 0])
    log_prior = (
        -0.5 * (log_slopes / _SPREAD_LOG_SLOPE) ** 2
        - log_slopes  # the grid is even in the slope, the prior normal in its logarithm
        - 0.5 * (_OFFSETS[:, :, 0] / _SPREAD_OFFSET) ** 2
    )
    # The log-odds of "wrong" are a line, so its log-probability is that of "right" and the line's.
    wrongs = _counts(log_odds[wrong])
    line = _OFFSETS[:, :, 0] * wrongs.sum() + _SLOPES[:, 0] * (_CENTRES @ wrongs)
    log_posterior = log_prior + line + _log_right() @ (wrongs + _counts(log_odds[~wrong]))
    weights = np.exp(log_posterior - log_posterior.max())
    return weights / weights.sum()


def _expected_on_grid(log_odds: np.ndarray) -> np.ndarray:
    counts = _counts(log_odds)
    filled = np.flatnonzero(counts)
    if len(filled) == 0:
        return np.zeros(_log_right().shape[:2])
    some = slice(filled[0], filled[-1] + 1)  # what was not reviewed seldom has low log-odds
    return -np.expm1(_log_right()[..., some]) @ counts[some]


def _counts(log_odds: np.ndarray) -> np.ndarray:
    found = np.histogram(np.clip(log_odds, -_FAR, _FAR), _NUM_BINS, (-_FAR, _FAR))[0]
    return found.astype(np.float32)


@cache
def _log_right() -> np.ndarray:
    """Log-probability of "right" for each offset, slope and bin: 3 MB as float32."""
    linear = np.empty((len(_OFFSETS), len(_SLOPES), _NUM_BINS), np.float32)
    np.add(_OFFSETS, _SLOPES * _CENTRES, out=linear, casting="same_kind")
    np.logaddexp(0, linear, out=linear)
    return np.negative(linear, out=linear)
