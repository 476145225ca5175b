"""What a classifier says of the digits of one's own pictures."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.measures.table import is_prob, probs_in
from core.measures.uncertainty import measure_logits
from core.measures.verdict import CERTAIN, CUT, PALE, Thresholds, doubtful, judge, sentence
from core.networks.own_pictures import OwnPicture, all_images
from core.networks.scoring import Scorer, table_of
from core.study.dataset import Noun
from core.study.study import Answers

_UNKNOWN = {"label", "correct"}  # of one's own digits; slow to list, and no verdict asks for them


@dataclass(frozen=True)
class Scored:
    """What a classifier says of N digits of one's own; S members, K classes, D features.

    Attributes:
        table: Their score table. Beside the usual columns: `kind` and `verdict`, see
            `core.measures.verdict`; `source`, the picture's name, and `box`, the digit's place in
            it as `left,top,right,bottom`; `row` and, in a grid, `cell`; `foreign`, if known, see
            `Answers`; `doubt`, why it may be no single digit.
        mean_probs: float32 (N, K).
        member_probs: float32 (N, S, K).
        features: float32 (N, D); D is 0 where the network gives none.
    """

    table: pd.DataFrame
    mean_probs: np.ndarray
    member_probs: np.ndarray
    features: np.ndarray


def score_pictures(
    scorer: Scorer, thresholds: Thresholds, noun: Noun, pictures: Sequence[OwnPicture]
) -> Scored:
    """What a classifier says of all digits of some pictures, which hold at least one digit.

    One pass through the network gives everything a page shows of a digit.

    Args:
        scorer: The classifier.
        thresholds: Its own, between the kinds of answer.
        noun: What an item of its study is called.
        pictures: Read before.
    """
    answers = scorer.predict(all_images(pictures))
    table = table_of(scorer, answers)
    probs = probs_in(table)
    boxes = [(picture.name, box) for picture in pictures for box in picture.boxes]
    table["source"] = [name for name, _ in boxes]
    table["box"] = [str(box) for _, box in boxes]
    for axis, name in enumerate(("row", "cell")):
        numbers = [place[axis] or None for picture in pictures for place in picture.places]
        table[name] = pd.array(numbers, dtype="Int16")
    if answers.foreign is not None:
        table["foreign"] = answers.foreign
    table["doubt"] = [doubt for picture in pictures for doubt in picture.doubts]
    kinds = [_kind(row, thresholds) for row in _rows(table)]
    said = [
        doubtful(doubt, each, scorer.class_names)
        if doubt
        else sentence(kind, each, scorer.class_names, noun)
        for kind, each, doubt in zip(kinds, probs, table["doubt"], strict=True)
    ]
    table.insert(0, "kind", kinds)
    table.insert(1, "verdict", said)
    features = np.zeros((len(table), 0)) if answers.features is None else answers.features
    return Scored(table, probs, _member_probs(scorer, answers), np.asarray(features))


def _kind(row: dict[Hashable, Any], thresholds: Thresholds) -> str:
    """What may be no single digit is never sure, whatever the network says."""
    kind = judge(row, thresholds)
    if not row["doubt"] or kind not in CERTAIN:
        return kind
    return "confident" if row["doubt"] in {CUT, PALE} else "unlike"


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Each row's measures by column."""
    known = table.drop(columns=list(_UNKNOWN))
    return known[[name for name in known if not is_prob(str(name))]].to_dict("records")


def _member_probs(scorer: Scorer, answers: Answers) -> np.ndarray:
    """Each member's probabilities (N, S, K): its answer measured as if it stood alone."""
    num_members, num_images, num_classes = answers.logits.shape
    alone = answers.logits.reshape(1, num_members * num_images, num_classes)
    probs = measure_logits(alone, scorer.temperature)["mean_probs"]
    return probs.reshape(num_members, num_images, num_classes).swapaxes(0, 1)
