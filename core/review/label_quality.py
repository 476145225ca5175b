"""Which labels does the model doubt most? Suspected labels first, for a person to settle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.measures.probabilities import member_blocks
from core.study.predictions import Predictions

METHODS = (
    "member_log_odds",
    "self_confidence",
    "normalized_margin",
    "confidence_weighted_entropy",
)
"""The first is ours and the default; the others are cleanlab's."""
_SMALLEST = float(np.finfo(np.float32).tiny)  # a float32 softmax underflows to 0 below this
_EXACT_VALUES = 20_000_000  # probabilities (N x K) that confident learning takes at once: 160 MB


def rank_labels(
    probs: np.ndarray,
    labels: np.ndarray,
    member_probs: np.ndarray | None = None,
    method: str = METHODS[0],
    with_cleanlab: bool = True,
) -> pd.DataFrame:
    """Every label with its quality, the worst first; equal qualities in the order of the data.

    A small maximum probability does not find wrong labels: a model is often sure of the right
    class where the label is wrong. Held-out labels with known, planted errors showed it: of 25
    wrong labels among 5,000 the 75 least confident items held 0 to 8 %, the 75 of smallest
    `label_quality` 89 to 99 % (the article's network; of the ensemble 1 to 7 and 99 to 100 %).
    There the members' log-odds had the best average precision on ambiguous items (0.92, against
    0.91 for self-confidence and 0.90 for the margin), and were nowhere behind self-confidence by
    more than chance.

    With 8 of 5,000 held-out labels planted, drawn by the out-of-fold network among what it takes
    for likely (150 trials each of four kinds), the mean, least and most of the members' log-odds
    and cleanlab's three scores put all 8 among the first 25. The labels of the nearest items alone
    found 92 to 99.6 % of them; added to the log-odds they, and atypicality with either sign, found
    93 to 100 %, never more: so neither takes part. The least confident 25 held 0.1 % of them.

    Args:
        probs: Calibrated probabilities (N, K) of a model that was not fitted on these labels.
        labels: The given labels (N,), 0 to K - 1.
        member_probs: Calibrated probabilities (S, N, K) of each member, if there are several.
        method: One of METHODS.
        with_cleanlab: Whether all of cleanlab's columns are wanted; else only the score that
            ranks. They bring scikit-learn into the process, 2.5 s and 85 MB, and its confident
            learning looks at all probabilities twice.

    Returns:
        Index `index`, the position in the data set. Columns `label`; `suggestion`, the most
        probable class, which is the label where the model has no doubt; `label_quality` in
        [0, 1], low is suspect; `log_odds`, see member_log_odds; `label_issue`, whether cleanlab's
        confident learning counts the label as wrong, and cleanlab's three scores.

    Raises:
        ValueError: an argument's shape or values are not as described.

    Source: Northcutt, Jiang and Chuang (2021), Confident Learning, doi:10.1613/jair.1.12125;
        Kuan and Mueller (2022), Model-agnostic label quality scoring, ICML DataPerf workshop.
    """
    probs, labels = _checked(probs, labels)
    _check_method(method)
    members = probs[None] if member_probs is None else np.asarray(member_probs, float)
    if members.ndim != 3 or members.shape[1:] != probs.shape:
        raise ValueError(f"member_probs must be (S, N, K), got {members.shape} for {probs.shape}")
    columns = _own_columns(probs, labels, member_log_odds(members, labels))
    if with_cleanlab:
        columns |= {"label_issue": _label_issues(probs, labels)}
    columns |= _scores(probs, labels, _cleanlab_scores(method, with_cleanlab))
    return _ordered(columns, np.arange(len(labels)), method)


def rank_predictions(
    model: Predictions,
    labels: np.ndarray,
    rows: np.ndarray,
    method: str = METHODS[0],
    with_cleanlab: bool = True,
) -> pd.DataFrame:
    """As `rank_labels`, of a model's answers a block at a time: never all probabilities at once.

    Args:
        model: With a full distribution over the classes; not fitted on these labels.
        labels: Class codes of all the data (N,).
        rows: Row numbers (n,) of the items whose label is known; the ranking's index.
        method: As there.
        with_cleanlab: As there. Above 20 million probabilities its confident learning runs in
            batches, which may differ in a few labels from its run on all at once.
    """
    _check_method(method)
    names = _cleanlab_scores(method, with_cleanlab)
    parts, issues = [], _LabelIssues(len(rows), labels[rows]) if with_cleanlab else None
    for places, members in member_blocks(model, rows):
        probs, given = _mean(members), labels[rows[places]].astype(np.int64)
        columns = _own_columns(probs, given, _log_odds(probs, members, given))
        if names or issues is not None:
            probs = probs.astype(np.float64)
        columns |= _scores(probs, given, names)
        if issues is not None:
            issues.add(probs, given)
        parts.append(columns)
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    if issues is not None:
        found = _issues_first(found, issues.found())
    return _ordered(found, rows, method)


def _own_columns(
    probs: np.ndarray, labels: np.ndarray, log_odds: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "label": labels,
        "suggestion": probs.argmax(axis=1),
        "label_quality": 1 / (1 + np.exp(-log_odds)),
        "log_odds": log_odds,
    }


def _ordered(columns: dict[str, np.ndarray], rows: np.ndarray, method: str) -> pd.DataFrame:
    ranking = pd.DataFrame(columns, index=pd.Index(rows, name="index"))
    if method == METHODS[0]:  # beyond 36 the quality rounds to 1, the log-odds still differ
        return ranking.iloc[np.argsort(columns["log_odds"], kind="stable")]
    ranking["label_quality"] = ranking[method]
    return ranking.sort_values("label_quality", kind="stable")


def member_log_odds(member_probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The mean over members of how much more probable the label is than its strongest rival.

    `mean_s(log p_s[label] - log p_s[rival])`, the rival being the most probable other class by
    the members' mean, shape (N,), in nats, any sign; low is suspect. As a mean of logarithms a
    member that finds the label quite possible counts against one that is sure it is wrong, so
    items on which members disagree come after those on which they agree. With one member it
    orders nearly as self-confidence does.

    Args:
        member_probs: (S, N, K).
        labels: (N,).
    """
    return _log_odds(_mean(member_probs), member_probs, labels)


def _mean(members: np.ndarray) -> np.ndarray:
    """Over the members (S, n, K); of one member a view, else float64."""
    return members[0] if len(members) == 1 else members.mean(axis=0, dtype=np.float64)


def _log_odds(mean_probs: np.ndarray, members: np.ndarray, labels: np.ndarray) -> np.ndarray:
    rows = np.arange(len(labels))
    others = mean_probs.copy()
    others[rows, labels] = -1
    rivals = others.argmax(axis=1)
    pairs = members[:, rows[:, None], np.stack([labels, rivals], 1)].astype(np.float64)
    log_probs = np.log(np.maximum(pairs, _SMALLEST))
    return (log_probs[..., 0] - log_probs[..., 1]).mean(axis=0)


def _cleanlab_scores(method: str, with_cleanlab: bool) -> tuple[str, ...]:
    """Which of cleanlab's scores are wanted: all, or the one that ranks, if one does."""
    if with_cleanlab:
        return METHODS[1:]
    return () if method == METHODS[0] else (method,)


def _scores(
    probs: np.ndarray, labels: np.ndarray, names: tuple[str, ...] = METHODS[1:]
) -> dict[str, np.ndarray]:
    if not names:
        return {}
    # Imported here, so that who does not ask for it does not wait and pay for it.
    from cleanlab.rank import get_label_quality_scores  # noqa: PLC0415

    return {name: get_label_quality_scores(labels, probs, method=name) for name in names}


def _label_issues(probs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    from cleanlab.filter import find_label_issues  # noqa: PLC0415

    if np.ptp(labels) == 0:  # one class has no other to be confused with; cleanlab refuses it
        return np.zeros(len(labels), bool)
    return find_label_issues(labels, probs, n_jobs=1)


def _issues_first(columns: dict[str, np.ndarray], found: np.ndarray) -> dict[str, np.ndarray]:
    """The columns in the order of `rank_labels`: cleanlab's verdict before its scores."""
    own = {name: values for name, values in columns.items() if name not in METHODS}
    scores = {name: values for name, values in columns.items() if name in METHODS}
    return own | {"label_issue": found} | scores


class _LabelIssues:
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
            return _label_issues(np.concatenate(self._kept), self._labels)
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


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, not {method!r}")


def _checked(probs: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    probs, labels = np.asarray(probs, float), np.asarray(labels)
    if probs.ndim != 2 or len(probs) == 0:
        raise ValueError(f"probs must be (N, K) with N at least 1, got {probs.shape}")
    if labels.shape != probs.shape[:1]:
        raise ValueError(f"labels must be {probs.shape[:1]} as probs are, got {labels.shape}")
    whole = np.issubdtype(labels.dtype, np.integer)
    if not whole or labels.min() < 0 or labels.max() >= probs.shape[1]:
        raise ValueError(f"labels must be integers from 0 to {probs.shape[1] - 1}")
    if not np.allclose(probs.sum(axis=1), 1, atol=1e-3) or probs.min() < 0:
        raise ValueError("probs must be 0 or more and sum to 1 in each row")
    return probs, labels.astype(np.int64)
