"""What chooses temperature, thresholds and prediction sets, and what judges them: never the same.

N items.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from core.study.dataset import UNLABELLED
from core.study.predictions import Predictions
from core.study.study import Study
from core.trust.intervals import SEED
from core.trust.judged import Judged, judge, known_labels
from core.trust.temperature import fit_predictions


class Choice(NamedTuple):
    """Items to choose on, items to judge on, and a sentence where they share one labelled part."""

    chosen_on: Judged
    judged: Judged
    note: str


class _Part(NamedTuple):
    """Some rows of a classifier's answers, with the labels of all rows."""

    predictions: Predictions
    rows: np.ndarray
    labels: np.ndarray


def choose(
    study: Study,
    name: str,
    factor: float = 1.0,
    labels: np.ndarray | None = None,
    declining: bool = True,
) -> Choice:
    """What a model's thresholds are chosen on, and what judges them.

    With a held-out part: it, and all labelled items. Without: a random half of the labelled items,
    the same each time and stratified by label, and the other half; the note says so.

    Args:
        study: Which.
        name: Of the model.
        factor: Times the model's own temperature.
        labels: Class codes of all items, where others than the data set's are to count.
        declining: See `core.trust.judged.judge`.

    Raises:
        ValueError: no such model, or fewer labelled items than it takes.
    """
    chooser, judged, note = _parts(study, name, labels)

    return Choice(
        _answers(study, chooser, factor, declining),
        _answers(study, judged, factor, declining),
        note,
    )


def judged_at(
    study: Study,
    name: str,
    factor: float = 1.0,
    labels: np.ndarray | None = None,
    declining: bool = True,
) -> Judged:
    """`choose`'s judged items alone, where nothing is to be chosen: a slider's half of the time."""
    _, part, _ = _parts(study, name, labels)
    return _answers(study, part, factor, declining)


def best_temperature(study: Study, name: str, labels: np.ndarray | None = None) -> float:
    """The temperature of lowest NLL on the items that thresholds are chosen on.

    Raises:
        ValueError: as `choose`, or the model comes without a distribution.
    """
    chooser, _, _ = _parts(study, name, labels)
    return fit_predictions(chooser.predictions, chooser.rows, chooser.labels[chooser.rows])


def halves(labels: np.ndarray, seed: int = SEED) -> tuple[np.ndarray, np.ndarray]:
    """Two random halves of the labelled rows, int32 and each in their order; equal seeds, equal
    halves.

    Of a label's n items, floor(n / 2) or ceil(n / 2) are in each, and so are all N.

    Args:
        labels: (N,) class codes, UNLABELLED where not known.
        seed: Of the draw.
    """
    rows = np.flatnonzero(labels != UNLABELLED)
    shuffled = np.random.default_rng(seed).permutation(rows)
    by_label = shuffled[np.argsort(labels[shuffled], kind="stable")]
    first, second = (np.sort(by_label[start::2]).astype(np.int32) for start in (0, 1))
    return first, second


def labels_of(study: Study) -> np.ndarray:
    """The data set's class codes, int64 (N,), UNLABELLED where not known."""
    labels = study.dataset.labels
    if labels is None:
        return np.full(len(study.dataset), UNLABELLED, np.int64)
    return labels.astype(np.int64)


def _answers(study: Study, part: _Part, factor: float, declining: bool) -> Judged:
    num_classes = study.dataset.num_classes
    return judge(part.predictions, part.rows, factor, part.labels, declining, num_classes)


def _parts(study: Study, name: str, labels: np.ndarray | None) -> tuple[_Part, _Part, str]:
    predictions = study.model(name)
    codes = labels_of(study) if labels is None else np.asarray(labels, np.int64)
    rows = np.flatnonzero(codes != UNLABELLED)
    noun = study.dataset.noun
    if not len(rows):
        raise ValueError(
            f"No {noun.one} of {study.title} has a label, so nothing can be evaluated; give a label"
            " column, or a second file of labels."
        )
    if held_out := study.held_out.get(name):
        known = known_labels(held_out)
        kept = np.flatnonzero(known != UNLABELLED)
        return _Part(held_out, kept, known), _Part(predictions, rows, codes), ""
    if len(rows) == 1:
        raise ValueError(
            f"Only one {noun.one} of {study.title} has a label; it takes two, one to choose"
            " thresholds on and one to judge them, or a held-out file."
        )
    first, second = halves(codes)
    note = (
        f"Nothing was held out. So a random half of the labelled {noun.many} ({len(first):,}, drawn"
        f" once and stratified by label) chooses temperature, thresholds and sets. The other half"
        f" ({len(second):,}) judges them."
    )
    return _Part(predictions, first, codes), _Part(predictions, second, codes), note
