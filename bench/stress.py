"""The Stress page: a slider's new curves, and a share of a stress table against `Model.predict`."""

from __future__ import annotations

import contextlib
import io
import os
import time

import numpy as np

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK
from core.figures.stress_curve import curve_figure, pictured
from core.figures.stress_curve_text import describe_curve
from core.measures.uncertainty import measure_logits
from core.measures.verdict import fit_thresholds
from core.networks.scoring import scorer_of
from core.stress.curve import curve_along
from core.stress.subject import subject_of
from core.study.pngs import png
from examples.mnist import load_study
from ui.components.sprite import data_url

NAME = "ensemble"
WAYS = (
    "rotate",
    "shear",
    "gaussian_blur",
    "gaussian_noise",
    "contrast",
    "fog",
    "occlusion",
    "morph",
)


def curve_milliseconds(num_curves: int) -> list[tuple[float, float]]:
    """Of new curves of 61 steps, each of another digit: (by the clock, of the processor).

    Everything the server does but Streamlit itself: damage, the ensemble's answers, measures,
    verdicts, figure, its JSON, and the sentences.
    """
    study = load_study()
    scorer, images = scorer_of(study, NAME), study.dataset.images
    thresholds = fit_thresholds(study.held_out[NAME].scores)
    names, noun, found = study.dataset.class_names, study.dataset.noun, []
    for number in range(-3, num_curves):  # three to begin with pay for what is loaded once
        wall, processor = time.perf_counter(), time.process_time()
        image, target = images.image(100 + number), images.image(5_000 + number)
        curve = curve_along(scorer, thresholds, image, WAYS[number % len(WAYS)], (), target)
        strip = data_url(png(np.hstack(list(curve.images[pictured(len(curve.images))]))))
        curve_figure(curve, names, strip).to_json()
        describe_curve(curve, names, noun)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        if number >= 0:
            found.append((1e3 * wall, 1e3 * processor))
    return found


def predict_pairs(num_pairs: int, num_items: int = 500) -> list[tuple[float, float]]:
    """Seconds for a cell's first images, damaged before: (scored here, by `Model.predict`).

    Here: the ensemble's compiled network with every measure and atypicality. There: the same five
    members as Keras models, `Model.predict` with its defaults, logits alone.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from models import ensemble  # noqa: PLC0415 - the rest of the bench does without TensorFlow

    subject = subject_of(load_study(), NAME, num_items)
    members = [ensemble.build(member, 1) for member in ensemble.MEMBERS]
    cells = [(kind, severity) for kind in BENCHMARK for severity in SEVERITIES]

    def ours(images: np.ndarray) -> None:
        subject.scored(images, 0)

    def theirs(images: np.ndarray) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            logits = np.stack([member.predict(images) for member in members])
        measure_logits(logits)

    found = []
    for number in range(-1, num_pairs):
        images = subject.damaged(*cells[7 * number % len(cells)], 0)
        times = []
        for score in (ours, theirs):
            start = time.perf_counter()
            score(images)
            times.append(time.perf_counter() - start)
        if number >= 0:
            found.append((times[0], times[1]))
    return found
