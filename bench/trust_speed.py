"""How long the trust page waits for an answer, at 10,000 and at 1,000,000 images.

A slider's answer is one model's numbers and figure. It is timed with its bootstrap already done,
as the page keeps it; the bootstrap itself is timed once, as it is done once for each filter and
temperature. A temperature nobody asked for before has none to keep: the answer of its slider, which
starts from the logits, is timed both ways.

    python -m bench.trust_speed [--most 1000000]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from core.figures import calibration_gaps
from core.figures import conformal as conformal_figures
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.trust import answers as trust
from core.trust import conformal
from core.trust.calibration import reliability
from core.trust.claims import SURE, claim
from core.trust.judged import Judged, judged_logits
from core.trust.selective import cheapest_threshold, decide
from examples.mnist_artifacts import load_artifacts

REPEATS = 20


def main() -> None:
    """Print milliseconds: p95 of each slider's answer, and what is done once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1_000_000)
    most = parser.parse_args().most
    for num_images in sorted({10_000, most}):
        logits, labels = repeated(num_images)
        images = judged_logits(logits, labels, 1.0)
        print(f"{num_images:,} images")
        for name, milliseconds in once(images).items():
            print(f"  once    {name:32} {milliseconds:8.0f} ms")
        kept = bootstrapped(images)
        heat = {
            "temperature": temperature(logits, labels, lambda _, kept=kept: kept),
            "temperature, bootstrap included": temperature(logits, labels, bootstrapped),
        }
        for name, answer in (sliders(images) | heat).items():
            spent = [timed(lambda i=i, answer=answer: answer(i)) for i in range(REPEATS)]
            print(f"  slider  {name:32} {np.quantile(spent, 0.95):8.0f} ms p95")


def repeated(num_images: int) -> tuple[np.ndarray, np.ndarray]:
    """The article's test logits over and over, each time with a little noise of its own; labels."""
    classifier = load_artifacts("article")
    times = -(-num_images // classifier.test_logits.shape[1])
    logits = np.tile(classifier.test_logits, (1, times, 1))[:, :num_images]
    logits = logits + np.random.default_rng(0).normal(0, 0.2, logits.shape).astype(np.float32)
    labels = np.tile(classifier.scores["label"].to_numpy(np.int64), times)[:num_images]
    return logits, labels


def once(images: Judged) -> dict[str, float]:
    """What is done once and kept."""
    return {
        "metrics with bootstrap": timed(lambda: trust.numbers(images)),
        "ECE and MCE with intervals": timed(lambda: trust.errors(images)),
        "risk-coverage curves": timed(lambda: trust.curves(images)),
        "error detection with bootstrap": timed(lambda: trust.detections(images)),
        "nonconformity, APS": timed(lambda: conformal.nonconformity(images.mean_probs, "aps")),
    }


def sliders(images: Judged) -> dict[str, Callable[[int], object]]:
    """What an answer costs when a slider moves: numbers and figure."""
    curves, confidence = trust.curves(images), images.confidence
    scores, fitted = trust.nonconformities(images, images.only(images.index[:5_000]), "aps")
    names = tuple(str(k) for k in range(scores.shape[1]))

    def threshold(step: int) -> object:
        decision = decide(curves["confidence"], 0.5 + 0.02 * step)
        return selective_figures.risk_coverage_figure(
            {"one": curves}, "confidence", {"one": decision}
        )

    def alpha(step: int) -> object:
        limit = conformal.fit_threshold(fitted, images.labels[:5_000], 0.005 * (step + 1))
        found = trust.conform(images, scores, limit, 0.01, "aps")
        conformal_figures.sizes_figure({"one": found.overall})
        return conformal_figures.coverage_figure(
            {"one": found.overall}, {"one": found.classes}, names, 0.01
        )

    def num_bins(step: int) -> object:
        bins = reliability(confidence, images.correct, 5 + step, "count")
        return reliability_figures.doubt_figure({"one": bins})

    def costs(step: int) -> object:
        return cheapest_threshold(curves["confidence"], 10.0 * step, 1.0)

    return {"threshold": threshold, "alpha": alpha, "number of bins": num_bins, "costs": costs}


def bootstrapped(images: Judged) -> tuple:
    """Everything about calibration that has a bootstrap or a null band."""
    return trust.errors(images), trust.numbers(images)


def temperature(
    logits: np.ndarray, labels: np.ndarray, resampled: Callable[[Judged], tuple]
) -> Callable[[int], object]:
    """What the answer costs when the temperature slider moves: numbers and figures."""

    def answer(step: int) -> object:
        images = judged_logits(logits, labels, 0.25 + 0.1 * step)
        claims = [claim(images.confidence, images.correct, least) for least in (0.0, SURE)]
        bins = reliability(images.confidence, images.correct)
        errors, (metrics, parts, classes) = resampled(images)
        names = tuple(str(k) for k in range(logits.shape[2]))
        figures = (
            reliability_figures.reliability_figure({"one": bins}),
            calibration_gaps.errors_figure({"one": errors}),
            calibration_gaps.per_class_figure({"one": classes}, names),
        )
        return claims, metrics, parts, figures

    return answer


def timed(action: Callable[[], object]) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    action()
    return 1_000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
