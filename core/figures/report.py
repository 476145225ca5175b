"""One self-contained web page about a classifier, for people who were not in the room."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path

from core.figures import calibration_gaps, reliability
from core.figures import conformal as conformal_figures
from core.figures import selective as selective_figures
from core.figures import trust_sentences as sentences
from core.figures.compare import (
    BRIER_NOTE,
    CHANCE_NOTE,
    METRICS,
    by_name,
    in_sentence,
    interval_text,
)
from core.figures.selective import DETECTION_NOTE, detection_cells
from core.figures.web_page import figure_html, save_page, table_html, web_page
from core.measures.register import BY_COLUMN
from core.trust.answers import sample_note
from core.trust.answers_as_numbers import ALPHA, COST_MISTAKE, COST_REFERRAL, Trust
from core.trust.claims import SURE, claim, describe_claims
from core.trust.intervals import Estimate
from core.trust.selective import cost


def save_report(found: Trust, path: Path) -> None:
    """Write the page; it needs no other file and no network.

    Raises:
        ValueError: the name does not end in `.html`.
    """
    save_page(report_html(found), path)


def report_html(found: Trust) -> str:
    """The page as text: numbers with 95 % intervals, figures, and each figure in words."""
    num_images, note = len(found.images.labels), escape(sample_note(found.images))
    start = (
        f"<p>A classifier of images into {len(found.class_names)} classes, judged on"
        f" {num_images:,} labelled test images that it was not trained on. Every threshold,"
        " temperature and set comes from a separate calibration split. In brackets: 95 %"
        f" intervals. {note}</p>"
    )
    parts = (_short, _calibration, _declining, _sets)
    body = "\n".join([start, *(text for part in parts for text in part(found))])
    return web_page(f"Can {in_sentence(found.title)} be trusted?", body)


def _short(found: Trust) -> Iterator[str]:
    """The answers in a few sentences, for who reads no further."""
    images, best = found.images, _best(found)
    claims = (claim(images.confidence, images.correct, least) for least in (0.0, SURE))
    costs = (
        f"If a mistake costs as much as {COST_MISTAKE / COST_REFERRAL:g} referrals: by"
        f" {BY_COLUMN[best].title.lower()},"
    )
    sets = found.sets["lac"].overall
    answers = (
        f"It {describe_claims(*claims)}",
        f"{costs} {sentences.describe_decision(found.decisions[best])}",
        f"Asked to name every class it cannot rule out and to miss {ALPHA:.0%} at most, it names"
        f" one for {sets.sizes[1]:,} images, several for {sets.sizes[2:].sum():,} and none for"
        f" {sets.sizes[0]:,}; {sets.coverage:.2%} of these sets ({sets.low:.2%} to {sets.high:.2%})"
        " hold the true class.",
        "All this holds for images like the test images. It says nothing about images of another"
        " kind.",
    )
    yield f'<ul class="short">{"".join(f"<li>{escape(text)}</li>" for text in answers)}</ul>'


def _best(found: Trust) -> str:
    """The measure that finds the errors best."""
    return max(found.detections, key=lambda name: _known(found.detections[name].auroc))


def _calibration(found: Trust) -> Iterator[str]:
    yield "<h2>Do the probabilities mean it?</h2>"
    one, classes = {found.title: found.calibration}, found.class_names
    bins = {title: c.diagram for title, c in one.items()}
    errors = {title: c.errors for title, c in one.items()}
    by_class = {title: c.classes for title, c in one.items()}
    yield table_html(_metric_rows(found))
    yield f'<p class="note">{escape(BRIER_NOTE)} {escape(CHANCE_NOTE)}</p>'
    yield figure_html(calibration_gaps.errors_figure(errors), sentences.describe_errors(errors))
    yield figure_html(reliability.reliability_figure(bins), sentences.describe_reliability(bins))
    yield figure_html(
        calibration_gaps.per_class_figure(by_class, classes),
        sentences.describe_per_class(by_class, classes),
    )


def _declining(found: Trust) -> Iterator[str]:
    yield "<h2>When should it decline?</h2>"
    best = _best(found)
    curves, decisions = {found.title: found.curves}, {found.title: found.decisions[best]}
    detections, behind = {found.title: found.detections}, {found.title: found.behind}
    draw = selective_figures
    yield figure_html(
        draw.detection_figure(detections), sentences.describe_detection(detections, behind)
    )
    yield table_html(_detection_rows(found))
    yield f'<p class="note">{escape(DETECTION_NOTE)}</p>'
    yield figure_html(
        draw.risk_coverage_figure(curves, best, decisions),
        f"By {BY_COLUMN[best].title.lower()}, at its cheapest threshold. "
        + sentences.describe_risk_coverage(curves, best, decisions),
    )
    yield (
        f"<p>If a mistake costs {COST_MISTAKE:g} and a person {COST_REFERRAL:g} an image, these"
        " thresholds, chosen on the calibration split, cost this much on the test images:</p>"
    )
    yield table_html(_cost_rows(found))


def _sets(found: Trust) -> Iterator[str]:
    yield f"<h2>Which classes can it not rule out? (alpha {ALPHA:g})</h2>"
    draw = conformal_figures
    overall = {f"{method.upper()}": sets.overall for method, sets in found.sets.items()}
    classes = {f"{method.upper()}": sets.classes for method, sets in found.sets.items()}
    figure = draw.coverage_figure(overall, classes, found.class_names, ALPHA)
    yield figure_html(figure, sentences.describe_coverage(overall, ALPHA))
    yield figure_html(draw.sizes_figure(overall), sentences.describe_sizes(overall))
    yield "".join(
        f"<p>{escape(method.upper())}: {escape(text)}</p>"
        for method, sets in found.sets.items()
        for text in filter(None, (sets.empty, sets.always))
    )
    yield (
        '<p class="note">Guaranteed on average over images like those of the calibration split;'
        " not for one image, one class, or images of another kind.</p>"
    )


def _metric_rows(found: Trust) -> list[dict[str, str]]:
    in_use, best = found.temperature
    kinds = {"untouched": 1.0, "in use": in_use, "fitted": best}
    results = (found.untouched, found.calibration, found.fitted)
    alike: dict[str, list[str]] = {}
    for kind, temperature in kinds.items():
        alike.setdefault(f"{temperature:.3f}", []).append(kind)
    of_kind = dict(zip(kinds, results, strict=True))
    columns = {
        f"temperature {temperature} ({', '.join(names)})": of_kind[names[0]]
        for temperature, names in alike.items()
    }
    values = {name: c.metrics | by_name(c.errors) | c.parts for name, c in columns.items()}
    return [
        {"metric": label} | {name: interval_text(values[name][metric]) for name in columns}
        for metric, label in METRICS.items()
    ]


def _detection_rows(found: Trust) -> list[dict[str, str]]:
    return [
        {"measure": BY_COLUMN[name].title} | detection_cells(d, found.behind[name])
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


def _known(estimate: Estimate) -> float:
    return -1.0 if math.isnan(estimate.value) else estimate.value
