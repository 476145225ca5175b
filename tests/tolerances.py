"""How far a committed number may lie from the same number made anew on another machine.

Each tolerance follows from what a value is. Nothing here was read off one machine's results.

Float32. Processors add the terms of a sum in different orders, and each addition rounds by up
to 2^-24 of the sum so far, at random. A layer of 1,000 terms whose sums reach 40 moves by about
40 * 2^-24 * sqrt(1,000) = 8e-5: FLOAT32_LOGITS. Where K numbers up to 1 are added, the error is
below K * 2^-23 times a few: FLOAT32_SUM.

Eight bits. A network with eight-bit weights rounds what flows through it to 255 values as well.
A float32 error of 1e-7 can put a value on the other side of such a rounding, and then it moves
by a whole step: 1/127 of the largest. Few do, so most images keep to FLOAT32_LOGITS.

What is kept. Logits are rounded to the nearest multiple of GRID_STEP, or, where many draws are
kept, to 16 bits and then to eight significant ones, which moves one by up to EIGHT_SIGNIFICANT of
its size: 2^-11 and 2^-8.

Measures. If every logit of an image moves by at most d, then log p moves by at most 2 d, since
log p = z - logsumexp(z) and both move by at most d; p by 2 d p (1 - p) <= d / 2; the difference
of two p by d. For an entropy, dH = -sum_k p_k (log p_k + H) dz_k, so it moves by at most d times
the standard deviation of log p, which K classes keep below sqrt(ln(K - 1)^2 / 4 + 1) (Reeb and
Wolf, "Tight bound on relative entropy by entropy difference", 2015); through the mean
over members it can move by twice that, and a difference of two entropies by their sum. The rule
is exact to the first order, and d is small: a tenth is added.

Ranks. A rank among M moves by 1 / (M + 1) for each of the M that its value passes.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

FLOAT32_LOGITS = 1e-4
FLOAT32_SUM = 1e-5
FLOAT32_FEATURES = 1e-4
"""Of the largest: a feature is a sum of some thousand terms, as a logit is."""
EIGHT_BIT_STEP = 1 / 127
BY_POSITION = FLOAT32_SUM if os.environ.get("PENUMBRA_PLAIN_KERNELS") else 0.0
"""By how much the same item's probabilities may differ with its place in a batch. The kernels in
use give the same bits everywhere; plain ones take the last items of a batch another way."""
GRID_STEP = 2**-14
EIGHT_SIGNIFICANT = 2**-8 + 2**-11
_HIGHER_ORDERS = 1.1


def has_eight_bit_weights(model: Path) -> bool:
    """Whether a LiteRT file holds weights of eight bits."""
    tensors = Interpreter(model_path=str(model)).get_tensor_details()
    return any(tensor["dtype"] == np.int8 for tensor in tensors)


def assert_same_logits(found: np.ndarray, committed: np.ndarray, eight_bits: bool) -> None:
    """That logits of the same images by the same network differ by rounding alone."""
    if (committed == committed.astype(np.float16)).all():
        most = FLOAT32_LOGITS + EIGHT_SIGNIFICANT * np.abs(committed.astype(np.float32))
        assert (np.abs(found - committed) <= most).all()
        return
    moved, most = np.abs(found - committed), FLOAT32_LOGITS + GRID_STEP / 2
    step = EIGHT_BIT_STEP * np.abs(committed).max() if eight_bits else most
    assert moved.max() <= step, f"a logit moved by {moved.max():.2g}, more than {step:.2g}"
    usual = float(np.median(moved.max(axis=(0, 2))))
    assert usual <= most, f"half of the images moved by more than {usual:.2g}"


def measures_may_move(
    found: np.ndarray, committed: np.ndarray, temperature: float
) -> dict[str, np.ndarray]:
    """By measure, how far each image's may move (N,) when its logits (S, N, K) moved so far."""
    num_classes = committed.shape[2]
    moved = _HIGHER_ORDERS * np.abs(found - committed).max(axis=(0, 2)) / temperature
    entropy = 2 * moved * np.sqrt(np.log(num_classes - 1) ** 2 / 4 + 1)
    of_p = moved / 2
    allowed = {
        "confidence": of_p,
        "least_confidence": of_p,
        "margin": moved,
        "predictive_entropy": entropy,
        "expected_entropy": entropy,
        "mutual_information": 2 * entropy,
        "log_likelihood": 2 * moved,
    }
    allowed |= {f"p_{k}": of_p for k in range(num_classes)}
    allowed = {name: values + FLOAT32_SUM for name, values in allowed.items()}
    return allowed | {"variation_ratio": _votes_may_move(found, committed)}


def _votes_may_move(found: np.ndarray, committed: np.ndarray) -> np.ndarray:
    """The share of members (N,) whose own first and second class changed places, or met."""
    return (found.argmax(2) != committed.argmax(2)).mean(axis=0) + FLOAT32_SUM


def ranks_may_move(ranks: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """How far ranks (N,) among `reference` (M,), ascending, may move (N,).

    A distance may move by one step of eight bits on its scale, which is 1 at the point that 99 %
    of the reference lie below. Outside the reference ranks hardly move: they are within 1 / (M + 1)
    of 0 or 1.
    """
    count = len(reference)
    grid = np.arange(1, count + 1) / (count + 1)
    distances = np.interp(ranks, grid, reference)
    ends = [
        np.interp(distances + move, reference, grid) for move in (-EIGHT_BIT_STEP, EIGHT_BIT_STEP)
    ]
    return np.maximum(ranks - ends[0], ends[1] - ranks) + 1 / (count + 1)
