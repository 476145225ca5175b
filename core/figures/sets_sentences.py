"""Prediction sets in sentences: their sizes, and how often they hold the label."""

from __future__ import annotations

from core.study.dataset import Noun
from core.trust.set_coverage import Coverage
from core.trust.wording import ITEM, beside, level


def describe_sizes(results: dict[str, Coverage], noun: Noun = ITEM) -> str:
    """The set sizes in sentences."""
    return " ".join(_describe_sizes(title, found, noun) for title, found in results.items())


def describe_coverage(results: dict[str, Coverage], alpha: float, noun: Noun = ITEM) -> str:
    """Whether the sets hold the label as often as promised on average, in sentences."""
    return " ".join(_describe_coverage(title, c, alpha, noun) for title, c in results.items())


def _describe_sizes(title: str, found: Coverage, noun: Noun) -> str:
    if not found.num_items:
        return f"{title}: no {noun.one}."
    one, many = int(found.sizes[1]), int(found.sizes[2:].sum())
    return (
        f"{title}: {one:,} of {found.num_items:,} sets hold one class, {many:,} hold more, "
        f"{int(found.sizes[0]):,} are empty; {found.mean_size:.3f} classes on average."
    )


def _describe_coverage(title: str, found: Coverage, alpha: float, noun: Noun) -> str:
    if not found.num_items:
        return f"{title}: no {noun.one}."
    target = level(1 - alpha)
    start = (
        f"{title}: {found.covered:,} of {found.num_items:,} sets hold the label, "
        f"{beside(found.coverage, 1 - alpha)} ({beside(found.low, 1 - alpha)} to"
        f" {beside(found.high, 1 - alpha)})"
    )
    if found.high < 1 - alpha:
        return f"{start}, less than the {target} asked for on average."
    if found.low > 1 - alpha:
        return f"{start}, more than the {target} asked for on average."
    return (
        f"{start}, in keeping with the {target} asked for on average over calibration {noun.many}."
    )
