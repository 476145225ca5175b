"""What has to be said beside the answers: too few items, and labels given no probability."""

from __future__ import annotations

import numpy as np

from core.study.dataset import Noun
from core.trust.intervals import FEW_ERRORS, few_items
from core.trust.judged import Judged
from core.trust.wording import ITEM


def sample_note(judged: Judged, noun: Noun = ITEM) -> str:
    """What a sample this small or this one-sided cannot tell, or an empty string."""
    num_items, num_errors = len(judged), int((~judged.correct).sum())
    if not num_items:
        return f"No {noun.one} is left, so nothing can be computed."
    notes = []
    if few := few_items(num_items, noun):
        notes.append(f"{few}, so every interval is wide")
    if num_errors == 0:
        notes.append("no error among them, so no measure can be judged by the errors it finds")
    elif num_errors == num_items:
        notes.append("no correct answer among them, so nothing to tell the errors from")
    elif num_errors < FEW_ERRORS:
        notes.append(f"only {num_errors} of them errors")
    if len(np.unique(judged.labels)) == 1:
        notes.append("only one class")
    return f"Read with care: {'; '.join(notes)}." if notes else ""


def zero_note(num_zero: int, num_items: int, noun: Noun = ITEM) -> str:
    """That labels of probability 0 make the NLL infinite, and what is shown, or an empty string.

    Args:
        num_zero: From `core.trust.judged.zero_labels`.
        num_items: N.
        noun: What an item is called.
    """
    if not num_zero:
        return ""
    return (
        f"The label was given a probability of exactly 0 on {num_zero:,} of"
        f" {noun.counted(num_items)}, so the NLL is infinite. Shown is the NLL with such a"
        " probability counted as 1.2e-38, which costs 87 nats each."
    )
