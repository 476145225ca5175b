"""The figures of trust in sentences: for those who do not see them, and for those who do.

Each takes one result a model, by the model's title, as its figure does. Where a filter chose the
items by being right or wrong, `by_outcome` leaves out what would be said of calibration.
"""

from __future__ import annotations

import numpy as np

from core.figures.compare import in_sentence
from core.measures.register import BY_COLUMN
from core.study.dataset import Noun
from core.trust.calibration import Reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.claims import describe_classes, no_calibration
from core.trust.classes_off import ClassesOff
from core.trust.detection import Detection
from core.trust.intervals import Estimate, few_errors, few_items
from core.trust.selective import Decision, RiskCoverage
from core.trust.set_coverage import Coverage
from core.trust.wording import ITEM, at_most, beside, level, percent


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
    return text + _few(few_items(errors.num_items, noun))


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
        sentences.append(f"{text}.{_few(few_items(bins.num_items, noun))}")
    return " ".join(sentences)


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
            f"{_few(*_scarce(known[best], noun))}"
        )
    return " ".join(sentences)


def describe_sizes(results: dict[str, Coverage], noun: Noun = ITEM) -> str:
    """The set sizes in sentences."""
    return " ".join(_describe_sizes(title, found, noun) for title, found in results.items())


def describe_coverage(results: dict[str, Coverage], alpha: float, noun: Noun = ITEM) -> str:
    """Whether the sets hold the label as often as promised on average, in sentences."""
    return " ".join(_describe_coverage(title, c, alpha, noun) for title, c in results.items())


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


def _few(*texts: str) -> str:
    found = ", ".join(filter(None, texts))
    return f" {found.capitalize()}: wide intervals." if found else ""


def _scarce(found: Detection, noun: Noun) -> tuple[str, str]:
    return few_items(found.num_items, noun), few_errors(found.num_errors, found.num_items)


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


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
