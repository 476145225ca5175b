from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core.corruptions.kinds import BENCHMARK, KINDS, UNTRAINED, corrupt
from core.stress.cells import CLEAN, cell, summarise
from core.stress.subject import SEED, subject_of
from core.stress.summary import at_published, corruption_errors, mean_corruption_error
from core.trust.metrics import ece, nll
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts


@pytest.fixture(scope="module")
def subject():
    return subject_of(load_study(), "ensemble", sample=200)


@pytest.fixture(scope="module")
def sheared(subject):
    """Probabilities (200, 10) and labels, by the network itself."""
    images = np.stack([subject.dataset.images.image(int(row)) for row in subject.rows])
    damaged = corrupt(images, "shear", 2, (SEED, 0))
    logits = load_artifacts("ensemble").network.predict_logits(damaged) / subject.scorer.temperature
    probs = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    return probs.mean(0), subject.dataset.labels[subject.rows]


def test_a_cell_holds_the_metrics_of_the_damaged_images(subject, sheared):
    probs, labels = sheared
    found = cell(subject, "shear", 2)
    correct, confidence = probs.argmax(1) == labels, probs.max(1)
    assert found["num_items"] == 200
    assert found["accuracy"] == pytest.approx(correct.mean())
    assert found["nll"] == pytest.approx(nll(probs, labels), rel=1e-3)
    assert found["ece"] == pytest.approx(ece(confidence, correct), abs=1e-4)
    assert found["confidence"] == pytest.approx(confidence.mean(), abs=1e-5)
    referred = confidence < subject.rule.threshold
    assert found["referred"] == pytest.approx(referred.mean(), abs=1 / 200)
    for name in ("accuracy", "nll", "confidence", "referred", "atypicality"):
        assert found[f"{name}_low"] <= found[name] <= found[f"{name}_high"]


def test_the_rule_refers_one_in_twenty_of_the_held_out_items(subject):
    held_out = subject.study.held_out["ensemble"].scores
    assert subject.rule.column == "confidence"
    assert subject.rule.refers(held_out).mean() == pytest.approx(0.05, abs=0.001)


def test_the_clean_cell_is_the_score_table(subject):
    found, scores = cell(subject, CLEAN, 0), subject.study.models["ensemble"].scores
    kept = scores.loc[subject.rows]
    assert found["accuracy"] == kept["correct"].mean()
    assert found["predictive_entropy"] == pytest.approx(kept["predictive_entropy"].mean(), rel=1e-2)


def test_a_probability_of_nothing_costs_a_finite_surprise():
    some = {"correct": [True, False], "confidence": [1.0, 1.0], "referred": [False, True]}
    found = summarise(pd.DataFrame(some | {"log_likelihood": [0.0, -np.inf]}))
    assert found["accuracy"] == found["referred"] == 0.5
    assert found["nll"] == pytest.approx(-np.log(np.finfo(np.float32).tiny) / 2)


def table_of_accuracies(accuracy):
    return pd.DataFrame(
        [{"kind": CLEAN, "severity": 0, "accuracy": 1.0}]
        + [
            {"kind": kind, "severity": severity, "accuracy": accuracy(number, severity)}
            for number, kind in enumerate(BENCHMARK)
            for severity in range(1, 6)
        ]
    )


def test_the_mean_corruption_error_is_the_mean_over_kinds_of_the_mean_over_severities():
    table = table_of_accuracies(lambda kind, severity: 1 - kind * severity / 1000)
    errors = corruption_errors(table)
    assert errors[BENCHMARK[4]] == pytest.approx(4 * 3 / 1000)  # severities 1 to 5 have mean 3
    assert mean_corruption_error(table) == pytest.approx(7 * 3 / 1000)  # kinds 0 to 14 have mean 7
    twice = table_of_accuracies(lambda kind, severity: 1 - kind * severity / 500)
    assert mean_corruption_error(twice, table) == pytest.approx(2)
    assert mean_corruption_error(table, table) == pytest.approx(1)


def test_in_short_it_is_made_of_the_cells_at_the_published_severities():
    rows = [
        {"kind": kind, "severity": severity, "accuracy": 1 - number / 100 - severity / 1000,
         "confidence": 0.5, "ece": 0.1}
        for number, kind in enumerate(BENCHMARK)
        for severity in range(1, 6)
    ]  # fmt: skip
    found = at_published(rows)
    expected = {k: n / 100 + KINDS[k].published / 1000 for n, k in enumerate(BENCHMARK)}
    errors = {kind: row["error"] for kind, row in found["kinds"].items()}
    assert errors == pytest.approx(expected)
    assert found["mean_error"] == pytest.approx(np.mean(list(expected.values())))
    assert found["worst_error"] == pytest.approx(max(expected.values()))
    untrained = [expected[kind] for kind in UNTRAINED]
    assert found["untrained_mean_error"] == pytest.approx(np.mean(untrained))


def test_a_study_without_labels_network_or_pictures_is_refused_in_a_sentence():
    study = load_study()
    with pytest.raises(ValueError, match="no pictures to damage"):
        subject_of(replace(study, dataset=replace(study.dataset, images=None)), "article")
    with pytest.raises(ValueError, match="came as a file of predictions"):
        subject_of(replace(study, networks={}), "article")
    unlabelled = replace(study, dataset=replace(study.dataset, labels=None), held_out={})
    with pytest.raises(ValueError, match="has a label"):
        subject_of(unlabelled, "article")
