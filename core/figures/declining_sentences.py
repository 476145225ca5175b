"""Declining in sentences: what a threshold does, and which measure finds the errors."""

from __future__ import annotations

import numpy as np

from core.figures.compare import in_sentence
from core.figures.trust_sentences import few
from core.measures.register import BY_COLUMN
from core.study.dataset import Noun
from core.trust.detection import Detection
from core.trust.intervals import Estimate, few_errors, few_items
from core.trust.selective import Decision, RiskCoverage
from core.trust.wording import ITEM, at_most, level, percent


def describe_risk_coverage(
    curves: dict[str, dict[str, RiskCoverage]],
    column: str,
    decisions: dict[str, Decision],
    noun: Noun = ITEM,
    chosen_by: str = "",
) -> str:
    """The curve and the chosen threshold in sentences.

    Args:
        curves: Title of each model -> column -> its curve.
        column: The chosen measure.
        decisions: Title -> what the threshold does.
        noun: What an item is called.
        chosen_by: Title of the model whose threshold it is, where all models share one.
    """
    sentences = []
    for title, by_measure in curves.items():
        curve, decision = by_measure.get(column), decisions.get(title)
        if curve is None:
            sentences.append(f"{title} has no {BY_COLUMN[column].title.lower()}.")
        elif decision is None or not curve.num_items:
            sentences.append(f"{title}: no {noun.one}.")
        else:
            whose = "its own" if title == chosen_by else f"{in_sentence(chosen_by)}’s"
            at = f", at {whose} threshold" if chosen_by else ""
            sentences.append(f"{title}{at}: {describe_decision(decision, noun)}")
    return " ".join(sentences)


def describe_equal_coverage(decisions: dict[str, Decision], share: float, noun: Noun = ITEM) -> str:
    """Each model at its own threshold for the same share of items, in sentences.

    Args:
        decisions: Title of each model -> from `core.trust.selective.equal_coverage`.
        share: Of the items that go to a person.
        noun: What an item is called.
    """
    start = f"Let each model refer {level(share)} of the {noun.many}, by a threshold of its own."
    return " ".join([start, *(f"{t}: {describe_decision(d, noun)}" for t, d in decisions.items())])


def describe_decision(decision: Decision, noun: Noun = ITEM) -> str:
    """What a threshold does, in sentences with the 95 % upper bound."""
    total = decision.accepted + decision.referred
    errors = decision.mistakes + decision.mistakes_referred
    if not decision.accepted:
        return f"all {noun.counted(total)} go to a person."
    bound = decision.risk_upper * decision.accepted
    return (
        f"{decision.referred:,} of {noun.counted(total)} ({percent(decision.referred / total, 1)})"
        f" go to a person{_caught(decision.mistakes_referred, errors)}. Of the"
        f" {decision.accepted:,} decided by the model, {_are(decision.mistakes)} wrong"
        f" ({percent(decision.risk)}); with 95 % confidence, fewer than"
        f" {at_most(decision.risk_upper)} are (in as many {noun.many},"
        f" {np.ceil(10 * bound) / 10:.1f} mistakes)."
    )


def describe_detection(
    found: dict[str, dict[str, Detection]],
    behind: dict[str, dict[str, Estimate]] | None = None,
    noun: Noun = ITEM,
) -> str:
    """Which measure finds each model's errors best, and which are indistinguishable, in sentences.

    Args:
        found: Title of each model -> column -> how well it finds errors.
        behind: Title -> column -> AUROC it lacks to the best; without it nothing is said of it.
        noun: What an item is called.
    """
    sentences = []
    for title, by_measure in found.items():
        known = {name: d for name, d in by_measure.items() if np.isfinite(d.auroc.value)}
        if not known:
            reason = next((d.reason for d in by_measure.values()), f"There is no {noun.one}.")
            sentences.append(f"{title}: {reason}")
            continue
        best = max(known, key=lambda name: known[name].auroc.value)
        value, low, high = known[best].auroc
        of = f", of {len(known)} measures" if len(known) > 1 else ""
        sentences.append(
            f"{title}: {BY_COLUMN[best].title.lower()} finds errors best, AUROC {value:.4f} "
            f"({low:.4f} to {high:.4f}){of}."
            f"{_as_good(best, (behind or {}).get(title, {}), noun)}"
            f"{few(*_scarce(known[best], noun))}"
        )
    return " ".join(sentences)


def _scarce(found: Detection, noun: Noun) -> tuple[str, str]:
    return few_items(found.num_items, noun), few_errors(found.num_errors, found.num_items)


def _are(count: int) -> str:
    return {0: "none is", 1: "1 is"}.get(count, f"{count:,} are")


def _as_good(best: str, behind: dict[str, Estimate], noun: Noun) -> str:
    others = [name for name, lost in behind.items() if name != best and lost.low <= 0]
    if not others:
        return ""
    names = " and ".join(BY_COLUMN[name].title.lower() for name in others)
    are = "is" if len(others) == 1 else "are"
    return f" On these {noun.many}, {names} {are} indistinguishable from it."


def _caught(referred: int, errors: int) -> str:
    if not errors:
        return ", with no mistake to find"
    mistakes = "the one mistake" if errors == 1 else f"the {errors:,} mistakes"
    return f", which catches {referred:,} of {mistakes}"
