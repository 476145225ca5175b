"""The figures of trust in sentences: for those who do not see them, and for those who do.

Each takes one result a model, by the model's title, as its figure does. Where a filter chose the
items by being right or wrong, `by_outcome` leaves out what would be said of calibration.
"""

from __future__ import annotations

import numpy as np

from core.study.dataset import Noun
from core.trust.calibration import Reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.claims import describe_classes, no_calibration
from core.trust.classes_off import ClassesOff
from core.trust.intervals import few_items
from core.trust.wording import ITEM, beside, percent


def describe_reliability(
    results: dict[str, Reliability], noun: Noun = ITEM, by_outcome: bool = False
) -> str:
    """The reliability diagram in sentences."""
    if by_outcome:
        return no_calibration(noun)
    return " ".join(_describe_bins(title, bins, noun) for title, bins in results.items())


def describe_errors(
    results: dict[str, CalibrationErrors], noun: Noun = ITEM, by_outcome: bool = False
) -> str:
    """Whether each model's ECE is more than chance, in sentences."""
    if by_outcome:
        return no_calibration(noun)
    return " ".join(verdict(title, errors, noun) for title, errors in results.items())


def verdict(title: str, errors: CalibrationErrors, noun: Noun = ITEM) -> str:
    """One model's ECE against its null band, in a sentence."""
    if not np.isfinite(errors.ece.value):
        return f"{title}: no {noun.one}, so no ECE."
    low, high = errors.ece_null.low, errors.ece_null.high
    band = f"{percent(low)} to {percent(high)}"
    start = f"{title}: ECE {beside(errors.ece.value, high)}"
    chance = (
        f"what chance alone gives a calibrated model ({band}, {noun.counted(errors.num_items)})"
    )
    if errors.ece.value > high:
        text = f"{start}, more than {chance}."
    else:
        text = f"{start}, within {chance}: the ECE shows no miscalibration."
    return text + few(few_items(errors.num_items, noun))


def describe_per_class(
    results: dict[str, Reliability],
    class_names: tuple[str, ...],
    noun: Noun = ITEM,
    off: dict[str, ClassesOff] | None = None,
    by_outcome: bool = False,
) -> str:
    """Which predicted class is furthest from its confidence, in sentences.

    Args:
        results: Title of each model -> its K bins.
        class_names: The K names.
        noun: What an item is called.
        off: Title -> the classes that are off beyond chance; without it nothing is said of them.
        by_outcome: Whether the items were chosen by being right or wrong.
    """
    if by_outcome:
        return no_calibration(noun)
    sentences = []
    for title, bins in results.items():
        gap = bins.accuracy - bins.confidence
        if np.isnan(gap).all():
            sentences.append(f"{title}: no {noun.one}.")
            continue
        worst = int(np.nanargmax(np.abs(gap)))
        text = f"{title}: furthest off where it says {class_names[worst]}, "
        text += f"{_signed(100 * gap[worst])} points ({noun.counted(int(bins.count[worst]))})"
        if off and title in off:
            text += f"; {describe_classes(off[title], class_names)}"
        sentences.append(f"{text}.{few(few_items(bins.num_items, noun))}")
    return " ".join(sentences)


def _describe_bins(title: str, bins: Reliability, noun: Noun) -> str:
    if not bins.num_items:
        return f"{title}: no {noun.one}."
    below = int(np.sum(bins.high < bins.confidence))
    above = int(np.sum(bins.low > bins.confidence))
    filled = int(np.sum(bins.count > 0))
    return (
        f"{title}, {noun.counted(bins.num_items)} in {filled} {'bin' if filled == 1 else 'bins'}: "
        f"the interval lies under the confidence in {below or 'none'} (overconfident), over it in"
        f" {above or 'none'} (underconfident)."
    )


def few(*texts: str) -> str:
    """That there is too little of something for narrow intervals, or an empty string."""
    found = ", ".join(filter(None, texts))
    return f" {found.capitalize()}: wide intervals." if found else ""


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")
