"""Which labels does the model doubt most? Suspected labels first, for a person to settle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.measures.probabilities import member_blocks
from core.review.label_methods import (
    METHODS,
    LabelIssues,
    cleanlab_columns,
    cleanlab_scores,
    issues_first,
    label_issues,
)
from core.study.predictions import Predictions

_SMALLEST = float(np.finfo(np.float32).tiny)  # a float32 softmax underflows to 0 below this


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
        columns |= {"label_issue": label_issues(probs, labels)}
    columns |= cleanlab_columns(probs, labels, cleanlab_scores(method, with_cleanlab))
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
    names = cleanlab_scores(method, with_cleanlab)
    parts, issues = [], LabelIssues(len(rows), labels[rows]) if with_cleanlab else None
    for places, members in member_blocks(model, rows):
        probs, given = _mean(members), labels[rows[places]].astype(np.int64)
        columns = _own_columns(probs, given, _log_odds(probs, members, given))
        if names or issues is not None:
            probs = probs.astype(np.float64)
        columns |= cleanlab_columns(probs, given, names)
        if issues is not None:
            issues.add(probs, given)
        parts.append(columns)
    # Taken out of the parts, of which a column less is then there.
    found = {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}
    if issues is not None:
        found = issues_first(found, issues.found())
    return _ordered(found, rows, method)


def _own_columns(
    probs: np.ndarray, labels: np.ndarray, log_odds: np.ndarray
) -> dict[str, np.ndarray]:
    return {
        "label": labels.astype(np.int32),
        "suggestion": probs.argmax(axis=1).astype(np.int32),
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
