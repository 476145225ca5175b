"""Judged items: streamed as in memory, exact where probabilities were given, and small."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import log_softmax, softmax
from sklearn.metrics import brier_score_loss, log_loss

from core.measures import streamed_probs
from core.measures.score_predictions import score_values
from core.measures.streamed_probs import StreamedProbs, probs_of, whole
from core.measures.uncertainty import measure_logits
from core.trust import metrics
from core.trust.answers import detections
from core.trust.calibration import metric_estimates, per_class
from core.trust.evaluation import evaluate, evaluate_predictions
from core.trust.judged import judge, zero_labels
from tests.core.trust.made_study import made_predictions, made_values, top_1
from tests.tolerances import BY_POSITION

SHAPES = [(2, 1, 400), (10, 5, 300), (1_000, 1, 300), (1_000, 5, 60)]
"""Classes, members, items."""


def independent(probs, labels):
    """The metrics in float64, by scikit-learn where it has them."""
    probs = probs / probs.sum(1, keepdims=True)
    confidence, correct = probs.max(1), probs.argmax(1) == labels
    edges = np.linspace(0, 1, 16)
    bins = np.clip(np.digitize(confidence, edges) - 1, 0, 14)
    gaps = [abs((correct - confidence)[bins == b].sum()) for b in range(15)]
    classes = list(range(probs.shape[1]))
    return {
        "accuracy": correct.mean(),
        "nll": log_loss(labels, probs, labels=classes),
        "brier": brier_score_loss(labels, probs, labels=classes, scale_by_half=False),
        "ece": sum(gaps) / len(labels),
        "aurc": metrics.aurc(confidence, correct),
        "num_items": len(labels),
    }


@pytest.mark.parametrize(("num_classes", "num_members", "num_items"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logits_are_evaluated_as_by_scikit_learn_in_float64(
    num_classes, num_members, num_items, dtype
):
    logits, labels = made_values(num_items, num_classes, num_members)
    logits = logits.astype(dtype) + (1_000 if dtype == np.float64 else 0)
    found = evaluate_predictions(made_predictions(logits, labels))
    expected = independent(softmax(logits.astype(np.float64), -1).mean(0), labels)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("num_classes", "num_members", "num_items"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_probabilities_are_evaluated_as_by_scikit_learn_in_float64(
    num_classes, num_members, num_items, dtype
):
    logits, labels = made_values(num_items, num_classes, num_members)
    given = softmax(logits.astype(np.float64), -1).astype(dtype)
    exact = given.astype(np.float64)
    exact /= exact.sum(-1, keepdims=True)
    found = evaluate_predictions(made_predictions(given, labels, "probabilities"))
    assert found == pytest.approx(independent(exact.mean(0), labels), abs=1e-6)


def test_log_probabilities_are_evaluated_as_their_probabilities():
    logits, labels = made_values(400, 7)
    given = log_softmax(logits.astype(np.float64), -1)
    found = evaluate_predictions(made_predictions(given, labels, "log-probabilities"))
    assert found == pytest.approx(independent(np.exp(given[0]), labels), abs=1e-6)


def test_probabilities_of_two_digits_keep_their_ties_and_their_bins():
    rng = np.random.default_rng(0)
    cents = rng.multinomial(100, [0.6, 0.3, 0.1], 600)
    given, labels = cents[None] / 100, rng.integers(0, 3, 600)
    found = evaluate_predictions(made_predictions(given, labels, "probabilities"))
    confidence, correct = cents.max(1) / 100, cents.argmax(1) == labels
    assert len(np.unique(confidence)) < 60
    assert found["aurc"] == pytest.approx(metrics.aurc(confidence, correct), abs=1e-12)
    assert found["ece"] == pytest.approx(metrics.ece(confidence, correct), abs=1e-12)


@pytest.mark.parametrize("is_whole", [False, True])
def test_rounded_probabilities_rank_the_items_alike_in_every_answer(is_whole):
    rng = np.random.default_rng(4)
    probs = rng.dirichlet(np.full(10, 0.3), 5_000).round(2)
    if is_whole:  # rows of a sum of 1 alone
        probs = probs[probs.sum(1).round(9) == 1]
    second, top = np.sort(probs)[:, -2:].T
    probs = probs[top > second]  # so that another order of the classes has the same predictions
    labels = (rng.random((len(probs), 1)) > probs.cumsum(1)).sum(1).clip(0, 9)
    confidence = (probs / probs.sum(1, keepdims=True).round(9)).max(1)
    expected = metrics.aurc(confidence, probs.argmax(1) == labels)
    values = probs[None]
    predictions = replace(
        made_predictions(values, labels, "probabilities"),
        read_scores=lambda: score_values(values, "probabilities", labels),
    )
    judged = judge(predictions)
    assert evaluate(judged)["aurc"] == pytest.approx(expected, abs=1e-12)
    assert detections(judged)["confidence"].aurc.value == pytest.approx(expected, abs=1e-12)
    order = rng.permutation(10)
    turned = made_predictions(values[:, :, order], np.argsort(order)[labels], "probabilities")
    assert evaluate(judge(turned))["aurc"] == pytest.approx(expected, abs=1e-12)


def test_five_votes_of_which_three_agree_are_a_confidence_of_three_fifths():
    votes = np.zeros((5, 4, 3))
    votes[:3, :, 0], votes[3:, :, 2] = 1, 1
    judged = judge(made_predictions(votes, np.zeros(4, int), "votes"))
    assert judged.confidence.tolist() == [3 / 5] * 4
    assert evaluate(judged)["ece"] == pytest.approx(2 / 5)


def test_mutual_information_is_that_of_float64():
    logits, labels = made_values(500, 20, 5)
    judged = judge(made_predictions(logits.astype(np.float64), labels))
    probs = softmax(logits.astype(np.float64), -1)

    def entropy(p):
        return -(p * np.log(p)).sum(-1)

    expected = entropy(probs.mean(0)) - entropy(probs).mean(0)
    assert judged.measures["mutual_information"] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("num_classes", "num_members", "num_items"), SHAPES)
@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_streamed_probabilities_are_those_of_one_pass_bit_for_bit(
    num_classes, num_members, num_items, kind, monkeypatch
):
    logits, labels = made_values(num_items, num_classes, num_members)
    values = logits if kind == "logits" else softmax(logits, -1)
    predictions = made_predictions(values, labels, kind)
    kept = judge(predictions)
    monkeypatch.setattr(streamed_probs, "KEPT_VALUES", 0)
    monkeypatch.setattr("core.measures.probabilities.BLOCK_VALUES", 17 * num_classes)
    streamed = judge(predictions)
    assert isinstance(streamed.probs, StreamedProbs)
    assert len(list(streamed.probs)) > 1
    most = BY_POSITION if kind == "logits" else 0
    assert np.abs(whole(streamed.probs) - whole(kept.probs)).max() <= most
    assert (streamed.prediction == kept.prediction).all()
    for name in ("confidence", "of_label", "squares"):
        assert np.abs(getattr(streamed, name) - getattr(kept, name)).max() <= most


def test_many_values_come_from_numpy_and_differ_by_rounding_alone(monkeypatch):
    logits, labels = made_values(200, 1_000, 2)
    predictions = made_predictions(logits, labels, temperature=1.3)
    compiled = judge(predictions, factor=0.7)
    monkeypatch.setattr(streamed_probs, "COMPILED_VALUES", 0)
    quick = judge(predictions, factor=0.7)
    assert whole(quick.probs) == pytest.approx(whole(compiled.probs), abs=1e-6)
    assert not (whole(quick.probs) == whole(compiled.probs)).all()
    for name, values in compiled.measures.items():
        assert (quick.measures[name] == values).all()


def test_a_factor_divides_the_logits_and_leaves_atypicality_alone():
    logits, labels = made_values(100, 5, 3)
    predictions = made_predictions(logits, labels, temperature=1.5)
    predictions.scores["atypicality"] = np.linspace(0, 1, 100, dtype=np.float32)
    judged = judge(predictions, factor=2.0)
    expected = measure_logits(logits, 3.0)
    assert (whole(judged.probs) == expected["mean_probs"]).all()
    assert (judged.measures["margin"] == expected["margin"]).all()
    assert (judged.measures["atypicality"] == predictions.scores["atypicality"]).all()
    lean = judge(predictions, factor=2.0, declining=False)
    assert (lean.confidence == judged.confidence).all()
    assert set(lean.measures) == {"confidence"}


def test_items_without_a_label_are_left_out_and_other_labels_can_count():
    logits, labels = made_values(50, 4)
    missing = np.where(np.arange(50) % 5 == 0, -1, labels)
    predictions = made_predictions(logits, missing)
    assert judge(predictions).rows.tolist() == np.flatnonzero(missing >= 0).tolist()
    assert judge(predictions, rows=np.array([0, 7, 3])).rows.tolist() == [7, 3]
    other = judge(predictions, labels=np.full(50, 2))
    assert (other.labels == 2).all()
    assert len(other) == 50


def test_some_rows_keep_their_own_numbers():
    logits, labels = made_values(80, 6, 2)
    judged = judge(made_predictions(logits, labels))
    some = judged.only(np.array([70, 3, 41]))
    assert some.rows.tolist() == [3, 41, 70]
    assert (whole(some.probs) == whole(judged.probs)[[3, 41, 70]]).all()
    assert (some.of_label == judged.of_label[[3, 41, 70]]).all()
    assert (some.correct == judged.correct[[3, 41, 70]]).all()


def test_the_order_of_rows_and_of_classes_changes_no_metric():
    logits, labels = made_values(300, 50)
    plain = evaluate_predictions(made_predictions(logits, labels))
    rng = np.random.default_rng(1)
    rows, classes = rng.permutation(300), rng.permutation(50)
    by_row = made_predictions(logits[:, rows], labels[rows])
    assert evaluate_predictions(by_row) == pytest.approx(plain, abs=1e-9 + BY_POSITION)
    renamed = made_predictions(logits[:, :, classes], np.argsort(classes)[labels])
    assert evaluate_predictions(renamed) == pytest.approx(plain, abs=1e-6)


def test_labels_of_probability_zero_are_counted_and_cost_a_finite_nll():
    given = np.array([[[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]])
    predictions = made_predictions(given, np.array([1, 0, 1]), "probabilities")
    judged = judge(predictions)
    assert zero_labels(predictions, judged) == 1
    smallest = np.finfo(np.float32).tiny
    assert evaluate(judged)["nll"] == pytest.approx((np.log(2) - np.log(smallest)) / 3)
    with np.errstate(divide="ignore"):
        logs = made_predictions(np.log(given), np.array([1, 0, 1]), "log-probabilities")
    assert zero_labels(logs, judge(logs)) == 1
    assert zero_labels(made_predictions(given, np.array([1, 0, 1])), judged) == 0


def test_a_label_is_impossible_only_if_every_member_says_so():
    given = np.array([[[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [0.9, 0.1]]])
    predictions = made_predictions(given, np.array([1, 1]), "probabilities")
    assert zero_labels(predictions, judge(predictions)) == 1


def test_confidences_alone_give_accuracy_ece_and_aurc_and_no_more():
    labels, prediction = np.array([0, 1, 2, 1]), np.array([0, 1, 1, 1])
    judged = judge(top_1(labels, prediction, np.array([0.9, 0.8, 0.7, 0.6])))
    assert set(evaluate(judged)) == {"accuracy", "ece", "aurc", "num_items"}
    assert judged.num_classes == 3
    assert np.isnan(metric_estimates(judged)["nll"].value)
    assert per_class(judged).count.tolist() == [1, 3, 0]
    with pytest.raises(ValueError, match="needs the probabilities of all classes"):
        _ = judged.distribution
    with pytest.raises(ValueError, match="has no temperature to change"):
        judge(top_1(labels, prediction, np.ones(4)), factor=2.0)


def test_answers_alone_give_accuracy_and_no_more():
    judged = judge(top_1(np.array([0, 1]), np.array([0, 0]), None))
    assert evaluate(judged) == {"accuracy": 0.5, "num_items": 2}
    with pytest.raises(ValueError, match="needs each answer's confidence"):
        _ = judged.known_confidence


def test_what_is_kept_of_many_classes_is_a_few_numbers_an_item(monkeypatch):
    monkeypatch.setattr(streamed_probs, "KEPT_VALUES", 0)
    logits, labels = made_values(200, 1_000)
    judged = judge(made_predictions(logits, labels))
    arrays = [v for v in vars(judged).values() if isinstance(v, np.ndarray)]
    kept = sum(a.nbytes for a in [*arrays, *judged.measures.values()])
    assert kept <= 100 * len(judged)


def test_rows_in_a_row_are_read_as_those_out_of_order():
    logits, labels = made_values(60, 5)
    predictions = made_predictions(logits, labels)
    rows = np.random.default_rng(0).permutation(60)
    mixed = whole(probs_of(predictions, rows, 1.0))
    straight = whole(probs_of(predictions, np.arange(60), 1.0))
    assert np.abs(mixed - straight[rows]).max() <= BY_POSITION
