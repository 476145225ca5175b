"""One self-contained web page about a classifier, for people who were not in the room."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from html import escape
from pathlib import Path

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from core.figures import calibration as calibration_figures
from core.figures import conformal as conformal_figures
from core.figures import selective as selective_figures
from core.figures.compare import METRICS, interval_text
from core.intervals import Estimate
from core.measures import BY_COLUMN
from core.selective import cost
from core.trust import sample_note
from core.trust_numbers import ALPHA, COST_MISTAKE, COST_REFERRAL, Trust

STYLE = """
body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1b29; background: #fff }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
th, td { text-align: right; padding: .2rem .6rem; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left }
figure { margin: 1.5rem 0 } figcaption, .note { color: #555; font-size: .9rem }
.scroll { overflow-x: auto }
"""


def save_report(found: Trust, path: Path) -> None:
    """Write the page aside, then rename it; it needs no other file and no network.

    Raises:
        ValueError: the name does not end in `.html`.
    """
    if path.suffix != ".html":
        raise ValueError(f"{path} must end in .html")
    aside = path.with_name(f".{path.name}.partial")
    try:
        aside.write_text(report_html(found), encoding="utf-8")
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def report_html(found: Trust) -> str:
    """The page as text: numbers with 95 % intervals, figures, and each figure in words."""
    title = escape(f"Can {found.title} be trusted?")
    body = "\n".join([*_calibration(found), *_declining(found), *_sets(found)])
    num_images, note = len(found.images.labels), escape(sample_note(found.images))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style>"
        f"<script>{get_plotlyjs()}</script></head><body>\n<h1>{title}</h1>"
        f"<p>On {num_images:,} labelled test images that it was not trained on. Every threshold,"
        " temperature and set comes from a separate calibration split. In brackets: 95 %"
        f" intervals. {note}</p>\n{body}\n</body></html>\n"
    )


def _calibration(found: Trust) -> Iterator[str]:
    yield "<h2>Do the probabilities mean it?</h2>"
    one, classes = {found.title: found.calibration}, found.class_names
    bins = {title: c.diagram for title, c in one.items()}
    errors = {title: c.errors for title, c in one.items()}
    by_class = {title: c.classes for title, c in one.items()}
    yield _table(_metric_rows(found))
    yield (
        '<p class="note">Brier score = uncertainty − resolution + reliability − within groups, the'
        " groups being the predicted classes.</p>"
    )
    draw = calibration_figures
    yield _figure(draw.errors_figure(errors), draw.describe_errors(errors))
    yield _figure(draw.reliability_figure(bins), draw.describe_reliability(bins))
    yield _figure(
        draw.per_class_figure(by_class, classes), draw.describe_per_class(by_class, classes)
    )


def _declining(found: Trust) -> Iterator[str]:
    yield "<h2>When should it decline?</h2>"
    best = max(found.detections, key=lambda name: _known(found.detections[name].auroc))
    curves, decisions = {found.title: found.curves}, {found.title: found.decisions[best]}
    detections = {found.title: found.detections}
    draw = selective_figures
    yield _figure(draw.detection_figure(detections), draw.describe_detection(detections))
    yield _table(_detection_rows(found))
    yield _figure(
        draw.risk_coverage_figure(curves, best, decisions),
        f"By {BY_COLUMN[best].title.lower()}, at its cheapest threshold. "
        + draw.describe_risk_coverage(curves, best, decisions),
    )
    yield (
        f"<p>If a mistake costs {COST_MISTAKE:g} and a person {COST_REFERRAL:g} an image, these"
        " thresholds, chosen on the calibration split, cost this much on the test images:</p>"
    )
    yield _table(_cost_rows(found))


def _sets(found: Trust) -> Iterator[str]:
    yield f"<h2>Which classes can it not rule out? (alpha {ALPHA:g})</h2>"
    draw = conformal_figures
    overall = {f"{method.upper()}": sets.overall for method, sets in found.sets.items()}
    classes = {f"{method.upper()}": sets.classes for method, sets in found.sets.items()}
    figure = draw.coverage_figure(overall, classes, found.class_names, ALPHA)
    yield _figure(figure, draw.describe_coverage(overall, ALPHA))
    yield _figure(draw.sizes_figure(overall), draw.describe_sizes(overall))
    yield "".join(
        f"<p>{escape(method.upper())}: {escape(sets.empty)}</p>"
        for method, sets in found.sets.items()
        if sets.empty
    )
    yield (
        '<p class="note">Guaranteed on average over images like those of the calibration split;'
        " not for one image, one class, or images of another kind.</p>"
    )


def _metric_rows(found: Trust) -> list[dict[str, str]]:
    in_use, best = found.temperature
    columns = {f"temperature {in_use:.3f} (in use)": found.calibration}
    columns[f"temperature {best:.3f} (fitted)"] = found.fitted
    values = {
        name: c.metrics | {"ece": c.errors.ece, "mce": c.errors.mce} | c.parts
        for name, c in columns.items()
    }
    return [
        {"metric": label} | {name: interval_text(values[name][metric]) for name in columns}
        for metric, label in METRICS.items()
    ]


def _detection_rows(found: Trust) -> list[dict[str, str]]:
    return [
        {
            "measure": BY_COLUMN[name].title,
            "AUROC": interval_text(d.auroc),
            "behind the best": interval_text(found.behind[name]),
            "AURC": interval_text(d.aurc, 5),
            "excess AURC": interval_text(d.excess_aurc, 5),
            "AUGRC": interval_text(d.augrc, 5),
        }
        for name, d in found.detections.items()
    ]


def _cost_rows(found: Trust) -> list[dict[str, str]]:
    return [
        {
            "measure": BY_COLUMN[name].title,
            "threshold": f"{d.threshold:.6g}",
            "to a person": f"{d.referred:,}",
            "mistakes left": f"{d.mistakes:,}",
            "share wrong, at most": f"{d.risk_upper:.2%}" if d.accepted else "–",
            "cost": f"{cost(d, COST_MISTAKE, COST_REFERRAL):,.6g}",
        }
        for name, d in found.decisions.items()
    ]


def _table(rows: list[dict[str, str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    lines = (
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row.values()) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{"".join(lines)}</table></div>'


def _figure(figure: go.Figure, text: str) -> str:
    shown = go.Figure(figure)
    shown.update_layout(template="plotly_white", font={"family": "system-ui, sans-serif"})
    drawn = shown.to_html(full_html=False, include_plotlyjs=False, config={"displaylogo": False})
    words = escape(text)
    start = f'<figure role="group" aria-label="{words}">'
    return f"{start}{drawn}<figcaption>{words}</figcaption></figure>"


def _known(estimate: Estimate) -> float:
    return -1.0 if math.isnan(estimate.value) else estimate.value
