"""How strange images are to a network, as one number each: what hints are judged by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.study.study import Answers

Predict = Callable[[np.ndarray], Answers]
"""What a network says of images uint8 (N, H, W)."""


def strangeness(answers: Answers) -> np.ndarray:
    """In [0, 1], shape (N,): the atypicality; where it is not known, the least confidence."""
    if answers.atypicality is not None:
        return np.asarray(answers.atypicality)
    return 1 - confidence(answers)


def confidence(answers: Answers) -> np.ndarray:
    """The greatest of the members' mean probabilities, shape (N,), without a temperature."""
    logits = answers.logits - answers.logits.max(2, keepdims=True)
    probs = np.exp(logits)
    probs /= probs.sum(2, keepdims=True)
    return probs.mean(0).max(1)
