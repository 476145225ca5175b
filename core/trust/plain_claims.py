"""What a model says beside what is so, without the field's words."""

from __future__ import annotations

from core.study.dataset import Noun
from core.trust.claims import SURE, Claim
from core.trust.wording import ITEM, beside, level, percent

VERDICTS = {
    "overconfident": "That is surer than it should be",
    "underconfident": "That is less sure than it could be",
    "no miscalibration detected on average": "On average the two agree, as far as this many"
    " answers can tell",
}


def describe_plainly(
    everything: Claim, sure: Claim, noun: Noun = ITEM, by_outcome: bool = False
) -> str:
    """Both claims in plain words, to stand after the model's name.

    Args:
        everything: Of all the items.
        sure: Of those with a confidence of at least `SURE`.
        noun: What an item is called.
        by_outcome: Whether a filter chose the items by being right or wrong: then no verdict.
    """
    if not everything.num_items:
        return f"has no {noun.many} to look at."
    right = beside(everything.right.value, everything.said)
    said = (
        f"sounds {percent(everything.said)} sure on average, and is right on {right} of"
        f" {noun.counted(everything.num_items)}."
    )
    if by_outcome:
        return f"{said} They were chosen by whether it is right, so this says nothing about trust."
    said = f"{said} {VERDICTS[everything.verdict]}."
    if not sure.num_items:
        return f"{said} It is never {level(SURE)} sure."
    hits = round(sure.right.value * sure.num_items)
    of = f"{hits:,} of {sure.num_items:,} are right"
    return f"{said} Where it is at least {level(SURE)} sure, {of}."
