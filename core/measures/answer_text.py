"""What a model's answer on one image comes to, in one plain sentence."""

from __future__ import annotations

import numpy as np


def describe_answer(mean_probs: np.ndarray, class_names: tuple[str, ...]) -> str:
    """Which classes are in play: those that reach a tenth of the best one's probability.

    Args:
        mean_probs: (K,).
        class_names: The K names.
    """
    order = np.argsort(-mean_probs, kind="stable")
    near = [k for k in order if mean_probs[k] >= 0.1 * mean_probs[order[0]]]
    best = f"{class_names[order[0]]} ({100 * mean_probs[order[0]]:.1f} %)"
    if len(near) == 1:
        second = f"{class_names[order[1]]} comes next with {mean_probs[order[1]]:.2g}"
        return f"The model reads {best}; {second}."
    others = [f"{class_names[k]} ({100 * mean_probs[k]:.1f} %)" for k in near[1:4]]
    return f"The model is torn between {', '.join([best, *others[:-1]])} and {others[-1]}."
