"""What the trust page keeps between reruns: core's answers for each model, by small keys.

`wanted` is Explore's filter, applied to each model's own table.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from core.figures.selective import MOST_POINTS
from core.measures.filters import Filter
from core.trust import answers as trust
from core.trust import choosing
from core.trust.brier import BrierParts
from core.trust.calibration import Bins, Reliability, metric_estimates, per_class, reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.claims import SURE, Claim, claim
from core.trust.classes_off import ClassesOff, classes_off
from core.trust.detection import Detection
from core.trust.intervals import UNKNOWN, Estimate
from core.trust.judged import Judged, judge, zero_labels
from core.trust.selective import RiskCoverage
from ui import cache
from ui.kept_answer import kept_answer
from ui.picked import Key, Picked
from ui.words import plain

KEPT_TYPES = (trust.Numbers, Estimate, Reliability, ClassesOff, Detection)
MOST_FOR_PARTS = 2_000_000
"""Items times classes up to which a slider's answer has the parts of the Brier score."""


@st.cache_resource(show_spinner=False, max_entries=32)
def choice(key: Key) -> choosing.Choice:
    """What a model's thresholds are chosen on, and what judges them, before any filter."""
    return choosing.choose(cache.picked(key).study, key.model)


@st.cache_resource(show_spinner=False, max_entries=2)
def heated(key: Key, factor: float) -> Judged:
    """The judged items at times the model's temperature, for calibration alone."""
    seen, rows = cache.picked(key), choice(key).judged.rows
    labels = choosing.labels_of(seen.study)
    return judge(seen.model, rows, factor, labels, declining=False)


def notes(models: list[Picked]) -> list[str]:
    """What the models' items to choose on and to judge on share, each sentence once, as Markdown.

    With models of both kinds each sentence says of which model it is.
    """
    said = {model.title: choice(model.key).note for model in models}
    if len(set(said.values())) == 1:
        return [plain(note) for note in set(said.values()) if note]
    return [plain(f"{title}: {note}") for title, note in said.items() if note]


def judged(key: Key, wanted: Filter, factor: float = 1.0) -> Judged:
    """A model's answers on the judged items that pass the filter."""
    return _everything(key, factor) if wanted.keeps_all else _filtered(key, wanted, factor)


@st.cache_resource(show_spinner=False, max_entries=8)
def _filtered(key: Key, wanted: Filter, factor: float) -> Judged:
    return _everything(key, factor).only(cache.shown(key, wanted).rows)


def _everything(key: Key, factor: float) -> Judged:
    return choice(key).judged if factor == 1 else heated(key, factor)


@st.cache_resource(show_spinner=False, max_entries=16)
def best_temperature(key: Key) -> float:
    """The temperature of lowest NLL on the items that thresholds are chosen on."""
    return choosing.best_temperature(cache.picked(key).study, key.model)


@st.cache_resource(show_spinner=False, max_entries=64)
def diagram(
    key: Key, wanted: Filter, factor: float, num_bins: int, bins: Bins
) -> tuple[Reliability, CalibrationErrors]:
    """The bins of the reliability diagram and the errors over them."""
    items = judged(key, wanted, factor)
    return (
        reliability(items.known_confidence, items.correct, num_bins, bins),
        trust.errors(items, num_bins, bins),
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def numbers(key: Key, wanted: Filter, factor: float) -> trust.Numbers:
    """The numbers that no bin enters; of many items and classes no parts of the Brier score,
    which take longer than all the rest, at a temperature that is only looked at.
    """
    if factor == 1 and wanted.keeps_all:
        everything = choice(key).judged
        return kept_answer(
            cache.picked(key), "numbers", lambda: trust.numbers(everything), KEPT_TYPES
        )
    items = judged(key, wanted, factor)
    if factor == 1 or len(items) * items.num_classes <= MOST_FOR_PARTS:
        return trust.numbers(items)
    parts = dict.fromkeys(BrierParts._fields, UNKNOWN)
    known = metrics(key, wanted, factor)
    return trust.Numbers(known, parts, per_class(items), classes_off(items))


def lacks_parts(found: trust.Numbers) -> bool:
    """Whether the parts of a Brier score were left out."""
    return bool(np.isfinite(found.metrics["brier"].value)) and found.parts["resolution"] is UNKNOWN


@st.cache_resource(show_spinner=False, max_entries=64)
def metrics(key: Key, wanted: Filter, factor: float) -> dict[str, Estimate]:
    """Accuracy, NLL and Brier score alone."""
    if factor == 1:
        return numbers(key, wanted, factor).metrics
    return metric_estimates(judged(key, wanted, factor))


@st.cache_resource(show_spinner=False, max_entries=64)
def claims(key: Key, wanted: Filter, factor: float) -> tuple[Claim, Claim]:
    """What a model says and what is so, of all the items and of those it is sure of."""
    items = judged(key, wanted, factor)
    said, correct = items.known_confidence, items.correct
    return claim(said, correct), claim(said, correct, SURE)


@st.cache_resource(show_spinner=False, max_entries=64)
def num_zero(key: Key, wanted: Filter) -> int:
    """Items whose label was given a probability of exactly 0."""
    return zero_labels(cache.picked(key).model, judged(key, wanted))


@st.cache_resource(show_spinner=False, max_entries=16)
def curve(key: Key, wanted: Filter, column: str) -> RiskCoverage:
    """The risk-coverage curve of one measure, exact."""
    return trust.curve(judged(key, wanted), column)


@st.cache_resource(show_spinner=False, max_entries=16)
def drawn_curves(key: Key, wanted: Filter) -> dict[str, RiskCoverage]:
    """The curve of each measure in the steps that are drawn: the exact ones would take 100 MB."""
    return trust.curves(judged(key, wanted), MOST_POINTS)


@st.cache_resource(show_spinner=False, max_entries=16)
def chosen_curve(key: Key, column: str) -> RiskCoverage:
    """The exact curve of one measure on the items that thresholds are chosen on."""
    return trust.curve(choice(key).chosen_on, column)


def columns(key: Key) -> list[str]:
    """The measures that a model's thresholds can be of."""
    return list(choice(key).chosen_on.measures)


@st.cache_resource(show_spinner=False, max_entries=64)
def detections(key: Key, wanted: Filter) -> tuple[dict[str, Detection], dict[str, Estimate]]:
    """How well each measure finds the errors, and how far it is behind the best."""
    items, noun = judged(key, wanted), cache.picked(key).noun

    def fresh() -> tuple[dict[str, Detection], dict[str, Estimate]]:
        return trust.detections(items, noun), trust.differences(items)

    if not wanted.keeps_all:
        return fresh()
    return kept_answer(cache.picked(key), "detections", fresh, KEPT_TYPES)
