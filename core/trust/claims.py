"""When it says 99 %, is it right 99 % of the time? What a model says beside what is so.

N items.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.study.dataset import Noun
from core.trust.classes_off import ClassesOff
from core.trust.intervals import UNKNOWN, Estimate, clopper_pearson
from core.trust.wording import ITEM, beside, level, percent

SURE = 0.99
MOST_NAMED = 5
BY_OUTCOME = (
    "These {many} were chosen by whether the answer is right, so they say nothing about calibration"
)


def no_calibration(noun: Noun = ITEM) -> str:
    """What is said in place of calibration under a filter on the outcome, as a sentence."""
    return f"{BY_OUTCOME.format(many=noun.many)}."


class Claim(NamedTuple):
    """What a model says of some items, and how often it is right about them.

    Attributes:
        num_items: N.
        said: Mean confidence; nan for N = 0.
        right: Share it has right, with the exact 95 % interval.
    """

    num_items: int
    said: float
    right: Estimate

    @property
    def verdict(self) -> str:
        """Whether it says more than it keeps on average, beyond what chance explains at 95 %."""
        if not self.num_items:
            return "nothing to judge"
        if self.said > self.right.high:
            return "overconfident"
        if self.said < self.right.low:
            return "underconfident"
        return "no miscalibration detected on average"


def claim(confidence: np.ndarray, correct: np.ndarray, least: float = 0.0) -> Claim:
    """Mean confidence and share right of the items with a confidence of at least `least`.

    Args:
        confidence: (N,) in [0, 1].
        correct: (N,) bool.
        least: 0 to 1.
    """
    kept = np.asarray(confidence) >= least
    num_items, right = int(kept.sum()), int(np.asarray(correct, bool)[kept].sum())
    if not num_items:
        return Claim(0, float("nan"), UNKNOWN)
    low, high = clopper_pearson(right, num_items)
    said = float(np.mean(confidence[kept], dtype=np.float64))
    return Claim(num_items, said, Estimate(right / num_items, float(low), float(high)))


def describe_claims(
    everything: Claim,
    sure: Claim,
    classes: ClassesOff | None = None,
    class_names: Sequence[str] = (),
    noun: Noun = ITEM,
    by_outcome: bool = False,
) -> str:
    """Both claims in words, to stand after the model's name.

    Args:
        everything: Of all the items.
        sure: Of those with a confidence of at least `SURE`.
        classes: Which predicted classes are off; without it nothing is said of them.
        class_names: The K names.
        noun: What an item is called.
        by_outcome: Whether a filter chose the items by being right or wrong: then no verdict.
    """
    if not everything.num_items:
        return f"has no {noun.many} to evaluate."
    text = f"{_says(everything)}{_judged(everything, classes, class_names, noun, by_outcome)}"
    if not sure.num_items:
        return f"{text} It never says {level(SURE)} or more."
    right, low, high = sure.right
    return (
        f"{text} When it says {level(SURE)} or more ({noun.counted(sure.num_items)},"
        f" {percent(sure.said)} on average), it is right {percent(right)} of the time"
        f" ({percent(low)} to {percent(high)})."
    )


def _says(found: Claim) -> str:
    right, low, high = found.right
    return (
        f"averages {percent(found.said)} confidence and is right {beside(right, found.said)} of"
        f" the time ({percent(low)} to {percent(high)})"
    )


def _judged(
    found: Claim,
    classes: ClassesOff | None,
    names: Sequence[str],
    noun: Noun,
    by_outcome: bool,
) -> str:
    if by_outcome:
        return f". {no_calibration(noun)}"
    overall = f": {found.verdict} ({noun.counted(found.num_items)})"
    if classes is None or not classes.found:
        return f"{overall}."
    joined = "But by class" if found.verdict.startswith("no ") else "By class"
    return f"{overall}. {joined} it is {describe_classes(classes, names)}."


def describe_classes(classes: ClassesOff, names: Sequence[str]) -> str:
    """Which predicted classes are off, as "too sure of 0 and 3; too unsure of 9"."""
    parts = [
        f"{word} of {_named(codes, names)}"
        for word, codes in (("too sure", classes.too_sure), ("too unsure", classes.too_unsure))
        if codes
    ]
    allowing = f"allowing for {classes.num_tested:,} classes"
    return f"{'; '.join(parts)} ({allowing})" if parts else f"no class is off ({allowing})"


def _named(codes: tuple[int, ...], names: Sequence[str]) -> str:
    shown = [names[code] for code in codes[:MOST_NAMED]]
    if more := len(codes) - len(shown):
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
