"""What kind of answer is it: sure, confident, ambiguous, disputed, of something unlike, blank?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.study.dataset import Noun

KINDS = ("sure", "confident", "ambiguous", "disagree", "unlike", "blank")
CERTAIN = ("sure", "confident")
"""Answers without a doubt: of a network that can tell what is unlike its training, or cannot."""

TWO, CUT = "perhaps two digits touch", "cut from digits that touch"
PALE = "a part of it is too pale to be read"
"""Doubts about a digit of one's own: is it one, was it cut in the right place, is it whole?"""

# Shares of the calibration split's digits, which were not trained on.
UNSURE = 0.02
UNLIKE = 0.02
FOREIGN = 0.03
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
        foreign: Foreignness of a new picture above which no answer is sure.
    """

    unsure: float
    disputed: float
    unlike: float = float("inf")
    far: float = float("inf")
    foreign: float = float("inf")


def fit_thresholds(scores: pd.DataFrame) -> Thresholds:
    """Quantiles of the measures of items that were neither trained nor judged on.

    2 % of them count as unsure and 2 % as unlike, about 3 % together; a classifier that knows no
    atypicality has to find all of them by its confidence. Foreignness is such a share already.

    Args:
        scores: Their score table with every measure, at least one row.
    """
    doubt = scores["least_confidence"].to_numpy()
    knows_atypicality = "atypicality" in scores
    unsure = float(np.quantile(doubt, 1 - UNSURE - (0 if knows_atypicality else UNLIKE)))
    torn = scores[doubt > unsure]
    disputed = float((torn["mutual_information"] / torn["predictive_entropy"]).median())
    if not knows_atypicality:
        return Thresholds(unsure, disputed)
    shares = [1 - UNLIKE, 1 - FAR]
    unlike, far = (float(end) for end in np.quantile(scores["atypicality"], shares))
    return Thresholds(unsure, disputed, unlike, far, 1 - FOREIGN)


def judge(row: Mapping[Any, Any] | None, thresholds: Thresholds) -> str:
    """The kind of one answer, of `KINDS`.

    Where no atypicality is known, an answer is at best confident: such a network is confident of
    much that belongs to no class. A new picture may be anything, so its row has `foreign` too, see
    `core.networks.foreign`; an item of a data set is one.

    Args:
        row: Of the score table; None for a picture in which no ink was found.
        thresholds: Of the classifier that made the table.
    """
    if row is None:
        return "blank"
    atypicality = row.get("atypicality", np.nan)
    if atypicality > thresholds.far:
        return "unlike"
    if row["least_confidence"] > thresholds.unsure:
        return "disagree" if _members_disagree(row, thresholds) else "ambiguous"
    if np.isnan(atypicality):
        return "confident"
    strange = atypicality > thresholds.unlike or _foreign(row) > thresholds.foreign
    return "unlike" if strange else "sure"


def _foreign(row: Mapping[Any, Any]) -> float:
    """Foreignness of a new picture; below any where it is not known, or the row is of an item."""
    return float(row.get("foreign", -np.inf))


def _members_disagree(row: Mapping[Any, Any], thresholds: Thresholds) -> bool:
    """Whether members name different classes, and each more surely than usual."""
    epistemic = row["mutual_information"] > thresholds.disputed * row["predictive_entropy"]
    return bool(row["variation_ratio"] > 0 and epistemic)


def sentence(kind: str, probs: np.ndarray | None, class_names: Sequence[str], noun: Noun) -> str:
    """One plain sentence for an answer of a kind.

    Args:
        kind: Of `KINDS`.
        probs: Class probabilities (K,); None for a blank picture.
        class_names: The K names.
        noun: What an item is called.

    Raises:
        ValueError: `kind` is none of `KINDS`.
    """
    _check(kind)
    if probs is None or kind == "blank":
        return "Blank: there is no ink."
    names = in_play(probs, class_names)
    return {
        "sure": f"Sure: {names[0]}.",
        "confident": f"Confident: {names[0]}; cannot tell non-{noun.many}.",
        "ambiguous": f"Ambiguous: {' or '.join(names)}.",
        "disagree": f"The members disagree: {' or '.join(names)}.",
        "unlike": f"Unlike most {noun.many}: if it is one, {names[0]}.",
    }[kind]


def doubtful(doubt: str, probs: np.ndarray, class_names: Sequence[str]) -> str:
    """The sentence for an answer to what may be no single item.

    Args:
        doubt: `TWO`, `CUT` or `PALE`.
        probs: Class probabilities (K,).
        class_names: The K names.
    """
    if doubt in {CUT, PALE}:
        return f"Perhaps {in_play(probs, class_names)[0]}: {doubt}."
    return f"{doubt.capitalize()}."


def reason(
    kind: str,
    row: Mapping[Any, Any] | None,
    probs: np.ndarray | None,
    class_names: Sequence[str],
    noun: Noun,
    num_members: int,
    member: str = "member",
) -> str:
    """What the verdict does not say yet: one or two sentences that stand below it.

    Args:
        kind: Of `KINDS`.
        row: Its measures by column, and its `doubt` if one's own; None for a blank picture.
        probs: Class probabilities (K,); None for a blank picture.
        class_names: The K names.
        noun: What an item is called.
        num_members: S.
        member: What each is called.

    Raises:
        ValueError: `kind` is none of `KINDS`.
    """
    _check(kind)
    if row is None or probs is None or kind == "blank":
        return "There is nothing to read."
    shares = _shares(probs, class_names)
    if doubt := row.get("doubt"):
        return {
            CUT: f"{shares[0]}, if the cut runs where they meet.",
            PALE: f"{shares[0]}, by its darker part alone.",
        }.get(doubt, f"Read as one {noun.one}, it would be {shares[0]}: that says little.")
    if kind == "unlike":
        return f"{_how_unlike(row, noun)} A network names a class for anything: here {shares[0]}."
    if kind in CERTAIN:
        return f"Confidence {_percent(float(probs.max()))}."
    return f"{', then '.join(shares)}. {_whose_doubt(kind, row, noun, num_members, member)}"


def _how_unlike(row: Mapping[Any, Any], noun: Noun) -> str:
    """By its atypicality; by its foreignness where that alone is high."""
    if row["atypicality"] <= 1 - UNLIKE and _foreign(row) > 1 - FOREIGN:
        return (
            f"{_how_many(_foreign(row))} of the {noun.many} held out of training look less like a"
            " letter, a scribble or another drawn thing."
        )
    return (
        f"{_how_many(row['atypicality'])} of the {noun.many} held out of training are closer to the"
        f" training {noun.many} than it is."
    )


def _whose_doubt(
    kind: str, row: Mapping[Any, Any], noun: Noun, num_members: int, member: str
) -> str:
    if num_members == 1:
        return f"Whether the {noun.one} is to blame or the network, one network alone cannot tell."
    if kind == "ambiguous":
        return (
            f"The {member}s share this doubt (aleatoric): the {noun.one} itself can be read in more"
            " than one way."
        )
    others = max(1, round(row["variation_ratio"] * num_members))
    name = "names" if others == 1 else "name"
    return (
        f"{others} of {num_members} {member}s {name} another class (epistemic): each"
        f" {member} has learned something else about such {noun.many}."
    )


def _shares(probs: np.ndarray, class_names: Sequence[str]) -> list[str]:
    """The classes in play with their probabilities: `4 (53.0 %)`."""
    return [f"{class_names[k]} ({_percent(float(probs[k]))})" for k in classes_in_play(probs)]


def _percent(share: float) -> str:
    """Never rounded to all or nothing, which no probability here is."""
    if share > 0.9995:
        return "> 99.9 %"
    return "< 0.1 %" if share < 0.0005 else f"{100 * share:.1f} %"


def _how_many(share: float) -> str:
    """The same at the start of a sentence."""
    return _percent(share).replace("> ", "More than ").replace("< ", "Less than ")


def in_play(probs: np.ndarray, class_names: Sequence[str]) -> list[str]:
    """The names of `classes_in_play`."""
    return [class_names[k] for k in classes_in_play(probs)]


def classes_in_play(probs: np.ndarray) -> list[int]:
    """The codes of the two most probable of K classes, and of a third that reaches a tenth of the
    first.
    """
    order = np.argsort(-probs, kind="stable")[:3]
    least = IN_PLAY * probs[order[0]]
    return [int(k) for i, k in enumerate(order) if i < 2 or probs[k] >= least]


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
