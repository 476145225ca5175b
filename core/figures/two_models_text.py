"""Two models compared, for a terminal and as plain values for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.figures import two_models_sentences as sentences
from core.study.dataset import Dataset, Noun
from core.trust.comparison import OUTCOMES, SHARES, ClassDifferences, Comparison
from core.trust.intervals import Estimate
from core.trust.wording import ITEM


def as_lines(
    found: Comparison, titles: tuple[str, str], class_names: Sequence[str], noun: Noun = ITEM
) -> list[str]:
    """The answer and its evidence, a line each.

    Args:
        found: Of both models.
        titles: Of the first and of the second one.
        class_names: The K names.
        noun: What an item is called.
    """
    rows = {
        sentences.METRIC_TITLES[name]: (
            *sentences.difference_row(name, one, ("baseline", "candidate")).values(),
            sentences.verdict_of(name, one),
        )
        for name, one in found.differences.items()
    }
    counts = ", ".join(
        f"{sentences.OUTCOME_TITLES[name].lower()} {n:,}" for name, n in found.counts.items()
    )
    return [
        sentences.headline(found, titles, noun),
        sentences.describe_accuracy(found, noun),
        f"{counts[:1].upper()}{counts[1:]}.",
        *(f"{name:>12}  {a:>10}  {b:>10}  {c}  {d}" for name, (a, b, c, d) in rows.items()),
        sentences.describe_classes(found.by_class, tuple(class_names), titles),
    ]


def as_json_values(found: Comparison, names: tuple[str, str], dataset: Dataset) -> dict[str, Any]:
    """Everything with intervals, and the ids of the items that only one of the two has right.

    Args:
        found: Of both models.
        names: Of the first and of the second one.
        dataset: The items.
    """
    rows = found.first.rows
    ids = {
        name: dataset.ids.take(rows[found.outcomes == OUTCOMES.index(name)])
        for name in ("fixed", "broken")
    }
    return {
        "baseline": names[0],
        "candidate": names[1],
        "num_items": len(found),
        "counts": found.counts,
        "mcnemar_p": found.p_value,
        "differences": {
            name: {
                "baseline": _number(one.first),
                "candidate": _number(one.second),
                "difference": _interval(one.difference),
            }
            for name, one in found.differences.items()
        },
        "by_label": _by_label(found.by_class, dataset.class_names),
        "equal_coverage": _equal_coverage(found),
        "ids": ids,
    }


def _by_label(found: ClassDifferences, class_names: Sequence[str]) -> dict[str, Any]:
    return {
        class_names[k]: {
            "num_items": int(found.num_items[k]),
            "fixed": int(found.fixed[k]),
            "broken": int(found.broken[k]),
            "difference": _interval(
                Estimate(*(float(part[k]) for part in (found.difference, found.low, found.high)))
            ),
            "mcnemar_p": _number(found.p_value[k]),
            "mcnemar_p_holm": _number(found.p_adjusted[k]),
        }
        for k in np.flatnonzero(found.num_items).tolist()
    }


def _equal_coverage(found: Comparison) -> list[dict[str, Any]]:
    if found.curves is None:
        return []
    decided = [(share, *found.at_equal_coverage(share)) for share in SHARES]
    return [
        {
            "declined": share,
            "baseline_mistakes": first.mistakes,
            "candidate_mistakes": second.mistakes,
        }
        for share, first, second in decided
    ]


def _interval(estimate: Estimate) -> dict[str, float | None]:
    return {name: _number(value) for name, value in estimate._asdict().items()}


def _number(value: float) -> float | None:
    """The number, or None where it is unknown: JSON knows no nan."""
    return None if math.isnan(value) else float(value)
