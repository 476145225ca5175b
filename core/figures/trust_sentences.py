"""The figures of trust in sentences: for those who do not see them, and for those who do.

Each takes one result a model, by the model's title, as its figure does.
"""

from __future__ import annotations

import numpy as np

from core.measures.register import BY_COLUMN
from core.trust.calibration import Reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.conformal import Coverage
from core.trust.detection import Detection
from core.trust.intervals import Estimate, few_errors, few_images
from core.trust.selective import Decision, RiskCoverage


def describe_reliability(results: dict[str, Reliability]) -> str:
    """The reliability diagram in sentences."""
    return " ".join(_describe_bins(title, bins) for title, bins in results.items())


def describe_errors(results: dict[str, CalibrationErrors]) -> str:
    """Whether each model's ECE is more than chance, in sentences."""
    return " ".join(verdict(title, errors) for title, errors in results.items())


def verdict(title: str, errors: CalibrationErrors) -> str:
    """One model's ECE against its null band, in a sentence."""
    if not np.isfinite(errors.ece.value):
        return f"{title}: no image, so no ECE."
    band = f"{errors.ece_null.low:.2%} to {errors.ece_null.high:.2%}"
    start = f"{title}: ECE {errors.ece.value:.2%} ({errors.ece.low:.2%} to {errors.ece.high:.2%})"
    if errors.ece.value > errors.ece_null.high:
        text = f"{start}, more than chance alone gives a calibrated model ({band})."
    else:
        text = f"{start}, no more than chance alone gives a calibrated model ({band})."
    return text + _few(few_images(errors.num_images))


def describe_per_class(results: dict[str, Reliability], class_names: tuple[str, ...]) -> str:
    """Which predicted class is furthest from its confidence, in sentences."""
    sentences = []
    for title, bins in results.items():
        gap = bins.accuracy - bins.confidence
        if np.isnan(gap).all():
            sentences.append(f"{title}: no image.")
            continue
        worst = int(np.nanargmax(np.abs(gap)))
        outside = int(np.sum((bins.low > bins.confidence) | (bins.high < bins.confidence)))
        sentences.append(
            f"{title}: furthest off where it says {class_names[worst]}, "
            f"{_signed(100 * gap[worst])} points; in {outside} of {len(gap)} classes the interval "
            f"leaves out a perfect match.{_few(few_images(bins.num_images))}"
        )
    return " ".join(sentences)


def describe_risk_coverage(
    curves: dict[str, dict[str, RiskCoverage]], column: str, decisions: dict[str, Decision]
) -> str:
    """The curve and the chosen threshold in sentences."""
    sentences = []
    for title, by_measure in curves.items():
        curve, decision = by_measure.get(column), decisions.get(title)
        if curve is None:
            sentences.append(
                f"{title} has no {BY_COLUMN[column].title.lower()}: it is one network."
            )
        elif decision is None or not curve.num_images:
            sentences.append(f"{title}: no image.")
        else:
            sentences.append(f"{title}: {describe_decision(decision)}")
    return " ".join(sentences)


def describe_decision(decision: Decision) -> str:
    """What a threshold does, in sentences with the 95 % upper bound."""
    total = decision.accepted + decision.referred
    errors = decision.mistakes + decision.mistakes_referred
    if not decision.accepted:
        return f"all {total:,} go to a person."
    bound = decision.risk_upper * decision.accepted
    return (
        f"{decision.referred:,} of {total:,} ({decision.referred / total:.1%}) go to a person"
        f"{_with_them(decision.mistakes_referred, errors)}. Of the "
        f"{decision.accepted:,} decided alone, {_are(decision.mistakes)} wrong "
        f"({decision.risk:.2%}); with 95 % confidence fewer than {decision.risk_upper:.2%} "
        f"(in as many images, {bound:.1f} mistakes)."
    )


def describe_detection(
    found: dict[str, dict[str, Detection]], behind: dict[str, dict[str, Estimate]] | None = None
) -> str:
    """Which measure finds each model's errors best, and which cannot be told from it, in sentences.

    Args:
        found: Title of each model -> column -> how well it finds errors.
        behind: Title -> column -> AUROC it lacks to the best; without it nothing is said of it.
    """
    sentences = []
    for title, by_measure in found.items():
        known = {name: d for name, d in by_measure.items() if np.isfinite(d.auroc.value)}
        if not known:
            reason = next((d.reason for d in by_measure.values()), "There is no image.")
            sentences.append(f"{title}: {reason}")
            continue
        best = max(known, key=lambda name: known[name].auroc.value)
        value, low, high = known[best].auroc
        sentences.append(
            f"{title}: {BY_COLUMN[best].title.lower()} finds errors best, AUROC {value:.4f} "
            f"({low:.4f} to {high:.4f}), of {len(known)} measures."
            f"{_as_good(best, (behind or {}).get(title, {}))}{_few(*_scarce(known[best]))}"
        )
    return " ".join(sentences)


def describe_sizes(results: dict[str, Coverage]) -> str:
    """The set sizes in sentences."""
    return " ".join(_describe_sizes(title, found) for title, found in results.items())


def describe_coverage(results: dict[str, Coverage], alpha: float) -> str:
    """Whether the sets hold the label as often as promised, in sentences."""
    return " ".join(_describe_coverage(title, c, alpha) for title, c in results.items())


def _describe_bins(title: str, bins: Reliability) -> str:
    if not bins.num_images:
        return f"{title}: no image."
    below = int(np.sum(bins.high < bins.confidence))
    above = int(np.sum(bins.low > bins.confidence))
    filled = int(np.sum(bins.count > 0))
    return (
        f"{title}, {bins.num_images:,} images in {filled} {'bin' if filled == 1 else 'bins'}: "
        f"clearly overconfident in {below or 'none'}, clearly underconfident in {above or 'none'}."
    )


def _few(*texts: str) -> str:
    found = ", ".join(filter(None, texts))
    return f" {found.capitalize()}: wide intervals." if found else ""


def _scarce(found: Detection) -> tuple[str, str]:
    return few_images(found.num_images), few_errors(found.num_errors, found.num_images)


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


def _are(count: int) -> str:
    return {0: "none is", 1: "1 is"}.get(count, f"{count:,} are")


def _as_good(best: str, behind: dict[str, Estimate]) -> str:
    others = [name for name, lost in behind.items() if name != best and lost.low <= 0]
    if not others:
        return ""
    names = " and ".join(BY_COLUMN[name].title.lower() for name in others)
    return f" These images cannot tell {names} from it."


def _with_them(referred: int, errors: int) -> str:
    if not errors:
        return ", with no mistake to find"
    mistakes = "one mistake" if errors == 1 else f"{errors:,} mistakes"
    return f", {referred:,} of its {mistakes} with them"


def _describe_sizes(title: str, found: Coverage) -> str:
    if not found.num_images:
        return f"{title}: no image."
    one, many = int(found.sizes[1]), int(found.sizes[2:].sum())
    return (
        f"{title}: {one:,} of {found.num_images:,} sets hold one class, {many:,} hold more, "
        f"{int(found.sizes[0]):,} are empty; {found.mean_size:.3f} classes on average."
    )


def _describe_coverage(title: str, found: Coverage, alpha: float) -> str:
    if not found.num_images:
        return f"{title}: no image."
    start = (
        f"{title}: {found.covered:,} of {found.num_images:,} sets hold the label, "
        f"{found.coverage:.2%} ({found.low:.2%} to {found.high:.2%})"
    )
    if found.high < 1 - alpha:
        return f"{start}, less than the {1 - alpha:.1%} asked for."
    if found.low > 1 - alpha:
        return f"{start}, more than the {1 - alpha:.1%} asked for."
    return f"{start}, in keeping with the {1 - alpha:.1%} asked for."
