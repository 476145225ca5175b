"""How long the questions of trust take, at 10,000 x 10, at 1,000,000 x 10 and at 50,000 x 1,000.

A first answer starts from the values on disk, as a memory map; a slider's answer from what a page
keeps: the judged items, and each question's own answers that the slider does not touch. Memory is
the process's own at its highest, without the file's pages, which the system may drop.

    python -m bench.trust_speed [--rows 50000 --classes 1000]
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.trust_study import MODEL, made_study
from core.figures import calibration_gaps
from core.figures import conformal as conformal_figures
from core.figures import reliability as reliability_figures
from core.figures import selective as selective_figures
from core.study.study import Study
from core.trust import answers as trust
from core.trust import conformal, set_answers
from core.trust.calibration import reliability
from core.trust.choosing import Choice, best_temperature, choose, judged_at
from core.trust.claims import SURE, claim
from core.trust.evaluation import evaluate
from core.trust.selective import cheapest_threshold, decide
from core.trust.streamed_sets import Ordered

REPEATS = 7
SIZES = ((10_000, 10), (1_000_000, 10), (50_000, 1_000))


def main() -> None:
    """Print milliseconds and megabytes: each first answer, and the slowest of each slider's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--classes", type=int, default=1_000)
    options = parser.parse_args()
    sizes = ((options.rows, options.classes),) if options.rows else SIZES
    for num_rows, num_classes in sizes:
        with tempfile.TemporaryDirectory() as folder:
            study = made_study(Path(folder) / "values.npy", num_rows, num_classes)
            print(f"{num_rows:,} x {num_classes:,}")
            for name, answer in firsts(study).items():
                print(f"  first   {name:34} {measured(answer)}")
            for name, slider in sliders(study).items():
                slider(0)
                found = [measured(lambda i=i, slider=slider: slider(i)) for i in range(1, REPEATS)]
                print(f"  slider  {name:34} {max(found, key=lambda one: one.milliseconds)}")


def firsts(study: Study) -> dict[str, Callable[[], object]]:
    """What each page's first answer costs, from the values on."""
    names = study.dataset.class_names

    def calibration() -> object:
        judged = judged_at(study, MODEL)
        claims = [claim(judged.known_confidence, judged.correct, least) for least in (0.0, SURE)]
        found = trust.calibrate(judged)
        figures = (
            reliability_figures.reliability_figure({"One": found.diagram}),
            calibration_gaps.errors_figure({"One": found.errors}),
            calibration_gaps.per_class_figure({"One": found.classes}, names),
        )
        return claims, figures

    def declining() -> object:
        judged = judged_at(study, MODEL)
        found, behind = trust.detections(judged), trust.differences(judged)
        return selective_figures.detection_figure({"One": found}), behind

    return {
        "calibration": calibration,
        "temperature of lowest NLL": lambda: best_temperature(study, MODEL),
        "declining": declining,
        **{
            f"sets, {m}": lambda m=m: sets(study, choose(study, MODEL), m)
            for m in conformal.METHODS
        },
        "sets by class, aps": lambda: sets(study, choose(study, MODEL), "aps", by_class=True),
        "the metrics": lambda: evaluate(judged_at(study, MODEL)),
    }


def sets(
    study: Study,
    choice: Choice,
    method: conformal.Method,
    alpha: float = 0.05,
    by_class: bool = False,
    kept: Kept | None = None,
) -> object:
    """Prediction sets and their figures."""
    kept = kept or kept_of(choice, method, set_answers.ordered(choice.judged))
    labels, num_classes = choice.chosen_on.labels, choice.judged.num_classes
    limit = conformal.label_threshold(kept.fitted, labels, alpha, num_classes, by_class)
    found = set_answers.conform(
        choice.judged, limit, alpha, method, scores=kept.scores, kept=kept.ordered
    )
    return conformal_figures.sizes_figure({"One": found.overall}), (
        conformal_figures.coverage_figure(
            {"One": found.overall}, {"One": found.classes}, study.dataset.class_names, alpha
        )
    )


class Kept(NamedTuple):
    """What a page keeps for its alpha slider; `ordered` once for all methods."""

    fitted: np.ndarray
    scores: np.ndarray
    ordered: Ordered


def kept_of(choice: Choice, method: conformal.Method, ordered: Ordered) -> Kept:
    """What a method makes of the items before any alpha."""
    return Kept(
        set_answers.nonconformities(choice.chosen_on, method, is_chosen_on=True),
        set_answers.nonconformities(choice.judged, method, is_chosen_on=False, kept=ordered),
        ordered,
    )


def sliders(study: Study) -> dict[str, Callable[[int], object]]:
    """What an answer costs when a slider moves: numbers and figures."""
    choice = choose(study, MODEL)
    judged, curves = choice.judged, trust.curves(choice.judged)
    ordered = set_answers.ordered(judged)

    def alpha(method: conformal.Method) -> Callable[[int], object]:
        kept = kept_of(choice, method, ordered)
        return lambda step: sets(study, choice, method, 0.01 * (step + 1), kept=kept)

    def threshold(step: int) -> object:
        decision = decide(curves["confidence"], 0.5 + 0.02 * step)
        return selective_figures.risk_coverage_figure(
            {"One": curves}, "confidence", {"One": decision}
        )

    def num_bins(step: int) -> object:
        bins = reliability(judged.known_confidence, judged.correct, 5 + step, "count")
        trust.errors(judged, 5 + step, "count")
        return reliability_figures.doubt_figure({"One": bins})

    def temperature(step: int) -> object:
        at = judged_at(study, MODEL, 0.5 + 0.1 * step, declining=False)
        found = trust.calibrate(at)
        return reliability_figures.reliability_figure({"One": found.diagram})

    return {
        "temperature": temperature,
        "number of bins": num_bins,
        "threshold": threshold,
        "costs": lambda step: cheapest_threshold(curves["confidence"], 10.0 * step, 1.0),
        **{f"alpha, {method}": alpha(method) for method in conformal.METHODS},
    }


class Measured(NamedTuple):
    """What an answer took."""

    milliseconds: float
    processor: float
    megabytes: float

    def __str__(self) -> str:
        times = f"{self.milliseconds:8.0f} ms {self.processor:8.0f} ms of processor"
        return f"{times} {self.megabytes:8.0f} MB"


def measured(action: Callable[[], object]) -> Measured:
    """What an answer takes; its memory is looked at every 2 ms."""
    peak, done = [own_memory()], threading.Event()

    def watch() -> None:
        while not done.wait(0.002):
            peak.append(own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, busy = time.perf_counter(), time.process_time()
    action()
    spent, used = time.perf_counter() - start, time.process_time() - busy
    done.set()
    watcher.join()
    return Measured(1_000 * spent, 1_000 * used, max(peak))


def own_memory() -> float:
    """Megabytes that no file stands behind."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1_000


if __name__ == "__main__":
    main()
