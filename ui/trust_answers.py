"""What the trust page keeps between reruns: core's answers for each model, by small keys.

`wanted` is Explore's filter, applied to each model's own table.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.measures.filters import Filter
from core.trust import answers as trust
from core.trust import conformal
from core.trust.calibration import Bins, Reliability, reliability
from core.trust.calibration_errors import CalibrationErrors
from core.trust.claims import SURE, Claim, claim
from core.trust.detection import Detection
from core.trust.intervals import Estimate
from core.trust.judged import Judged, judged_calibration, judged_test
from core.trust.selective import RiskCoverage
from ui import cache


class Numbers(NamedTuple):
    """Metrics of one model with intervals, and its calibration class by class."""

    metrics: dict[str, Estimate]
    parts: dict[str, Estimate]
    classes: Reliability


@st.cache_resource(max_entries=64)
def judged(name: str, wanted: Filter, factor: float = 1.0) -> Judged:
    """A model's answers on the test images that pass the filter."""
    images = judged_test(cache.classifier(name), factor)
    return images.only(cache.filtered(name, wanted).index.to_numpy())


@st.cache_resource
def calibration_split(name: str) -> Judged:
    """A model's answers on the calibration split."""
    return judged_calibration(cache.classifier(name))


@st.cache_resource
def best_temperature(name: str) -> float:
    """The temperature of lowest NLL on the calibration split."""
    return trust.best_temperature(cache.classifier(name))


@st.cache_resource(max_entries=256)
def diagram(
    name: str, wanted: Filter, factor: float, num_bins: int, bins: Bins
) -> tuple[Reliability, CalibrationErrors]:
    """The bins of the reliability diagram and the errors over them."""
    images = judged(name, wanted, factor)
    return (
        reliability(images.confidence, images.correct, num_bins, bins),
        trust.errors(images, num_bins, bins),
    )


@st.cache_resource(max_entries=256)
def numbers(name: str, wanted: Filter, factor: float) -> Numbers:
    """The numbers that no bin enters."""
    return Numbers(*trust.numbers(judged(name, wanted, factor)))


def claims(name: str, wanted: Filter, factor: float) -> tuple[Claim, Claim]:
    """What a model says and what is so, of all the images and of those it is sure of."""
    images = judged(name, wanted, factor)
    return claim(images.confidence, images.correct), claim(images.confidence, images.correct, SURE)


@st.cache_resource(max_entries=64)
def curves(name: str, wanted: Filter) -> dict[str, RiskCoverage]:
    """The risk-coverage curve of each measure."""
    return trust.curves(judged(name, wanted))


@st.cache_resource
def calibration_curves(name: str) -> dict[str, RiskCoverage]:
    """The same on the calibration split."""
    return trust.curves(calibration_split(name))


@st.cache_resource(max_entries=64)
def detections(name: str, wanted: Filter) -> tuple[dict[str, Detection], dict[str, Estimate]]:
    """How well each measure finds the errors, and how far it is behind the best."""
    images = judged(name, wanted)
    return trust.detections(images), trust.differences(images)


@st.cache_resource
def nonconformities(name: str, method: conformal.Method) -> tuple[np.ndarray, np.ndarray]:
    """Nonconformity (N, K) of all test and of the calibration images."""
    images = judged_test(cache.classifier(name))
    return trust.nonconformities(images, calibration_split(name), method)


@st.cache_resource(max_entries=64)
def sets(
    name: str, wanted: Filter, method: conformal.Method, alpha: float, class_conditional: bool
) -> trust.Sets:
    """The prediction sets of the test images that pass the filter."""
    scores, fitted = nonconformities(name, method)
    labels = calibration_split(name).labels
    threshold = conformal.fit_threshold(fitted, labels, alpha, class_conditional)
    images = judged(name, wanted)
    everything = judged_test(cache.classifier(name)).index
    return trust.conform(
        images, scores[np.isin(everything, images.index)], threshold, alpha, method
    )
