"""What kind of answer is it: sure, ambiguous, disputed, of something unlike a digit, or blank?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from core.measures.uncertainty import measure_logits
from core.study.classifiers import Classifier, load_classifier

KINDS = ("sure", "ambiguous", "disagree", "unlike", "blank")

# Shares of the calibration split's digits, which were not trained on.
UNSURE = 0.02
UNLIKE = 0.02
FAR = 0.01
IN_PLAY = 0.1


@dataclass(frozen=True)
class Thresholds:
    """Where one kind of answer turns into another.

    Attributes:
        unsure: Least confidence, 1 - max_k p(k), above which an answer is not sure.
        disputed: Share of the predictive entropy, in [0, 1], above which mutual information is
            more of it than usual among unsure answers.
        unlike: Atypicality above which no answer is sure; infinite where it is not known.
        far: Atypicality above which an image is no digit, whatever else is said of it.
    """

    unsure: float
    disputed: float
    unlike: float = float("inf")
    far: float = float("inf")


@cache
def load_thresholds(model: str) -> Thresholds:
    """The thresholds of a classifier that ships, from its calibration split.

    Raises:
        ValueError: no such classifier.
        ArtifactError: its calibration file is missing or broken.
    """
    return fit_thresholds(load_classifier(model))


def fit_thresholds(classifier: Classifier) -> Thresholds:
    """Quantiles of the calibration split's measures.

    2 % of its digits count as unsure and 2 % as unlike, about 3 % together; a classifier that
    knows no atypicality has to find all of them by its confidence.
    """
    measures = measure_logits(classifier.calibration_logits, classifier.temperature, None)
    atypicality = classifier.calibration_atypicality
    doubt = measures["least_confidence"]
    unsure = float(np.quantile(doubt, 1 - UNSURE - (UNLIKE if atypicality is None else 0)))
    torn = doubt > unsure
    epistemic = measures["mutual_information"][torn] / measures["predictive_entropy"][torn]
    disputed = float(np.median(epistemic))
    if atypicality is None:
        return Thresholds(unsure, disputed)
    unlike, far = (float(np.quantile(atypicality, 1 - share)) for share in (UNLIKE, FAR))
    return Thresholds(unsure, disputed, unlike, far)


def judge(row: Mapping[Any, Any] | None, thresholds: Thresholds) -> str:
    """The kind of one answer, of `KINDS`.

    Args:
        row: Of the score table; None for a picture in which no ink was found.
        thresholds: Of the classifier that made the table.
    """
    if row is None:
        return "blank"
    atypicality = row.get("atypicality", 0.0)
    if atypicality > thresholds.far:
        return "unlike"
    if row["least_confidence"] > thresholds.unsure:
        return "disagree" if _members_disagree(row, thresholds) else "ambiguous"
    return "unlike" if atypicality > thresholds.unlike else "sure"


def _members_disagree(row: Mapping[Any, Any], thresholds: Thresholds) -> bool:
    """Whether members name different classes, and each more surely than usual."""
    epistemic = row["mutual_information"] > thresholds.disputed * row["predictive_entropy"]
    return bool(row["variation_ratio"] > 0 and epistemic)


def sentence(kind: str, row: Mapping[Any, Any] | None, class_names: Sequence[str]) -> str:
    """One plain sentence for an answer of a kind.

    Raises:
        ValueError: `kind` is none of `KINDS`.
    """
    _check(kind)
    if row is None or kind == "blank":
        return "Blank: there is no ink."
    names = in_play(row, class_names)
    return {
        "sure": f"Sure: this is {_article(names[0])} {names[0]}.",
        "ambiguous": f"Ambiguous: {' or '.join(names)}.",
        "disagree": f"The members disagree: {' or '.join(names)}.",
        "unlike": "This does not look like a digit.",
    }[kind]


def reason(
    kind: str, row: Mapping[Any, Any] | None, class_names: Sequence[str], num_members: int
) -> str:
    """Why an answer is of its kind, and what that means: one or two sentences beside the verdict.

    Raises:
        ValueError: `kind` is none of `KINDS`.
    """
    _check(kind)
    if row is None or kind == "blank":
        return "There is nothing to read."
    if kind == "unlike":
        return (
            f"It is less like the training digits than {_percent(row['atypicality'])} of digits"
            " held out of training. A network must name some class, here"
            f" {_shares(row, class_names)[0]}: that says little."
        )
    shares = "; ".join(_shares(row, class_names))
    return f"{shares}. {_whose_doubt(kind, row, num_members)}".rstrip()


def _whose_doubt(kind: str, row: Mapping[Any, Any], num_members: int) -> str:
    if kind == "sure":
        knows = not np.isnan(row.get("atypicality", np.nan))
        return "" if knows else "This model cannot tell what is no digit: it may be sure of those."
    if num_members == 1:
        return "Whether the digit is to blame or the network, one network alone cannot tell."
    if kind == "ambiguous":
        return "The members share this doubt: the digit itself can be read in more than one way."
    others = max(1, round(row["variation_ratio"] * num_members))
    name = "names" if others == 1 else "name"
    return (
        f"{others} of {num_members} members {name} another class: each has learned something else"
        " about such digits."
    )


def _shares(row: Mapping[Any, Any], class_names: Sequence[str]) -> list[str]:
    """The classes in play with their probabilities: `4 with 53.0 %`."""
    probs = {class_names[k]: row[f"p_{k}"] for k in range(len(class_names))}
    return [f"{name} with {_percent(probs[name])}" for name in in_play(row, class_names)]


def _percent(share: float) -> str:
    """Never rounded to all or nothing, which no probability here is."""
    if share > 0.9995:
        return "over 99.9 %"
    return "under 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"


def in_play(row: Mapping[Any, Any], class_names: Sequence[str]) -> list[str]:
    """The two most probable classes, and a third that reaches a tenth of the first."""
    probs = np.array([row[f"p_{k}"] for k in range(len(class_names))])
    order = np.argsort(-probs, kind="stable")[:3]
    kept = [k for i, k in enumerate(order) if i < 2 or probs[k] >= IN_PLAY * probs[order[0]]]
    return [class_names[k] for k in kept]


def _article(name: str) -> str:
    return "an" if name.startswith("8") else "a"


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
