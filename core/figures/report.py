"""One self-contained web page about a classifier, for people who were not in the room."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from pathlib import Path

from core.figures import calibration_gaps, declining_sentences, reliability, sets_sentences
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
from core.trust.answers import Calibration
from core.trust.claims import SURE, claim, describe_claims
from core.trust.examined import ALPHA, COST_MISTAKE, COST_REFERRAL, Trust
from core.trust.intervals import Estimate
from core.trust.notes import sample_note, zero_note
from core.trust.selective import cost
from core.trust.wording import at_most, beside, level, percent


def save_report(found: Trust, path: Path) -> None:
    """Write the page; it needs no other file and no network.

    Raises:
        ValueError: the name does not end in `.html`.
    """
    save_page(report_html(found), path)


def report_html(found: Trust) -> str:
    """The page as text: numbers with 95 % intervals, figures, and each figure in words."""
    noun, judged = found.noun, found.judged
    note = " ".join(
        filter(
            None,
            (
                found.note or "Every threshold, temperature and set was chosen on a held-out part.",
                sample_note(judged, noun),
                zero_note(found.num_zero, len(judged), noun),
            ),
        )
    )
    start = (
        f"<p>A classifier of {escape(noun.many)} into {len(found.class_names):,} classes, judged"
        f" on {escape(noun.counted(len(judged)))} with a label. {escape(note)} In brackets: 95 %"
        " intervals.</p>"
    )
    parts = (_short, _calibration, _declining, _sets)
    body = "\n".join([start, *(text for part in parts for text in part(found))])
    return web_page(f"Can {in_sentence(found.title)} be trusted?", body)


def _short(found: Trust) -> Iterator[str]:
    """The answers in a few sentences, for who reads no further."""
    answers = [*_claims(found), *_costs(found), *_short_sets(found)]
    answers.append(
        f"All this holds for {found.noun.many} like these. It says nothing about"
        f" {found.noun.many} of another kind."
    )
    yield f'<ul class="short">{"".join(f"<li>{escape(text)}</li>" for text in answers)}</ul>'


def _claims(found: Trust) -> Iterator[str]:
    judged = found.judged
    if judged.confidence is None or found.calibration is None:
        right = percent(float(judged.correct.mean()))
        yield f"It is right {right} of the time. Nothing is known of its confidence."
        return
    everything, sure = (claim(judged.confidence, judged.correct, least) for least in (0.0, SURE))
    off, names = found.calibration.off, found.class_names
    yield f"It {describe_claims(everything, sure, off, names, found.noun)}"


def _costs(found: Trust) -> Iterator[str]:
    if found.detections:
        best = _best(found)
        yield (
            f"If a mistake costs as much as {COST_MISTAKE / COST_REFERRAL:g} referrals: by"
            f" {BY_COLUMN[best].title.lower()},"
            f" {declining_sentences.describe_decision(found.decisions[best], found.noun)}"
        )


def _short_sets(found: Trust) -> Iterator[str]:
    if "lac" in found.sets:
        sets, many = found.sets["lac"].overall, found.noun.many
        yield (
            f"Asked to name every class it cannot rule out, missing {level(ALPHA)} on average,"
            f" it names one class for {sets.sizes[1]:,} {many}. It names several for"
            f" {sets.sizes[2:].sum():,} and none for {sets.sizes[0]:,}. The true class is in"
            f" {beside(sets.coverage, 1 - ALPHA)} of these sets ({percent(sets.low)} to"
            f" {percent(sets.high)})."
        )


def _best(found: Trust) -> str:
    """The measure that finds the errors best."""
    return max(found.detections, key=lambda name: _known(found.detections[name].auroc))


def _calibration(found: Trust) -> Iterator[str]:
    yield "<h2>Can its confidence be believed?</h2>"
    if found.calibration is None:
        yield "<p>That needs each answer's confidence, which was not given.</p>"
        return
    title, noun, names = found.title, found.noun, found.class_names
    bins, errors = {title: found.calibration.diagram}, {title: found.calibration.errors}
    by_class, off = {title: found.calibration.classes}, {title: found.calibration.off}
    yield table_html(_metric_rows(found, found.calibration))
    yield f'<p class="note">{escape(BRIER_NOTE)} {escape(CHANCE_NOTE)}</p>'
    yield figure_html(
        calibration_gaps.errors_figure(errors, noun), sentences.describe_errors(errors, noun)
    )
    yield figure_html(
        reliability.reliability_figure(bins, noun), sentences.describe_reliability(bins, noun)
    )
    yield figure_html(
        calibration_gaps.per_class_figure(by_class, names, noun),
        sentences.describe_per_class(by_class, names, noun, off),
    )


def _declining(found: Trust) -> Iterator[str]:
    yield "<h2>When should it decline?</h2>"
    if not found.detections:
        yield "<p>That needs each answer's confidence, which was not given.</p>"
        return
    best, noun = _best(found), found.noun
    curves, decisions = {found.title: found.curves}, {found.title: found.decisions[best]}
    detections, behind = {found.title: found.detections}, {found.title: found.behind}
    draw = selective_figures
    yield figure_html(
        draw.detection_figure(detections, noun),
        declining_sentences.describe_detection(detections, behind, noun),
    )
    yield table_html(_detection_rows(found))
    yield f'<p class="note">{escape(DETECTION_NOTE)}</p>'
    yield figure_html(
        draw.risk_coverage_figure(curves, best, decisions, noun),
        f"By {BY_COLUMN[best].title.lower()}, at its cheapest threshold. "
        + declining_sentences.describe_risk_coverage(curves, best, decisions, noun),
    )
    yield (
        f"<p>If a mistake costs {COST_MISTAKE:g} and a referral {COST_REFERRAL:g}, these"
        f" thresholds, chosen on other {escape(noun.many)}, cost this much:</p>"
    )
    yield table_html(_cost_rows(found))


def _sets(found: Trust) -> Iterator[str]:
    yield f"<h2>Which classes can it not rule out? (alpha {ALPHA:g})</h2>"
    if not found.sets:
        yield "<p>That needs the probabilities of all classes, which were not given.</p>"
        return
    draw, noun = conformal_figures, found.noun
    overall = {method.upper(): sets.overall for method, sets in found.sets.items()}
    classes = {method.upper(): sets.classes for method, sets in found.sets.items()}
    figure = draw.coverage_figure(overall, classes, found.class_names, ALPHA, noun)
    yield figure_html(figure, sets_sentences.describe_coverage(overall, ALPHA, noun))
    yield figure_html(
        draw.sizes_figure(overall, noun), sets_sentences.describe_sizes(overall, noun)
    )
    yield "".join(
        f"<p>{escape(method.upper())}: {escape(text)}</p>"
        for method, sets in found.sets.items()
        for text in filter(None, (sets.empty, sets.always))
    )
    yield (
        f'<p class="note">Guaranteed on average over draws of calibration {escape(noun.many)} and'
        f" {escape(noun.many)} like them. Not for one draw, one of the {escape(noun.many)}, one"
        " class, or another kind.</p>"
    )


def _metric_rows(found: Trust, in_use: Calibration) -> list[dict[str, str]]:
    columns = {"value": in_use}
    if found.temperature and found.untouched and found.fitted:
        results = {
            "untouched": (1.0, found.untouched),
            "in use": (found.temperature[0], in_use),
            "fitted": (found.temperature[1], found.fitted),
        }
        alike: dict[str, list[str]] = {}
        for kind, (temperature, _) in results.items():
            alike.setdefault(f"{temperature:.3f}", []).append(kind)
        columns = {
            f"temperature {temperature} ({', '.join(kinds)})": results[kinds[0]][1]
            for temperature, kinds in alike.items()
        }
    values = {name: c.metrics | by_name(c.errors) | c.parts for name, c in columns.items()}
    return [
        {"metric": label} | {name: interval_text(values[name][metric]) for name in columns}
        for metric, label in METRICS.items()
    ]


def _detection_rows(found: Trust) -> list[dict[str, str]]:
    """Numbers above their intervals, so that the last column is not cut."""
    return [
        {"measure": BY_COLUMN[name].title}
        | {
            heading: text.replace(" (", "\n(")
            for heading, text in detection_cells(d, found.behind[name]).items()
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
            "share wrong, at most": at_most(d.risk_upper) if d.accepted else "–",
            "cost": f"{cost(d, COST_MISTAKE, COST_REFERRAL):,.6g}",
        }
        for name, d in found.decisions.items()
    ]


def _known(estimate: Estimate) -> float:
    return -1.0 if math.isnan(estimate.value) else estimate.value
