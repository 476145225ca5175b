"""What each classifier makes of test digits, of damaged ones, and of what is none: one table."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.corruptions.kind import SEVERITIES
from core.corruptions.kinds import BENCHMARK, KINDS, corrupt
from core.measures.table import build_table
from core.measures.uncertainty import measure_logits
from core.networks.scoring import Advance, scorer_of
from core.stress.foreign import draw_foreign
from core.study.predictions import Predictions
from core.study.study import Answers, Study
from core.study.write_aside import replace_file
from core.trust.intervals import Estimate
from core.trust.several_models import COST, as_rows, judged_metrics, unlike_metrics
from examples.mnist import load_study
from examples.mnist_artifacts import ARTIFACTS, COMPARISON
from examples.mnist_data import load_test

SEED = 30
NUM_UNLIKE = 2_000
TEST, DAMAGED = "The test digits", "The test digits, each damaged in one of fifteen ways"
UNLIKE = {
    "Letters, told from the test digits": "letters",
    "Clothing-like shapes, told from the test digits": "clothes",
}
"""Pictures that belong to no class -> where they come from."""
TRAINING_MINUTES = {"ensemble": 52.0, "article": 0.6, "bayesian": 4.8}
"""Processor minutes of each training as it ran for the model card, once."""


class Items(NamedTuple):
    """A set of images, with labels where they are digits."""

    images: np.ndarray
    labels: np.ndarray | None


def compare_three_ways(advance: Advance = lambda done, total: None) -> pd.DataFrame:
    """Judge every classifier that ships on every set, and write the table the pages show.

    Args:
        advance: Told of each set that a classifier has judged, and how many there are.
    """
    study, sets = load_study(), draw_sets()
    rows: list[pd.DataFrame] = []
    for name in study.models:
        rows += _rows_of(study, name, sets, lambda: advance(1, len(sets) * len(study.models)))
    table = pd.concat(rows, ignore_index=True)
    replace_file(COMPARISON, table.to_csv(index=False, float_format="%.6g").encode())
    return table


def draw_sets() -> dict[str, Items]:
    """The test digits; each damaged in one of fifteen ways; letters; clothing. Set by `SEED`."""
    images, labels = load_test()
    kinds = np.random.default_rng(SEED).permutation(np.arange(len(images)) % len(BENCHMARK))
    damaged = images.copy()
    for number, kind in enumerate(BENCHMARK):
        rows, severity = kinds == number, KINDS[kind].published
        damaged[rows] = corrupt(images[rows], kind, severity or max(SEVERITIES), SEED)
    foreign = {
        name: Items(draw_foreign(source, NUM_UNLIKE, images.shape[1:], images, SEED), None)
        for name, source in UNLIKE.items()
    }
    return {TEST: Items(images, labels), DAMAGED: Items(damaged, labels)} | foreign


def _rows_of(
    study: Study, name: str, sets: dict[str, Items], done: Callable[[], None]
) -> list[pd.DataFrame]:
    """One classifier's rows, those of what it costs last."""
    scorer, rows = scorer_of(study, name), []
    begun = time.process_time()
    judged = {key: scorer.predict(items.images) for key, items in sets.items()}
    num_images = sum(len(items.images) for items in sets.values())
    seconds = (time.process_time() - begun) * 10_000 / num_images
    tables = {key: table_of(study, name, sets[key], judged[key]) for key in sets}
    for key, items in sets.items():
        found = tables[key]
        if items.labels is None:
            metrics = unlike_metrics(tables[TEST].scores, found.scores, found.num_members)
        else:
            metrics = judged_metrics(found)
        rows.append(as_rows(name, key, metrics))
        done()
    return [*rows, as_rows(name, COST, _costs(name, seconds))]


def table_of(study: Study, name: str, items: Items, answers: Answers) -> Predictions:
    """A classifier's answers on new images, as a study would hold them."""
    model = study.models[name]
    measures = measure_logits(answers.logits, model.temperature, items.labels)
    if answers.atypicality is not None:
        measures["atypicality"] = answers.atypicality
    scores = build_table(measures, items.labels)
    return Predictions(
        name=name,
        title=model.title,
        kind="logits",
        num_members=model.num_members,
        temperature=model.temperature,
        read_values=lambda: answers.logits,
        read_scores=lambda: scores,
        out_of_sample=True,
    )


def _costs(name: str, seconds: float) -> dict[str, Estimate]:
    folder = ARTIFACTS / name
    kept = sum(path.stat().st_size for path in (folder / "model.tflite", folder / "atypicality.npz")
               if path.exists())  # fmt: skip
    costs = {
        "training_minutes": TRAINING_MINUTES[name],
        "megabytes": kept / 1e6,
        "seconds_per_10000": seconds,
    }
    return {key: Estimate(value, float("nan"), float("nan")) for key, value in costs.items()}
