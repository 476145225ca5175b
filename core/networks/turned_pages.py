"""Does a page lie on its side? Its digits, turned, are then more like digits than as they are."""

from __future__ import annotations

import numpy as np

from core.networks.likeness import Predict, confidence, strangeness

FEWEST = 3
BETTER = 0.2


def quarter_turns(predict: Predict, images: np.ndarray) -> int:
    """By how many quarters, counter-clockwise, a page is to be turned to be read upright; 0 to 3.

    Args:
        predict: Logits and atypicality of images.
        images: The page's digits as they were read, uint8 (N, H, W); fewer than three tell nothing.
    """
    if len(images) < FEWEST:
        return 0
    strange = [_strange(predict, np.rot90(images, turn, (1, 2))) for turn in range(4)]
    best = int(np.argmin(strange))
    return best if strange[best] < strange[0] - BETTER else 0


def _strange(predict: Predict, images: np.ndarray) -> float:
    answers = predict(np.ascontiguousarray(images))
    return float((strangeness(answers) + 1 - confidence(answers)).mean())
