"""What the tests of Trust's figures and of its sentences are about: results of made-up models."""

import numpy as np

from core.figures import calibration_gaps
from core.figures import conformal as conformal_figures
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.trust import calibration
from core.trust.calibration import bin_edges, reliability
from core.trust.calibration_errors import calibration_errors
from core.trust.conformal import fit_threshold, nonconformity, prediction_sets
from core.trust.detection import detection
from core.trust.selective import risk_coverage
from core.trust.set_coverage import coverage, coverage_per_class
from tests.core.trust.made_probs import judge_probs

NAMES = ("a", "b", "c", "d")


def classified(num_images=1_000, seed=0):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.full(len(NAMES), 0.2), num_images)
    labels = (rng.random((num_images, 1)) > probs.cumsum(1)).sum(1).clip(0, len(NAMES) - 1)
    return probs, labels


def both(found):
    return {"One": found(*classified()), "Two": found(*classified(seed=1))}


def empty(found):
    return {"One": found(np.empty((0, len(NAMES))), np.empty(0, int))}


def bins(probs, labels):
    return reliability(probs.max(1, initial=0), probs.argmax(1) == labels)


def errors(probs, labels):
    confidence = probs.max(1, initial=0)
    return calibration_errors(confidence, probs.argmax(1) == labels, bin_edges(confidence), 50)


def curves(probs, labels):
    confidence = probs.max(1, initial=0)
    return {"confidence": risk_coverage(confidence, probs.argmax(1) == labels)}


def found_errors(probs, labels):
    return {name: detection(curve, 50) for name, curve in curves(probs, labels).items()}


def per_class(probs, labels):
    return calibration.per_class(judge_probs(probs, labels))


def sets(probs, labels):
    scores = nonconformity(probs)
    return prediction_sets(scores, fit_threshold(scores, labels, 0.1))


def named(figure, start):
    return [trace for trace in figure.data if (trace.name or "").startswith(start)]


def every_figure(collect):
    overall = collect(lambda p, y: coverage(sets(p, y), y))
    classes = collect(lambda p, y: coverage_per_class(sets(p, y), y))
    return {
        "reliability": reliability_figures.reliability_figure(collect(bins)),
        "doubt": reliability_figures.doubt_figure(collect(bins)),
        "errors": calibration_gaps.errors_figure(collect(errors)),
        "per class": calibration_gaps.per_class_figure(collect(per_class), NAMES),
        "risk": selective_figures.risk_coverage_figure(collect(curves), "confidence"),
        "detection": selective_figures.detection_figure(collect(found_errors)),
        "sizes": conformal_figures.sizes_figure(overall),
        "coverage": conformal_figures.coverage_figure(overall, classes, NAMES, 0.1),
    }


def lowest_title(figure):
    return list(figure.select_xaxes())[-1].title.text
