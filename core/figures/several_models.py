"""Several models on several sets of items: tables, dots with intervals, and sentences."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.figures.compare import (
    LEGEND,
    MARGIN,
    estimates_trace,
    in_sentence,
    interval_text,
    rows_of_measures,
    without_end,
)
from core.measures.register import BY_COLUMN
from core.trust.intervals import Estimate
from core.trust.several_models import COST, TELLING, estimate_in

AUROC = "auroc_"
HEADINGS = {
    "accuracy": "Accuracy",
    "nll": "NLL (nats)",
    "ece": "ECE",
    "ece_null": "ECE if calibrated, by chance",
    "correlation": "Correlation of the two estimates",
}
COSTS = {
    "training_minutes": "Training (processor minutes)",
    "megabytes": "Files (MB)",
    "seconds_per_10000": "Scoring 10,000 (processor seconds)",
}
HIGHER_IS_BETTER = {"accuracy": True, "nll": False}


def separation_figure(table: pd.DataFrame, items: str, titles: dict[str, str]) -> go.Figure:
    """AUROC of each measure on one set of items, a dot with its interval for each model.

    Args:
        table: Of `core.trust.several_models`.
        items: The set.
        titles: Model -> its title, in order.
    """
    columns = [name for name in TELLING if _known(table, items, AUROC + name, titles)]
    figure = go.Figure()
    for position, (model, title) in enumerate(titles.items()):
        estimates = {c: estimate_in(table, model, items, AUROC + c) for c in columns}
        shift = 0.14 * (2 * position - len(titles) + 1)
        trace = estimates_trace(estimates, title, position, shift)
        trace.update(text=[BY_COLUMN[c].title for c in trace.text])
        figure.add_trace(trace)
    figure.update_layout(height=130 + 50 * len(columns), margin=MARGIN, legend=LEGEND)
    figure.update_xaxes(title_text="AUROC (1 is perfect, 0.5 is guessing)")
    rows_of_measures(figure, columns)
    return figure


def metrics_table(
    table: pd.DataFrame, items: str, titles: dict[str, str]
) -> dict[str, dict[str, str]]:
    """The metrics of one set, a row a model, as text with intervals."""
    return {
        title: {
            heading: interval_text(_shown(metric, estimate_in(table, model, items, metric)))
            for metric, heading in HEADINGS.items()
        }
        for model, title in titles.items()
    }


def costs_table(table: pd.DataFrame, titles: dict[str, str]) -> dict[str, dict[str, str]]:
    """What each model costs to train, to keep and to run, a row a model."""
    return {
        title: {
            heading: _cost(estimate_in(table, model, COST, metric).value)
            for metric, heading in COSTS.items()
        }
        for model, title in titles.items()
    }


def metric_sentence(table: pd.DataFrame, items: str, metric: str, titles: dict[str, str]) -> str:
    """The models in their order by one metric, and whether chance could have made the order."""
    ranked = _ranked(table, items, metric, titles, HIGHER_IS_BETTER[metric])
    named = ", ".join(f"{in_sentence(title)} {_short(metric, found)}" for title, found in ranked)
    return f"{HEADINGS[metric]}, best first: {named}. {_overlaps(ranked)}"


def calibration_sentence(table: pd.DataFrame, items: str, titles: dict[str, str]) -> str:
    """Whose ECE lies inside the band that chance alone gives."""
    inside: list[str] = []
    outside: list[str] = []
    for model, title in titles.items():
        found = estimate_in(table, model, items, "ece").value
        band = estimate_in(table, model, items, "ece_null")
        if np.isfinite(found):
            (inside if found <= band.high else outside).append(in_sentence(title))
    parts = [f"inside what chance alone gives: {', '.join(inside)}"] if inside else []
    parts += [f"beyond it: {', '.join(outside)}"] if outside else []
    return f"ECE {'; '.join(parts)}." if parts else ""


def separation_sentence(table: pd.DataFrame, items: str, titles: dict[str, str]) -> str:
    """Each model's best measure on one set of items, the best model first."""
    best: dict[str, tuple[str, Estimate]] = {}
    for model, title in titles.items():
        found = {c: estimate_in(table, model, items, AUROC + c) for c in TELLING}
        known = {c: e for c, e in found.items() if np.isfinite(e.value)}
        if known:
            column = max(known, key=lambda c: known[c].value)
            best[title] = BY_COLUMN[column].title.lower(), known[column]
    ranked = sorted(best.items(), key=lambda pair: -pair[1][1].value)
    named = ", ".join(f"{in_sentence(title)} by {by} ({e.value:.3f})" for title, (by, e) in ranked)
    return f"Best first: {named}. {_overlaps([(t, e) for t, (_, e) in ranked])}"


def split_sentence(table: pd.DataFrame, items: str, titles: dict[str, str]) -> str:
    """Whether the epistemic estimate alone does better or worse than the total, for each model."""
    said = []
    for model, title in titles.items():
        part, total = (
            estimate_in(table, model, items, AUROC + column)
            for column in ("mutual_information", "predictive_entropy")
        )
        if np.isfinite(part.value) and np.isfinite(total.value):
            said.append(
                f"Mutual information of {in_sentence(title)} does {_against(part, total)} its"
                f" predictive entropy ({part.value:.3f} against {total.value:.3f})."
            )
    return " ".join(said)


def _against(one: Estimate, other: Estimate) -> str:
    if one.low > other.high:
        return "better than"
    return "worse than" if one.high < other.low else "no better or worse than"


def _ranked(
    table: pd.DataFrame, items: str, metric: str, titles: dict[str, str], higher: bool
) -> list[tuple[str, Estimate]]:
    found = {t: estimate_in(table, model, items, metric) for model, t in titles.items()}
    known = [(title, e) for title, e in found.items() if np.isfinite(e.value)]
    return sorted(known, key=lambda pair: -pair[1].value if higher else pair[1].value)


def _overlaps(ranked: list[tuple[str, Estimate]]) -> str:
    """Which neighbours in an order have intervals that overlap."""
    pairs = [
        f"{in_sentence(a)} and {in_sentence(b)}"
        for (a, first), (b, second) in itertools.pairwise(ranked)
        if max(first.low, second.low) <= min(first.high, second.high)
    ]
    if not pairs:
        return "No two intervals overlap."
    return f"The intervals of {'; of '.join(pairs)} overlap."


def _cost(value: float) -> str:
    return f"{value:.3g}" if np.isfinite(value) else "–"


def _shown(metric: str, found: Estimate) -> Estimate:
    return without_end(found) if metric == "ece" else found


def _short(metric: str, found: Estimate) -> str:
    return f"{100 * found.value:.2f} %" if metric == "accuracy" else f"{found.value:.4f}"


def _known(table: pd.DataFrame, items: str, metric: str, titles: dict[str, str]) -> bool:
    return any(np.isfinite(estimate_in(table, m, items, metric).value) for m in titles)
