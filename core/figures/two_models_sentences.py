"""Two models compared, in sentences: for those who do not see the figures, and for those who do."""

from __future__ import annotations

import math

import numpy as np

from core.figures.compare import in_sentence
from core.study.dataset import Noun
from core.trust.comparison import (
    HIGHER_IS_BETTER,
    SHARES,
    ClassDifferences,
    Comparison,
    Difference,
)
from core.trust.intervals import LEVEL
from core.trust.wording import ITEM, level, percent

METRIC_TITLES = {
    "accuracy": "Accuracy",
    "nll": "NLL (nats)",
    "brier": "Brier score",
    "ece": "ECE",
    "aurc": "AURC",
}
METRIC_WORDS = METRIC_TITLES | {"accuracy": "accuracy", "nll": "NLL"}
"""The same inside a sentence."""
OUTCOME_TITLES = {
    "fixed": "Fixed",
    "broken": "Broken",
    "both_wrong": "Both wrong",
    "both_right": "Both right",
    "differ": "Different answers",
    "agree": "Same answer",
}
METHOD_NOTE = (
    "Intervals are paired: both models are judged on the same items, drawn together. Accuracy’s is"
    " Tango’s score interval, the others come from 1,000 bootstrap resamples; that of the ECE also"
    " allows for what chance adds to an ECE. The five rows are not corrected for being five."
)
MOST_NAMED = 8


def headline(found: Comparison, titles: tuple[str, str], noun: Noun = ITEM) -> str:
    """What the second model fixes and what it breaks, in one sentence.

    Args:
        found: Of both.
        titles: Of the first and of the second model.
        noun: What an item is called.
    """
    first, second = in_sentence(titles[0]), titles[1]
    fixed, broken = found.counts["fixed"], found.counts["broken"]
    mistakes = fixed + found.counts["both_wrong"]
    if not fixed and not broken:
        what = f"the same {noun.counted(mistakes)} wrong" if mistakes else "everything right"
        return f"{second} and {first} have {what}."
    adds = f"adds {broken:,} of its own" if broken else "adds none"
    if not mistakes:
        return f"{second} makes {_mistakes(broken)} where {first} makes none."
    which = "the only mistake" if mistakes == 1 else f"the {mistakes:,} mistakes"
    number = "" if mistakes == 1 and fixed else f"{fixed:,} of " if fixed else "none of "
    return f"{second} fixes {number}{which} of {first} and {adds}."


def describe_accuracy(found: Comparison, noun: Noun = ITEM) -> str:
    """Whether that is more than chance, in a sentence or two."""
    value, low, high = (100 * end for end in found.accuracy)
    first, second = (float(side.correct.mean()) for side in (found.first, found.second))
    told = found.counts["fixed"] + found.counts["broken"]
    verdict = "more than chance explains" if found.p_value < 1 - LEVEL else "no more than chance"
    few = f" Only {noun.counted(told)} tell the two apart." if 0 < told < 10 else ""
    return (
        f"On {noun.counted(len(found))}, accuracy goes from {percent(first)} to"
        f" {percent(second)}: {value:+.2f} points (95 % interval {low:+.2f} to {high:+.2f}),"
        f" {verdict} (McNemar’s exact test, {p_text(found.p_value)}).{few}"
    )


def describe_differences(differences: dict[str, Difference], titles: tuple[str, str]) -> str:
    """Every metric's difference, in a sentence."""
    kinds: dict[str, list[str]] = {}
    for name, found in differences.items():
        kinds.setdefault(verdict_of(name, found), []).append(METRIC_WORDS[name])
    parts = []
    for kind, verb in (("better", "is better by"), ("worse", "is worse by")):
        if kind in kinds:
            parts.append(f"{titles[1]} {verb} {_and(kinds[kind])}")
    if "no difference shown" in kinds:
        parts.append(f"no difference is shown by {_and(kinds['no difference shown'])}")
    text = "; ".join(parts)
    begins_with_name = text.startswith(titles[1])  # which is written as it is given
    return f"{text if begins_with_name else text[:1].upper() + text[1:]} (95 % paired intervals)."


def describe_classes(
    found: ClassDifferences, class_names: tuple[str, ...], titles: tuple[str, str]
) -> str:
    """Which labels one model knows better than the other, allowing for how many are looked at."""
    tested = int(np.isfinite(found.p_adjusted).sum())
    off = np.flatnonzero(found.p_adjusted < 1 - LEVEL)
    allowing = (
        f"(allowing for {tested:,} labels by Holm’s correction). A difference that is not there is"
        f" called one in {level(1 - LEVEL)} of all samples at most."
    )
    if not len(off):
        return f"No label’s difference in accuracy is more than chance explains {allowing}"
    off = off[np.argsort(-np.abs(found.difference[off]), kind="stable")]
    parts = [
        f"more accurate on {_named([class_names[k] for k in codes])}"
        if sign > 0
        else f"less accurate on {_named([class_names[k] for k in codes])}"
        for sign in (1, -1)
        if (codes := [k for k in off if np.sign(found.difference[k]) == sign])
    ]
    return f"{titles[1]} is {' and '.join(parts)} {allowing}"


def describe_coverage(found: Comparison, titles: tuple[str, str], noun: Noun = ITEM) -> str:
    """Who leaves fewer mistakes where both decline as many, in sentences."""
    parts = []
    for share in SHARES:
        first, second = found.at_equal_coverage(share)
        parts.append(f"{level(share)} declined: {first.mistakes:,} and {second.mistakes:,}")
    return (
        f"Mistakes left by {in_sentence(titles[0])} and by {in_sentence(titles[1])} where each"
        f" declines the {noun.many} it is least sure of. {'; '.join(parts)}."
    )


def describe_confidence(counts: dict[str, int], titles: tuple[str, str], noun: Noun = ITEM) -> str:
    """The scatter in a sentence, for who cannot see it."""
    total = sum(counts.values())
    groups = ", ".join(f"{OUTCOME_TITLES[name].lower()} {n:,}" for name, n in counts.items())
    return (
        f"Scatter of {noun.counted(total)}: the confidence of {in_sentence(titles[1])} against"
        f" that of {in_sentence(titles[0])}. {groups[:1].upper()}{groups[1:]}."
    )


def describe_agreement(counts: dict[str, int], titles: tuple[str, str], noun: Noun = ITEM) -> str:
    """How often two models without labels give the same answer, in a sentence."""
    total = sum(counts.values())
    return (
        f"{titles[1]} and {in_sentence(titles[0])} give the same answer on {counts['agree']:,} of"
        f" {noun.counted(total)} ({percent(counts['agree'] / max(total, 1))}) and different ones on"
        f" {counts['differ']:,}. Which of the two is right takes labels."
    )


def verdict_of(name: str, found: Difference) -> str:
    """Whether the second model is better or worse by a metric, beyond what its interval allows."""
    value, low, high = found.difference
    if math.isnan(value) or low <= 0 <= high:
        return "no difference shown"
    return "better" if (value > 0) == HIGHER_IS_BETTER[name] else "worse"


def difference_row(name: str, found: Difference, titles: tuple[str, str]) -> dict[str, str]:
    """A metric's cells of a table: heading -> text."""
    value, low, high = found.difference
    return {
        titles[0]: _shown(name, found.first),
        titles[1]: _shown(name, found.second),
        "Difference (95 % interval)": f"{with_sign(name, value)} {interval_text(name, low, high)}",
    }


def class_row(found: ClassDifferences, k: int, noun: Noun = ITEM) -> dict[str, str]:
    """A label's cells of a table: heading -> text."""
    if not found.num_items[k]:
        return dict.fromkeys((noun.many, "fixed", "broken", "points", "p by Holm"), "–")
    value, low, high = (100 * part[k] for part in (found.difference, found.low, found.high))
    return {
        noun.many: f"{found.num_items[k]:,}",
        "fixed": f"{found.fixed[k]:,}",
        "broken": f"{found.broken[k]:,}",
        "points": f"{value:+.2f} ({low:+.2f} to {high:+.2f})",
        "p by Holm": p_text(float(found.p_adjusted[k])).removeprefix("p = ").removeprefix("p "),
    }


def with_sign(name: str, value: float) -> str:
    """A difference as text: points of accuracy, else four significant digits of the metric."""
    if math.isnan(value):
        return "–"
    return f"{100 * value:+.2f} points" if name == "accuracy" else f"{_rounded(value):+.5f}"


def interval_text(name: str, low: float, high: float) -> str:
    """`(+1.28 to +1.79)`, in the unit of `with_sign`."""
    ends = (with_sign(name, end).removesuffix(" points") for end in (low, high))
    return f"({' to '.join(ends)})"


def p_text(p_value: float) -> str:
    """`p = 0.012`, or `p < 0.0001`."""
    return "p < 0.0001" if p_value < 1e-4 else f"p = {p_value:.2g}"


def _rounded(value: float) -> float:
    return round(value, 5) + 0.0  # turns a rounded -0.0 into 0.0


def _shown(name: str, value: float) -> str:
    return percent(value) if name == "accuracy" else f"{value:.5f}"


def _mistakes(number: int) -> str:
    return f"{number:,} mistake{'' if number == 1 else 's'}"


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return _and([*names[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
