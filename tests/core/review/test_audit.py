import numpy as np
import pandas as pd
import pytest

from core.review.audit import (
    load_audit,
    neighbour,
    next_unsettled,
    part_of,
    place_of,
    progress,
    queue,
)
from core.review.label_quality import rank_predictions
from examples.mnist import load_study
from examples.mnist_artifacts import load_artifacts
from examples.mnist_data import data_hash, load_test


@pytest.fixture(scope="module")
def audit():
    return load_audit(load_study(), "article")


def decided(*rows):
    frame = pd.DataFrame(rows, columns=["index", "decision"])
    return frame.astype({"index": "int64"}).set_index("index")


def test_every_test_digit_is_ranked_once_with_its_own_label(audit):
    images, labels = load_test()
    assert sorted(audit.ranking.index) == list(range(len(images)))
    assert (audit.ranking.sort_index()["label"] == labels).all()
    assert audit.data_hash == data_hash(images, labels)
    assert audit.ranking["log_odds"].is_monotonic_increasing


def test_suggestions_are_the_score_tables_predictions(audit):
    scores = load_artifacts("article").scores
    assert (audit.ranking.sort_index()["suggestion"] == scores["prediction"]).all()


def test_labels_that_were_changed_come_first():
    classifier, audit = load_artifacts("article"), load_audit(load_study(), "article")
    sure = np.flatnonzero(classifier.scores["correct"] & (classifier.scores["confidence"] > 0.9999))
    changed = np.random.default_rng(0).choice(sure, 20, replace=False)
    labels = audit.labels.copy()
    labels[changed] = (labels[changed] + 1) % 10
    ranking = rank_predictions(audit.model, labels, np.arange(len(labels)))
    assert ranking.index[:60].isin(changed).sum() == 20


def test_the_queue_leaves_out_what_is_settled_and_ends_with_what_was_skipped(audit):
    first = audit.ranking.index[:4]
    left = queue(audit.ranking, decided((first[0], "keep"), (first[1], "skip")))
    assert left[:2].tolist() == first[2:].tolist()
    assert left[-1] == first[1]
    assert len(left) == len(audit.ranking) - 1


def test_progress_counts_what_was_settled_and_not_what_was_skipped(audit):
    ranked = audit.ranking.index
    decisions = [*["relabel"] * 3, "none of these", *["unclear"] * 2, "skip", *["keep"] * 12]
    found = progress(audit.ranking, decided(*zip(ranked, decisions, strict=False)))
    assert (found.settled, found.relabelled, found.strange, found.unclear) == (18, 3, 1, 2)
    assert found.remaining.low <= found.remaining.expected <= found.remaining.high


def test_the_ranking_is_walked_to_and_fro_and_past_what_is_decided(audit):
    ranked = audit.ranking.index.tolist()
    assert place_of(audit.ranking, ranked[7]) == 7
    assert neighbour(audit.ranking, ranked[7], 1) == ranked[8]
    assert neighbour(audit.ranking, ranked[0], -1) == ranked[-1]
    current = decided((ranked[1], "keep"), (ranked[2], "skip"))
    assert next_unsettled(audit.ranking, current, ranked[0]) == ranked[3]
    assert next_unsettled(audit.ranking, current, ranked[-1]) is None


def test_before_the_first_decision_nothing_is_claimed(audit):
    found = progress(audit.ranking, decided())
    assert (found.settled, found.relabelled, found.strange, found.unclear) == (0, 0, 0, 0)
    assert found.remaining is None


def test_training_labels_are_ranked_by_networks_that_have_not_seen_them():
    classifier = load_artifacts("ensemble")
    audit = load_audit(part_of(load_study(), "train"), "ensemble", with_cleanlab=False)
    assert sorted(audit.ranking.index) == list(range(len(audit.labels)))
    agreed = (audit.ranking["label"] == audit.ranking["suggestion"]).mean()
    # A network scored on images it was fitted on would agree with nearly all of their labels.
    assert 0.98 < agreed < 0.999
    assert audit.data_hash == classifier.card["train_hash"]


def test_an_unknown_part_and_a_model_that_it_lacks_say_so():
    with pytest.raises(ValueError, match="test or train"):
        part_of(load_study(), "validation")
    assert part_of(load_study(), "test") is load_study()
    with pytest.raises(ValueError, match=r"no model 'article'; there is ensemble"):
        load_audit(part_of(load_study(), "train"), "article")
