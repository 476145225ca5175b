"""The names of the rankings of labels, and cleanlab's three scores and verdict."""

from __future__ import annotations

import numpy as np

METHODS = (
    "member_log_odds",
    "self_confidence",
    "normalized_margin",
    "confidence_weighted_entropy",
)
"""The first is ours and the default; the others are cleanlab's."""
_EXACT_VALUES = 20_000_000  # probabilities (N x K) that confident learning takes at once: 160 MB


def cleanlab_scores(method: str, with_cleanlab: bool) -> tuple[str, ...]:
    """Which of cleanlab's scores are wanted: all, or the one that ranks, if one does."""
    if with_cleanlab:
        return METHODS[1:]
    return () if method == METHODS[0] else (method,)


def cleanlab_columns(
    probs: np.ndarray, labels: np.ndarray, names: tuple[str, ...] = METHODS[1:]
) -> dict[str, np.ndarray]:
    """Cleanlab's scores (N,) by name."""
    if not names:
        return {}
    # Imported here, so that who does not ask for it does not wait and pay for it.
    from cleanlab.rank import get_label_quality_scores  # noqa: PLC0415

    return {name: get_label_quality_scores(labels, probs, method=name) for name in names}


def label_issues(probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Which labels cleanlab's confident learning counts as wrong, bool (N,)."""
    from cleanlab.filter import find_label_issues  # noqa: PLC0415

    if np.ptp(labels) == 0:  # one class has no other to be confused with; cleanlab refuses it
        return np.zeros(len(labels), bool)
    return find_label_issues(labels, probs, n_jobs=1)


def issues_first(columns: dict[str, np.ndarray], found: np.ndarray) -> dict[str, np.ndarray]:
    """The columns in the order of `rank_labels`: cleanlab's verdict before its scores."""
    own = {name: values for name, values in columns.items() if name not in METHODS}
    scores = {name: values for name, values in columns.items() if name in METHODS}
    return own | {"label_issue": found} | scores


class LabelIssues:
    """Confident learning over blocks of probabilities: exact where they fit, else in batches.

    The batches are cleanlab's `LabelInspector`, whose thresholds come from one pass and whose
    verdicts from a second; in between they are kept in 16 bits.
    """

    def __init__(self, num_items: int, labels: np.ndarray) -> None:
        self._num_items, self._labels = num_items, labels.astype(np.int64)
        self._kept: list[np.ndarray] = []

    def add(self, probs: np.ndarray, labels: np.ndarray) -> None:
        """The next block's probabilities (n, K) and labels (n,)."""
        small = self._num_items * probs.shape[1] <= _EXACT_VALUES
        self._kept.append(probs if small else probs.astype(np.float16))

    def found(self) -> np.ndarray:
        """Whether each label counts as wrong, bool (N,)."""
        if self._kept[0].dtype != np.float16:
            return label_issues(np.concatenate(self._kept), self._labels)
        return self._in_batches()

    def _in_batches(self) -> np.ndarray:
        from cleanlab.experimental.label_issues_batched import LabelInspector  # noqa: PLC0415

        inspector = LabelInspector(num_class=self._kept[0].shape[1], n_jobs=1, verbose=False)
        ends = np.cumsum([len(part) for part in self._kept])[:-1]
        pairs = list(zip(np.split(self._labels, ends), self._kept, strict=True))
        for labels, probs in pairs:
            inspector.update_confident_thresholds(labels, probs.astype(np.float64))
        for labels, probs in pairs:
            inspector.score_label_quality(labels, probs.astype(np.float64))
        wrong = np.zeros(self._num_items, bool)
        wrong[inspector.get_label_issues()] = True
        return wrong
